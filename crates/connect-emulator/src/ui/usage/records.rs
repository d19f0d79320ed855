//! Usage → Records.

use askama::Template;
use connect_model::UsageRecordStatus;
use connect_world::Collection;

use super::record_row::{RecordRow, with_sheet_rows};
use super::{RECORDS, lists_at};
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::page::Page;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;

/// The records of all files, or of one.
pub(super) static LIST: List = List {
    path: RECORDS,
    label: "Usage records",
    noun: "record",
    collection: Collection::UsageRecords,
    filters: &[Filter {
        name: "status",
        label: "Status",
        field: "status",
        words: Words::Known(UsageRecordStatus::KNOWN),
    }],
    search_hint: "File, subscription …",
    searched: &["usagefile.id", "asset.id", "asset.external_id", "asset.external_uid", "item.id"],
    unshown: &[],
    rql_hint: Some("ge(start_date,2024-06-01)"),
};

#[derive(Template)]
#[template(path = "usage_records.html")]
struct RecordsPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<RecordRow>,
}

/// Answers `GET /usage/records`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Usage, "Usage Records").live(&["usage_file"]);
    let mut list = LIST.read(&visitor, |record| RecordRow::new(record, &shell)).await;
    with_sheet_rows(&visitor, &mut list.rows);
    let page = RecordsPage { tabs: lists_at(RECORDS), list, shell };
    Ok(page.list.show(&page))
}
