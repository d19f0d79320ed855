//! Writing. All cells are text, because a number would lose what it was written as.

use connect_model::{BillingRow, UsageCellError, UsageRow, UsageSheet};
use rust_xlsxwriter::{Color, Format, Workbook, Worksheet};

use crate::error::WriteError;
use crate::{CATEGORIES, GENERAL, MOST_RECORDS, RECORDS};

/// The column of a processed sheet with what is wrong with a record.
pub(crate) const ERROR: &str = "error_detail";
/// The colour of a wrong cell.
const RED: Color = Color::RGB(0x00FF_C7CE);

/// A sheet that the platform has looked at.
#[derive(Clone, Copy, Debug)]
pub struct Processed<'a> {
    /// The sheet.
    pub sheet: &'a UsageSheet,
    /// The attributes of the report: names and values.
    pub general: &'a [(&'a str, String)],
    /// The errors, in the order of the records.
    pub errors: &'a [UsageCellError],
}

/// Writes the sheet of a usage file as a workbook.
///
/// # Errors
///
/// When there are more records than a sheet has, or a text is longer than a cell.
pub fn write(sheet: &UsageSheet) -> Result<Vec<u8>, WriteError> {
    write_processed(&Processed { sheet, general: &[], errors: &[] })
}

/// Writes a workbook without records, to be filled in.
///
/// # Errors
///
/// Not because of anything that is given.
pub fn write_template(general: &[(&str, String)]) -> Result<Vec<u8>, WriteError> {
    write_processed(&Processed { sheet: &UsageSheet::default(), general, errors: &[] })
}

/// Writes a sheet with the attributes of its report, and its errors beside the records; wrong cells
/// are red.
///
/// # Errors
///
/// As [`write`](fn@write).
pub fn write_processed(processed: &Processed<'_>) -> Result<Vec<u8>, WriteError> {
    let given = processed.sheet.records.len();
    if given > MOST_RECORDS {
        return Err(WriteError::TooManyRecords { given, most: MOST_RECORDS });
    }
    let mut workbook = Workbook::new();
    if !processed.general.is_empty() {
        general(tab(&mut workbook, GENERAL)?, processed.general)?;
    }
    categories(tab(&mut workbook, CATEGORIES)?, processed.sheet)?;
    records(tab(&mut workbook, RECORDS[0])?, processed)?;
    Ok(workbook.save_to_buffer()?)
}

/// Writes the sheet that closes records.
///
/// # Errors
///
/// As [`write`](fn@write).
pub fn write_bills(rows: &[BillingRow]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let tab = tab(&mut workbook, RECORDS[0])?;
    head(tab, ["record_id", "external_billing_id", "external_billing_note"])?;
    for (line, row) in (1..).zip(rows) {
        let cells = [&row.record_id, &row.external_billing_id, &row.external_billing_note];
        texts(tab, line, cells.map(|cell| &**cell))?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Adds a tab whose rows wait on the disk, and not in memory.
fn tab<'w>(workbook: &'w mut Workbook, name: &str) -> Result<&'w mut Worksheet, WriteError> {
    Ok(workbook.add_worksheet_with_low_memory()?.set_name(name)?)
}

fn general(tab: &mut Worksheet, attributes: &[(&str, String)]) -> Result<(), WriteError> {
    head(tab, ["#", "attribute", "value"])?;
    for (line, (name, value)) in (1..).zip(attributes) {
        texts(tab, line, [line.to_string().as_str(), name, value])?;
    }
    Ok(())
}

fn categories(tab: &mut Worksheet, sheet: &UsageSheet) -> Result<(), WriteError> {
    head(tab, ["category_id", "category_name", "category_description"])?;
    for (line, category) in (1..).zip(&sheet.categories) {
        texts(tab, line, [&*category.id, &category.name, &category.description])?;
    }
    Ok(())
}

fn records(tab: &mut Worksheet, processed: &Processed<'_>) -> Result<(), WriteError> {
    let records = &processed.sheet.records;
    let params = param_names(records);
    let own = params.iter().map(|name| format!("v.{name}"));
    let names: Vec<_> =
        UsageRow::COLUMNS.iter().map(|name| (*name).to_owned()).chain(own).collect();
    let is_marked = !processed.errors.is_empty();
    head(tab, names.iter().map(String::as_str).chain(is_marked.then_some(ERROR)))?;
    let mut errors = processed.errors;
    for (place, row) in records.iter().enumerate() {
        let param = |name: &&str| {
            let found = row.params.iter().find(|(held, _)| **held == **name);
            found.map_or("", |(_, value)| value)
        };
        let line = place as u32 + 1;
        let cells = row.cells().into_iter().chain(params.iter().map(param));
        let (here, rest) = errors.split_at(errors.partition_point(|error| error.record <= place));
        errors = rest;
        match here {
            [] => texts(tab, line, cells)?,
            _ => wrong(tab, line, names.iter().map(String::as_str).zip(cells), here)?,
        }
    }
    Ok(())
}

/// Returns the names of the columns of the vendor's own, each once.
fn param_names(records: &[UsageRow]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in records.iter().flat_map(|row| &row.params) {
        if !names.contains(&&**name) {
            names.push(name);
        }
    }
    names
}

/// Writes a record whose wrong cells are marked, and behind it what is wrong.
fn wrong<'c>(
    tab: &mut Worksheet,
    line: u32,
    cells: impl Iterator<Item = (&'c str, &'c str)>,
    errors: &[UsageCellError],
) -> Result<(), WriteError> {
    let (red, plain) = (Format::new().set_background_color(RED), Format::new());
    let mut end = 0;
    for (column, (name, text)) in (0..).zip(cells) {
        let is_wrong = errors.iter().any(|error| *error.column == *name);
        let format = if is_wrong { &red } else { &plain };
        tab.write_string_with_format(line, column, text, format)?;
        end = column + 1;
    }
    let said: Vec<_> =
        errors.iter().map(|error| format!("{}: {}", error.column, error.message)).collect();
    tab.write_string(line, end, said.join(" "))?;
    Ok(())
}

fn head<'n>(
    tab: &mut Worksheet,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<(), WriteError> {
    texts(tab, 0, names)
}

fn texts<'t>(
    tab: &mut Worksheet,
    line: u32,
    cells: impl IntoIterator<Item = &'t str>,
) -> Result<(), WriteError> {
    for (column, text) in (0..).zip(cells) {
        if !text.is_empty() {
            tab.write_string(line, column, text)?;
        }
    }
    Ok(())
}
