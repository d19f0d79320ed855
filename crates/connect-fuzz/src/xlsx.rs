//! Workbooks with sheets of usage.

use std::io::{Cursor, Write};
use std::panic;

use connect_model::UsageSheet;
use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

/// Before the name of a part, in an input that is text.
const PART: &str = "--- ";

/// The parts of a workbook with the tabs `records` and `categories`, for inputs that do not bring them.
const PARTS: [(&str, &str); 4] = [
    ("[Content_Types].xml", include_str!("xlsx/content_types.xml")),
    ("_rels/.rels", include_str!("xlsx/rels.xml")),
    ("xl/workbook.xml", include_str!("xlsx/workbook.xml")),
    ("xl/_rels/workbook.xml.rels", include_str!("xlsx/workbook_rels.xml")),
];

/// Lets panics of calamine pass that the panic hook of libFuzzer would end the process for: `usage_sheet`
/// takes them for a refusal.
pub fn let_calamine_panic() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.location().is_none_or(|place| !place.file().contains("/calamine-")) {
            hook(panic);
        }
    }));
}

/// Reads a workbook as a sheet of usage and as one of bills. A sheet that is read and can be written is read
/// again the same.
///
/// The input is a workbook, or the text of parts of one, each after a line `--- name`: checksums and
/// compression would hide them from who changes bytes by chance.
///
/// # Panics
///
/// When it is read otherwise.
pub fn check(input: &[u8]) {
    let Some(workbook) = workbook(input) else { return };
    if let Ok(sheet) = usage_sheet::read(&workbook)
        && let Ok(written) = usage_sheet::write(&sheet)
    {
        let again = usage_sheet::read(&written).map(ordered).map_err(|error| error.to_string());
        assert_eq!(again, Ok(ordered(sheet)));
    }
    if let Ok(bills) = usage_sheet::read_bills(&workbook)
        && let Ok(written) = usage_sheet::write_bills(&bills)
    {
        let again = usage_sheet::read_bills(&written).map_err(|error| error.to_string());
        assert_eq!(again, Ok(bills));
    }
}

/// Returns the sheet with each row's columns of the vendor's own in one order: a workbook has them in the
/// order of the first rows that have them.
fn ordered(mut sheet: UsageSheet) -> UsageSheet {
    sheet.records.iter_mut().for_each(|row| row.params.sort());
    sheet
}

/// Returns the workbook that an input is or describes.
fn workbook(input: &[u8]) -> Option<Vec<u8>> {
    if input.starts_with(b"PK") {
        return Some(input.to_vec());
    }
    let text = str::from_utf8(input).ok()?;
    let parts = text.strip_prefix(PART)?.split("\n--- ");
    packed(parts.map(|part| part.split_once('\n').unwrap_or((part, "")))).ok()
}

fn packed<'t>(given: impl Iterator<Item = (&'t str, &'t str)>) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = Vec::new();
    for (name, part) in given {
        archive.start_file(name, options)?;
        archive.write_all(part.as_bytes())?;
        names.push(name);
    }
    for (name, part) in PARTS.into_iter().filter(|(name, _)| !names.contains(name)) {
        archive.start_file(name, options)?;
        archive.write_all(part.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
