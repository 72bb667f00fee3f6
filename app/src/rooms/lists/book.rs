//! Tables as XLSX files.

use crate::context::internal;
use crate::error::AppError;
use rust_xlsxwriter::Workbook;

/// One sheet with a line for each of `rows`, the first being the heading. Every cell is written as text, so that nothing
/// in it begins a formula.
///
/// # Errors
/// [`AppError::Internal`] where a sheet has no room for it (1,048,576 lines, 16,384 columns, 32,767 characters a cell).
pub fn write<R, C>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, AppError>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (line, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            page.write_string(line, column, cell.as_ref()).map_err(internal)?;
        }
    }
    book.save_to_buffer().map_err(internal)
}
