//! Sheets of usage files as spreadsheets: read within limits, and written.
//!
//! Tabs and columns are found by their names, in any order, as the platform does. What is read is the
//! text of the cells; whether it is right, the platform says record by record.
//!
//! ```
//! use connect_model::{UsageRow, UsageSheet};
//!
//! let row = UsageRow::new("may-1")
//!     .item("MPN-C")
//!     .asset("AS-1000-2000-3000")
//!     .quantity("12.5")
//!     .between("2024-05-01 00:00:00", "2024-06-01 00:00:00");
//! let sheet = UsageSheet { records: vec![row], ..UsageSheet::default() };
//! let workbook = usage_sheet::write(&sheet)?;
//! assert_eq!(usage_sheet::read(&workbook)?, sheet);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod read;
mod row;
mod table;
mod unpacked;
mod write;

pub use error::{SheetError, WriteError};
pub use read::{read, read_bills, read_errors};
pub use row::RecordError;
pub use write::{Processed, write, write_bills, write_processed, write_template};

/// The largest workbook that is read, in bytes: the platform's own limit.
pub const LARGEST: usize = 50 * 1024 * 1024;

/// The most records that a sheet has.
pub const MOST_RECORDS: usize = 250_000;

/// The media type of the workbooks.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The names of the tabs with records: today's, and that of old tools.
const RECORDS: [&str; 2] = ["records", "usage_records"];
const CATEGORIES: &str = "categories";
const GENERAL: &str = "general";
