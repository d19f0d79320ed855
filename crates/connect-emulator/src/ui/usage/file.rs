//! One usage file: what it reports, its records, and what can be done to it.

use askama::Template;
use axum::extract::Path;
use connect_model::rql::{Query, field};
use connect_model::{ConnectionType, UsageCategory, UsageFile, UsageFileId};
use connect_world::{Collection, MAX_LIMIT};
use serde_json::Value;

use super::action::Buttons;
use super::directory::{environment, period};
use super::record_row::{RecordRow, with_sheet_rows};
use super::records::LIST;
use super::{FILES, address, download};
use crate::ui::kit::{Facts, Head, ListView, OnTab, Tab as _, TabBar, Timeline, tabs};
use crate::ui::mark::{Mark, title};
use crate::ui::page::{ErrorPage, Page, show_with};
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        General: "" "General",
        Records: "records" "Records",
        Categories: "categories" "Categories",
    }
}

#[derive(Template)]
#[template(path = "usage_file.html")]
struct FilePage {
    shell: Shell,
    tab: Tab,
    head: Head,
    address: String,
    buttons: Buttons,
    /// The reason why it is invalid; empty when it is not.
    error: String,
    details: Facts,
    counts: Facts,
    sheets: Vec<(&'static str, String)>,
    timeline: Timeline,
    list: Option<ListView<RecordRow>>,
    categories: Vec<UsageCategory>,
}

/// Answers `GET /usage/files/{id}` and the tabs below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<UsageFileId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let file = read(&visitor, &id).await?;
    let shell = visitor.shell(Section::Usage, id.as_str()).live(&[id.as_str()]);
    let list = match tab {
        Tab::Records => Some(records(&visitor, &id, &shell).await),
        _ => None,
    };
    let categories = match tab {
        Tab::Categories => categories(&visitor, &id).await?,
        _ => Vec::new(),
    };
    let status = list.as_ref().map_or(http::StatusCode::OK, ListView::status);
    let page = FilePage {
        tab,
        head: head(&file, tab),
        address: address(&id),
        buttons: Buttons::of(visitor.role, &file),
        error: file.error_detail.clone().unwrap_or_default(),
        details: details(&file),
        counts: counts(&file),
        sheets: sheets(&file),
        timeline: Timeline::of(&file.events, &shell),
        list,
        categories,
        shell,
    };
    Ok(show_with(status, &page))
}

/// Reads a file as the visitor sees it.
pub(super) async fn read(visitor: &Visitor, id: &UsageFileId) -> Result<UsageFile, ErrorPage> {
    visitor.read(&Collection::UsageFiles, id.as_str()).await
}

async fn records(visitor: &Visitor, id: &UsageFileId, shell: &Shell) -> ListView<RecordRow> {
    let within = field("usagefile.id").eq(id.as_str());
    let path = Tab::Records.address(&address(id));
    let row = |record: &_| RecordRow::new(record, shell);
    let mut list = LIST.read_within(visitor, &path, Some(within), row).await;
    with_sheet_rows(visitor, &mut list.rows);
    list
}

async fn categories(visitor: &Visitor, id: &UsageFileId) -> Result<Vec<UsageCategory>, ErrorPage> {
    let all = Query { limit: Some(MAX_LIMIT), ..Query::default() };
    Ok(visitor.list(&Collection::UsageCategories(id.clone()), &all).await?.rows)
}

fn head(file: &UsageFile, tab: Tab) -> Head {
    let product = file.product.as_ref();
    let facts = Facts::beside()
        .mark("Status", Mark::from(&file.status))
        .at("status")
        .text("Name", file.name.as_deref().unwrap_or_default());
    let facts = match product {
        Some(product) => facts.link(
            "Product",
            product.name.as_deref().unwrap_or(product.id.as_str()),
            format!("/products/{}", product.id),
        ),
        None => facts,
    };
    let facts =
        facts.text("Period", period(file)).text("Records", file.stats.uploaded).at("records");
    let tabs = TabBar::of("Usage file", &address(&file.id), tab);
    let head = Head::new("Usage file", &[("Usage", FILES)], file.id.as_str(), facts, tabs);
    head.tagged(environment(file))
}

fn text<'f>(file: &'f UsageFile, name: &str) -> &'f str {
    file.rest.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn details(file: &UsageFile) -> Facts {
    let schema = file.schema.as_str().to_ascii_uppercase();
    let is_preview = file.environment == ConnectionType::Preview;
    let contract = file.contract.as_ref().filter(|_| !is_preview);
    let marketplace = file.marketplace.as_ref().filter(|_| !is_preview);
    let marketplace = marketplace.and_then(|it| it.name.as_deref());
    let facts = Facts::below()
        .text("Environment", title(file.environment.as_str()))
        .named("Vendor", file.vendor.as_ref().map(|it| (it.name.as_deref(), it.id.as_str())))
        .named("Distributor", file.provider.as_ref().map(|it| (it.name.as_deref(), it.id.as_str())))
        .named("Contract", contract.map(|it| (it.name.as_deref(), it.id.as_str())))
        .text("Marketplace", marketplace.unwrap_or_default())
        .text("Schema", schema)
        .text("Currency", file.currency.as_deref().unwrap_or_default())
        .text("External id", &file.external_id)
        .text("Description", text(file, "description"))
        .text("Note", text(file, "note"));
    let notes = [
        ("Acceptance note", text(file, "acceptance_note")),
        ("Rejection note", file.rejection_note.as_deref().unwrap_or_default()),
    ];
    let said = notes.into_iter().filter(|(_, note)| !note.is_empty());
    said.fold(facts, |facts, (name, note)| facts.text(name, note))
}

fn counts(file: &UsageFile) -> Facts {
    let stats = &file.stats;
    Facts::beside()
        .text("Uploaded", stats.uploaded)
        .text("Right", stats.validated)
        .text("Wrong", stats.uploaded.saturating_sub(stats.validated))
        .text("Pending", stats.pending)
        .text("Approved", stats.accepted)
        .text("Closed", stats.closed)
        .text("Billed", stats.billed)
}

/// Returns the sheets of a file: what they are, and their addresses.
fn sheets(file: &UsageFile) -> Vec<(&'static str, String)> {
    let sheets = [
        ("usage_file_uri", "Records as uploaded"),
        ("processed_file_uri", "Records as checked, with errors"),
        ("reconciliation_file_uri", "Closed records with their bills"),
    ];
    let there = sheets.into_iter().filter(|(name, _)| !text(file, name).is_empty());
    there.map(|(name, what)| (what, download(text(file, name)).to_owned())).collect()
}
