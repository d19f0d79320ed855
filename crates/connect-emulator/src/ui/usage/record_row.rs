//! Records of usage in tables.

use connect_model::{UsageCellError, UsageRecord, UsageRecordId};
use connect_world::SheetRow;

use crate::ui::mark::Mark;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;

/// A record in a table.
pub(super) struct RecordRow {
    pub(super) id: UsageRecordId,
    /// The vendor's id of it.
    pub(super) own_id: String,
    pub(super) file: String,
    /// The id of the subscription, or what the sheet says where there is none.
    pub(super) asset: String,
    pub(super) asset_is_known: bool,
    pub(super) item: String,
    pub(super) quantity: String,
    /// The time in which it was used.
    pub(super) used: String,
    pub(super) mark: Mark,
    pub(super) errors: Vec<String>,
}

impl RecordRow {
    pub(super) fn new(record: &UsageRecord, shell: &Shell) -> Self {
        let file = record.usagefile.as_ref().map(|file| file.id.to_string());
        let asset = record.asset.as_ref().map(|asset| asset.id.to_string());
        let item = record.item.as_ref();
        let item = item.map(|it| it.name.clone().unwrap_or_else(|| it.id.to_string()));
        let when = |at| shell.when(at).map(|at| at.exact).unwrap_or_default();
        Self {
            id: record.id.clone(),
            own_id: String::new(),
            file: file.unwrap_or_default(),
            asset_is_known: asset.is_some(),
            asset: asset.unwrap_or_default(),
            item: item.unwrap_or_default(),
            quantity: record.usage.as_ref().map(ToString::to_string).unwrap_or_default(),
            used: used(&when(record.start_date), &when(record.end_date)),
            mark: Mark::from(&record.status),
            errors: Vec::new(),
        }
    }

    /// Adds what only the sheet says.
    fn add(&mut self, SheetRow { row, errors }: SheetRow) {
        self.own_id = row.record_id.into();
        if !self.asset_is_known {
            self.asset = row.asset_search_value.into();
        }
        if self.item.is_empty() {
            self.item = row.item_search_value.into();
        }
        if !errors.is_empty() {
            self.quantity = row.quantity.into();
            self.used = used(&row.start_time_utc, &row.end_time_utc);
        }
        self.errors = errors.iter().map(told).collect();
    }
}

/// Adds to rows of a table what only their sheets say.
pub(super) fn with_sheet_rows(visitor: &Visitor, rows: &mut [RecordRow]) {
    for row in rows {
        if let Ok(found) = visitor.sheet_row(&row.id) {
            row.add(found);
        }
    }
}

/// Says what is wrong with a cell.
pub(super) fn told(error: &UsageCellError) -> String {
    format!("{}: {}", error.column, error.message)
}

/// Names the time between two instants, to the day where that says all.
fn used(start: &str, end: &str) -> String {
    let short = |at: &str| at.trim_end_matches(" UTC").trim_end_matches(" 00:00:00").to_owned();
    format!("{} – {}", short(start), short(end))
}
