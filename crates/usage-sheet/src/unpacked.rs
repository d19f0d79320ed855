//! The limits of a workbook's parts: a few kilobytes can unpack to gigabytes.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use crate::error::SheetError;

/// The most bytes that all parts unpack to: 250,000 records take about 200 MB.
const MOST: u64 = 256 * 1024 * 1024;
/// The same of the texts that cells share, which are held in memory.
const MOST_SHARED: u64 = 64 * 1024 * 1024;
/// The most parts.
const MOST_PARTS: usize = 1_000;

/// Unpacks all parts to nowhere, because what an archive says of their sizes is only said.
///
/// # Errors
///
/// When it is no archive, or unpacks to more than is read.
pub(crate) fn check(workbook: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).map_err(not_a_workbook)?;
    let mut left = MOST;
    if archive.len() > MOST_PARTS {
        return Err(SheetError::TooLargeUnpacked { most: MOST });
    }
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(not_a_workbook)?;
        let is_shared = is_shared(&part.name().map_err(not_a_workbook)?);
        let most = if is_shared { left.min(MOST_SHARED) } else { left };
        let length = io::copy(&mut part.take(most + 1), &mut io::sink());
        let length = length.map_err(not_a_workbook)?;
        if length > most {
            let limit = if most == left { MOST } else { most };
            return Err(SheetError::TooLargeUnpacked { most: limit });
        }
        left -= length;
    }
    Ok(())
}

/// Whether a part has the texts that cells share. Excel's own spelling, of which readers take any.
fn is_shared(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("sharedstrings.xml")
}

fn not_a_workbook(error: impl std::error::Error + Send + Sync + 'static) -> SheetError {
    SheetError::NotAWorkbook(Box::new(error))
}
