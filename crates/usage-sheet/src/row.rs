//! What the rows of each tab have in their columns.

use connect_model::{BillingRow, UsageCategory, UsageRow};

use crate::write::ERROR;

/// A row that is read from a tab.
pub(crate) trait Row: Default {
    /// The columns that the tab cannot do without.
    const NEEDED: &'static [&'static str];

    /// Whether there is a column of this name.
    fn has(column: &str) -> bool {
        Self::default().put(column, Box::default())
    }

    /// Takes the text of a cell; false when there is no such column.
    fn put(&mut self, column: &str, text: Box<str>) -> bool;
}

/// Before the name of a column of the vendor's own.
const PARAM: &str = "v.";

impl Row for UsageRow {
    const NEEDED: &'static [&'static str] = &[
        "record_id",
        "item_search_criteria",
        "item_search_value",
        "quantity",
        "start_time_utc",
        "end_time_utc",
        "asset_search_criteria",
        "asset_search_value",
    ];

    fn put(&mut self, column: &str, text: Box<str>) -> bool {
        if let Some(name) = column.strip_prefix(PARAM).filter(|name| !name.is_empty()) {
            self.params.push((name.into(), text));
            return true;
        }
        self.cell_mut(column).map(|cell| *cell = text).is_some()
    }
}

impl Row for UsageCategory {
    const NEEDED: &'static [&'static str] = &["category_id"];

    fn put(&mut self, column: &str, text: Box<str>) -> bool {
        let cell = match column {
            "category_id" => &mut self.id,
            "category_name" => &mut self.name,
            "category_description" => &mut self.description,
            _ => return false,
        };
        *cell = text.into();
        true
    }
}

/// What the platform found wrong with a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordError {
    /// The vendor's id of the record; may be empty, which is wrong, too.
    pub record_id: Box<str>,
    /// The columns that are wrong, and why.
    pub error: Box<str>,
}

impl Row for RecordError {
    const NEEDED: &'static [&'static str] = &["record_id"];

    fn put(&mut self, column: &str, text: Box<str>) -> bool {
        let cell = match column {
            "record_id" => &mut self.record_id,
            ERROR => &mut self.error,
            _ => return false,
        };
        *cell = text;
        true
    }
}

impl Row for BillingRow {
    const NEEDED: &'static [&'static str] = &["record_id", "external_billing_id"];

    fn put(&mut self, column: &str, text: Box<str>) -> bool {
        let cell = match column {
            "record_id" => &mut self.record_id,
            "external_billing_id" => &mut self.external_billing_id,
            "external_billing_note" => &mut self.external_billing_note,
            _ => return false,
        };
        *cell = text;
        true
    }
}
