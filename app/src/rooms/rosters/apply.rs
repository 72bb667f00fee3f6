//! stub
use super::wire::ConfirmImport;
use crate::apply::{Done, Work};
use crate::error::AppError;
/// stub
pub async fn confirm(_work: &Work<'_>, _m: &ConfirmImport) -> Result<Done, AppError> {
    Err(AppError::NotFound)
}
