//! What stands on a sheet of paper, before anybody knows whether it is a page or a PDF.

use crate::measure::Time;

/// A document of one or more A4 pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is called, e.g. 使用维修资金的决议.
    pub title: String,
    /// Its number, e.g. `WX-2026-003`; empty when it has none.
    pub number: String,
    /// The community's name.
    pub community: String,
    /// One line under the title, e.g. the period; may be empty.
    pub subtitle: String,
    /// What is in it, from top to bottom.
    pub blocks: Vec<Block>,
    /// Who signs by hand, e.g. 业主大会（章）; empty for a document that nobody signs on paper.
    pub sign_lines: Vec<String>,
    /// The path of the live record, e.g. `/c/xianghe/fund/uses/…`: where its QR code leads.
    pub address: String,
    /// The event that proves it unchanged, when there is one.
    pub proof: Option<Proof>,
    /// When it was made.
    pub made_at: Time,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// Names and values, one under the other.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
}

/// A table of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<String>>,
    /// The last line, in bold; empty for none.
    pub total: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it is called.
    pub label: String,
    /// Whether it holds numbers, which stand at the right.
    pub numeric: bool,
    /// Its share of the width beside the others, from 1.
    pub share: u16,
}

impl Column {
    /// A column of words.
    pub fn words(label: &str, share: u16) -> Self {
        Self { label: label.to_owned(), numeric: false, share }
    }

    /// A column of numbers.
    pub fn number(label: &str, share: u16) -> Self {
        Self { label: label.to_owned(), numeric: true, share }
    }
}

/// The event that a document rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Its place in the community's chain, from 1.
    pub seq: i64,
    /// Its hash: 64 lower-case hexadecimal digits.
    pub hash: String,
}
