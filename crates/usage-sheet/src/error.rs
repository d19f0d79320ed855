//! The errors of reading and writing.

/// A workbook is not a sheet of usage.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// It is larger than is read.
    #[error("The file is larger than {} MB.", .most / (1024 * 1024))]
    TooLarge {
        /// The limit, in bytes.
        most: usize,
    },
    /// Its parts are larger than is read.
    #[error("The file is larger than {} MB when it is unpacked.", .most / (1024 * 1024))]
    TooLargeUnpacked {
        /// The limit, in bytes.
        most: u64,
    },
    /// It is no workbook.
    #[error("The file is not an Excel workbook (.xlsx).")]
    NotAWorkbook(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A tab has no column that it needs.
    #[error("Tab {tab} has no column {column}.")]
    ColumnMissing {
        /// The tab.
        tab: String,
        /// The column.
        column: &'static str,
    },
    /// A tab has a column twice.
    #[error("Tab {tab} has column {column} twice.")]
    ColumnDoubled {
        /// The tab.
        tab: String,
        /// The column.
        column: String,
    },
    /// A tab has more rows than are read.
    #[error("Tab {tab} has more than {most} rows: report in several files.")]
    TooManyRows {
        /// The tab.
        tab: String,
        /// The limit.
        most: usize,
    },
    /// There is no record.
    #[error("Tab {tab} has no records.")]
    Empty {
        /// The tab.
        tab: String,
    },
}

/// A workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// More records than a sheet has.
    #[error("{given} records are more than the {most} that a sheet has: report in several files")]
    TooManyRecords {
        /// How many there are.
        given: usize,
        /// The limit.
        most: usize,
    },
    /// The library for workbooks refused, such as a text longer than a cell.
    #[error("cannot write the workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
