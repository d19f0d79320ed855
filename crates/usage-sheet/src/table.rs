//! One tab as a table: a row with the names of the columns, and rows below it.

use std::collections::HashMap;
use std::io::{Read, Seek};

use calamine::{DataRef, Xlsx, XlsxError};

use crate::error::SheetError;
use crate::row::Row;

/// The columns of a table by their place.
type Columns = HashMap<u32, String>;

/// Reads the rows of a tab, at most so many. Rows without any text are not there.
pub(crate) fn rows<R: Row, S: Read + Seek>(
    workbook: &mut Xlsx<S>,
    tab: &str,
    most: usize,
) -> Result<Vec<R>, SheetError> {
    let mut cells = workbook.worksheet_cells_reader(tab).map_err(unreadable)?;
    let mut rows: Vec<R> = Vec::new();
    let mut columns = Columns::new();
    let (mut head, mut at) = (None, None);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (line, place) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if *head.get_or_insert(line) == line {
            name(&mut columns, place, &text, tab)?;
            continue;
        }
        let Some(column) = columns.get(&place).filter(|column| R::has(column)) else { continue };
        if at.replace(line) != Some(line) {
            if rows.len() == most {
                return Err(SheetError::TooManyRows { tab: tab.to_owned(), most });
            }
            rows.push(R::default());
        }
        if let Some(row) = rows.last_mut() {
            row.put(column, text);
        }
    }
    let is_there = |needed: &&&str| columns.values().any(|column| column == **needed);
    match R::NEEDED.iter().find(|needed| !is_there(needed)) {
        Some(column) => Err(SheetError::ColumnMissing { tab: tab.to_owned(), column }),
        None => Ok(rows),
    }
}

/// Notes the name of a column. People write capitals, spaces and a star for what is required.
fn name(columns: &mut Columns, place: u32, text: &str, tab: &str) -> Result<(), SheetError> {
    let name = text.trim().trim_end_matches('*').trim_end().to_ascii_lowercase();
    if columns.values().any(|other| *other == name) {
        return Err(SheetError::ColumnDoubled { tab: tab.to_owned(), column: name });
    }
    columns.insert(place, name);
    Ok(())
}

/// Returns the text of a cell. A formula is its last result; dates are written as the platform does.
fn text(value: &DataRef<'_>) -> Box<str> {
    let trimmed = |text: &str| text.trim().into();
    match value {
        DataRef::Empty => Box::default(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            trimmed(text)
        }
        DataRef::SharedString(text) => trimmed(text),
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => number.to_string().into(),
        DataRef::Bool(flag) => flag.to_string().into(),
        DataRef::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").into()
        }
        DataRef::Error(error) => error.to_string().into(),
    }
}

pub(crate) fn unreadable(error: XlsxError) -> SheetError {
    SheetError::NotAWorkbook(Box::new(error))
}
