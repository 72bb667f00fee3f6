//! The sheet as a file: out as XLSX, in as XLSX or CSV.

use super::listing;
use super::template::Template;
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::rosters::sheet;
use rust_xlsxwriter::Workbook;

/// The sheet as an XLSX file. Everything in it is text, so that nothing begins a formula.
///
/// # Errors
/// [`AppError::Internal`].
pub fn export(template: &Template) -> Result<Vec<u8>, AppError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (row, cells) in (0u32..).zip(listing::write(template)) {
        for (column, cell) in (0u16..).zip(cells) {
            page.write_string(row, column, cell).map_err(internal)?;
        }
    }
    book.save_to_buffer().map_err(internal)
}

/// Reads a file that somebody changed; see [`listing::read`].
///
/// # Errors
/// [`AppError::Invalid`] on `file`.
pub fn import(bytes: &[u8], name: &str, base: &Template) -> Result<Template, AppError> {
    listing::read(&sheet::read(bytes)?, name, base)
}
