//! The mutation that writes a roster.

use crate::ids::ImportId;
use serde::{Deserialize, Serialize};

/// Writes a roster that was uploaded and looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmImport {
    /// The upload.
    pub import: ImportId,
}
