//! Reading.

use std::io::Cursor;
use std::panic::{UnwindSafe, catch_unwind};

use calamine::{Reader, Xlsx};
use connect_model::{BillingRow, UsageSheet};

use crate::error::SheetError;
use crate::row::{RecordError, Row};
use crate::table::{rows, unreadable};
use crate::{CATEGORIES, LARGEST, MOST_RECORDS, RECORDS, unpacked};

/// The most categories.
const MOST_CATEGORIES: usize = 10_000;

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads the sheet of a usage file from a workbook: the tab `records` (or `usage_records`, or the
/// first one there is) and, where there is one, the tab `categories`.
///
/// # Errors
///
/// When it is no workbook, larger than is read, lacks a column, or has no record.
pub fn read(workbook: &[u8]) -> Result<UsageSheet, SheetError> {
    unbroken(|| {
        let mut workbook = open(workbook)?;
        let records = records(&mut workbook)?;
        let categories = tab_called(&workbook, CATEGORIES);
        let categories =
            categories.map(|tab| rows(&mut workbook, &tab, MOST_CATEGORIES)).transpose()?;
        Ok(UsageSheet { records, categories: categories.unwrap_or_default() })
    })
}

/// Reads the sheet that closes records: the same with the columns `external_billing_id` and
/// `external_billing_note`.
///
/// # Errors
///
/// As [`read`].
pub fn read_bills(workbook: &[u8]) -> Result<Vec<BillingRow>, SheetError> {
    unbroken(|| records(&mut open(workbook)?))
}

/// Reads the wrong records of a processed workbook, in their order; none of one whose records are
/// all right.
///
/// # Errors
///
/// As [`read`].
pub fn read_errors(workbook: &[u8]) -> Result<Vec<RecordError>, SheetError> {
    let mut all: Vec<RecordError> = unbroken(|| records(&mut open(workbook)?))?;
    all.retain(|record| !record.error.is_empty());
    Ok(all)
}

/// Refuses a workbook that makes calamine panic, as some numbers of cells and dates do where overflow is
/// checked.
fn unbroken<T>(read: impl FnOnce() -> Result<T, SheetError> + UnwindSafe) -> Result<T, SheetError> {
    let broken = |_| Err(SheetError::NotAWorkbook("calamine cannot read it".into()));
    catch_unwind(read).unwrap_or_else(broken)
}

fn open(workbook: &[u8]) -> Result<Workbook<'_>, SheetError> {
    if workbook.len() > LARGEST {
        return Err(SheetError::TooLarge { most: LARGEST });
    }
    unpacked::check(workbook)?;
    Xlsx::new(Cursor::new(workbook)).map_err(unreadable)
}

fn records<R: Row>(workbook: &mut Workbook<'_>) -> Result<Vec<R>, SheetError> {
    let called = RECORDS.iter().find_map(|name| tab_called(workbook, name));
    let tab = called.or_else(|| workbook.sheet_names().first().cloned()).unwrap_or_default();
    let rows = rows(workbook, &tab, MOST_RECORDS)?;
    if rows.is_empty() { Err(SheetError::Empty { tab }) } else { Ok(rows) }
}

fn tab_called(workbook: &Workbook<'_>, name: &str) -> Option<String> {
    workbook.sheet_names().into_iter().find(|tab| tab.trim().eq_ignore_ascii_case(name))
}
