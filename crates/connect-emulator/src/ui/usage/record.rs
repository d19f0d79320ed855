//! One record of usage: what was used, the row of the sheet, and what can be done to it.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::usage_record::UsageRecordOperation;
use connect_model::{UsageRecord, UsageRecordId, UsageRow};
use connect_world::SheetRow;
use serde_json::Value;

use super::directory::environment;
use super::record_dialog::{ACTIONS, RecordAction};
use super::record_row::told;
use super::subject::Subject;
use super::{FILES, address};
use crate::ui::kit::{Facts, Head, OnTab, TabBar, tabs};
use crate::ui::mark::Mark;
use crate::ui::page::{Page, show};
use crate::ui::role::Role;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        General: "" "General",
        Row: "row" "Row of the Sheet",
    }
}

#[derive(Template)]
#[template(path = "usage_record.html")]
struct RecordPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    address: String,
    offered: Vec<&'static RecordAction>,
    note: String,
    errors: Vec<String>,
    details: Facts,
    cells: Vec<Cell>,
}

/// A cell of the sheet.
struct Cell {
    column: String,
    text: String,
    errors: Vec<String>,
}

/// Answers `GET /usage/records/{id}` and the tab below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<UsageRecordId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    let shell = visitor.shell(Section::Usage, id.as_str()).live(&[subject.file.id.as_str()]);
    let row = visitor.sheet_row(&id).unwrap_or_default();
    let can = |role, operation: UsageRecordOperation| {
        RecordAction::of(operation).hindrance(role, &subject).is_none()
    };
    let useful = ACTIONS.iter().filter(|it| it.operation.leads_to() != subject.record.status);
    let offered: Vec<_> = useful.filter(|it| can(visitor.role, it.operation)).collect();
    let is_theirs = visitor.role == Role::Vendor
        && ACTIONS.iter().any(|it| can(Role::Distributor, it.operation))
        && offered.is_empty();
    Ok(show(&RecordPage {
        tab,
        head: head(&subject, &row, tab),
        address: subject.address(),
        offered,
        note: match is_theirs {
            true => {
                "Only the distributor decides on it. “Acting as” above changes sides.".to_owned()
            }
            false => String::new(),
        },
        errors: row.errors.iter().map(told).collect(),
        details: details(&subject.record, &shell),
        cells: cells(&row),
        shell,
    }))
}

fn head(subject: &Subject, row: &SheetRow, tab: Tab) -> Head {
    let Subject { record, file } = subject;
    let facts = Facts::beside()
        .mark("Status", Mark::from(&record.status))
        .at("status")
        .text("Vendor’s id", &row.row.record_id)
        .id("File", &file.id, address(&file.id), environment(file))
        .mark("Status of the file", Mark::from(&file.status));
    let file_address = address(&file.id);
    let above = [("Usage", FILES), (file.id.as_str(), file_address.as_str())];
    let tabs = TabBar::of("Usage record", &subject.address(), tab);
    Head::new("Usage record", &above, record.id.as_str(), facts, tabs)
}

fn details(record: &UsageRecord, shell: &Shell) -> Facts {
    let text = |name: &str| record.rest.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |it: Option<&serde_json::Number>| it.map(ToString::to_string).unwrap_or_default();
    let facts = Facts::below();
    let facts = match &record.asset {
        Some(asset) => {
            facts.id("Subscription", &asset.id, format!("/subscriptions/{}", asset.id), None)
        }
        None => facts.text("Subscription", ""),
    };
    let facts = facts
        .named("Item", record.item.as_ref().map(|it| (it.name.as_deref(), it.id.as_str())))
        .text("Quantity", number(record.usage.as_ref()))
        .text("Amount", number(record.amount.as_ref()))
        .exactly("From", shell.when(record.start_date))
        .exactly("To", shell.when(record.end_date))
        .text(
            "Tier",
            record
                .rest
                .get("tier")
                .and_then(Value::as_u64)
                .map_or(String::new(), |it| it.to_string()),
        )
        .text("Category", text("category"))
        .text("Id of the bill", &record.external_billing_id)
        .text("Note on the bill", &record.external_billing_note);
    match record.closed_at {
        Some(_) => facts
            .exactly("Closed", shell.when(record.closed_at))
            .text("Closed by", text("closed_by")),
        None => facts,
    }
}

/// Returns the cells that the sheet fills in, and those that are wrong.
fn cells(SheetRow { row, errors }: &SheetRow) -> Vec<Cell> {
    let known = UsageRow::COLUMNS.into_iter().map(str::to_owned).zip(row.cells());
    let own = row.params.iter().map(|(name, value)| (format!("v.{name}"), &**value));
    let cell = |(column, text): (String, &str)| Cell {
        errors: errors
            .iter()
            .filter(|error| *error.column == *column)
            .map(|error| error.message.to_string())
            .collect(),
        text: text.to_owned(),
        column,
    };
    let all = known.chain(own).map(cell);
    all.filter(|cell| !cell.text.is_empty() || !cell.errors.is_empty()).collect()
}
