//! The sheet as a file: out as XLSX, in as XLSX or CSV.

use super::listing;
use super::template::Template;
use crate::error::AppError;
use crate::rooms::lists::book;
use crate::rooms::rosters::sheet;

/// The sheet as an XLSX file. Everything in it is text, so that nothing begins a formula.
///
/// # Errors
/// [`AppError::Internal`].
pub fn export(template: &Template) -> Result<Vec<u8>, AppError> {
    book::write(listing::write(template))
}

/// Reads a file that somebody changed; see [`listing::read`].
///
/// # Errors
/// [`AppError::Invalid`] on `file`.
pub fn import(bytes: &[u8], name: &str, base: &Template) -> Result<Template, AppError> {
    listing::read(&sheet::read(bytes)?, name, base)
}
