//! What is wrong in an uploaded list.

use crate::error::AppError;
use crate::i18n::Lang;
use serde::{Deserialize, Serialize};

/// Something wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The line in the file, from 1.
    pub line: usize,
    /// The column as it is headed; empty where it is the whole line.
    pub column: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

impl Fault {
    /// A fault.
    pub fn new(line: usize, column: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { line, column: column.into(), zh: zh.into(), en: en.into() }
    }

    /// What a room refuses about a line: each field under the column that `heading` names for it, and what has no field
    /// under that of no field at all.
    pub fn of(line: usize, error: AppError, heading: impl Fn(&str) -> &'static str) -> Vec<Self> {
        match error {
            AppError::Invalid(fields) => fields.into_iter().map(|f| Self::new(line, heading(&f.field), f.zh, f.en)).collect(),
            other => vec![Self::new(line, heading(""), other.sentence(Lang::Zh), other.sentence(Lang::En))],
        }
    }

    /// Why, in the reader's language.
    pub fn why(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
}

/// Only a list without a fault is written.
///
/// # Errors
/// [`AppError::Closed`] where something is wrong.
pub fn faultless(faults: &[Fault]) -> Result<(), AppError> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(AppError::closed("表里还有问题，请改好再传一次。", "The list has faults: mend them and upload it again."))
}
