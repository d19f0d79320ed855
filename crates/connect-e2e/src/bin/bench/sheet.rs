//! A sheet of usage, as large as is asked for.

use std::fs;
use std::path::Path;

use anyhow::Result;
use connect_model::{UsageRow, UsageSheet};

/// Writes a workbook with so many records about the subscriptions that a file names.
pub(crate) fn write_sheet(records: usize, assets: &Path, workbook: &Path) -> Result<()> {
    let assets = fs::read_to_string(assets)?;
    let row = |(number, asset): (usize, &str)| {
        let between = ("2024-05-01 00:00:00", "2024-05-31 23:59:59");
        let row = UsageRow::new(format!("record-{number}")).asset(asset).item("MPN-A");
        row.quantity((number % 1_000).to_string()).between(between.0, between.1)
    };
    let rows = (1..=records).zip(assets.lines().cycle()).map(row);
    let sheet = UsageSheet::from(rows.collect::<Vec<_>>());
    Ok(fs::write(workbook, usage_sheet::write(&sheet)?)?)
}
