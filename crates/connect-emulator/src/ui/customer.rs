//! One customer or reseller: what is known of it, and what was told of its changes.

pub(super) mod data;
pub(super) mod directory;
pub(super) mod edit;
pub(super) mod request;
pub(super) mod requests;
pub(super) mod rows;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use connect_model::lifecycle::tier_account_request as lifecycle;
use connect_model::rql::{Query, field};
use connect_model::{TierAccount, TierAccountId, TierAccountRequest};
use connect_world::Collection;
use std::sync::Arc;

use self::rows::{AccountRequestRow, environment, is_preview, kind};
use super::Ui;
use super::kit::{Facts, Head, OnTab, TabBar, Timeline, tabbed, tabs};
use super::page::{ErrorPage, Page, show};
use super::request::dialog;
use super::shell::{Section, Shell};
use super::visitor::{Rows, Visitor};

pub(super) const DIRECTORY: &str = "/customers";
pub(super) const REQUESTS: &str = "/customer-requests";

/// Requests that are shown of an account, the newest of them.
const SHOWN: u32 = 100;

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        Details: "" "Details",
        Requests: "requests" "Requests",
    }
}

#[derive(Template)]
#[template(path = "customer/account.html")]
struct AccountPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    /// The address of the dialog that edits it; empty where the visitor may not.
    edit: String,
    data: Facts,
    history: Timeline,
    requests: Vec<AccountRequestRow>,
    /// The number of requests before these.
    older: usize,
}

/// Returns the pages of the module.
pub(super) fn routes() -> Router<Arc<Ui>> {
    Router::new()
        .route(DIRECTORY, get(directory::page))
        .merge(tabbed::<Tab, _>("/customers/{id}", page))
        .route("/customers/{id}/edit", get(edit::page).post(edit::send))
        .route(REQUESTS, get(requests::page))
        .merge(tabbed::<request::Tab, _>("/customer-requests/{id}", request::page))
        .route(
            "/customer-requests/{id}/{verb}",
            get(dialog::page::<TierAccountRequest>).post(dialog::send::<TierAccountRequest>),
        )
}

/// Returns the address of an account's page.
pub(super) fn address(id: &TierAccountId) -> String {
    format!("{DIRECTORY}/{id}")
}

/// Whether the visitor may change an account, which is its own.
fn may_edit(visitor: &Visitor, account: &TierAccount) -> bool {
    lifecycle::may_create(visitor.role.caller(is_preview(account)))
}

async fn read(visitor: &Visitor, id: &TierAccountId) -> Result<TierAccount, ErrorPage> {
    visitor.read(&Collection::TierAccounts, id.as_str()).await
}

fn head(account: &TierAccount, tab: Tab) -> Head {
    let facts = Facts::beside()
        .text("Name", &account.name)
        .text("Type", kind(account))
        .text("Version", account.version.unwrap_or(1));
    let facts = match &account.parent {
        Some(parent) => {
            let name = parent.name.clone().unwrap_or_else(|| parent.id.to_string());
            facts.link("Parent", name, address(&parent.id))
        }
        None => facts,
    };
    let tabs = TabBar::of("Account", &address(&account.id), tab);
    let above = [("Customers", DIRECTORY)];
    Head::new("Account", &above, account.id.as_str(), facts, tabs).tagged(environment(account))
}

/// Returns what was told of an account; only on its tab.
async fn told(
    visitor: &Visitor,
    id: &TierAccountId,
    tab: Tab,
) -> Result<Rows<TierAccountRequest>, ErrorPage> {
    if tab != Tab::Requests {
        return Ok(Rows::none());
    }
    let filter = Some(field("account.id").eq(id.as_str()));
    let newest = Query { filter, limit: Some(SHOWN), ..Query::default() };
    visitor.list(&Collection::TierAccountRequests, &newest).await
}

/// Answers `GET /customers/{id}` and the tabs below.
async fn page(visitor: Visitor, Path(id): Path<TierAccountId>, OnTab(tab): OnTab<Tab>) -> Page {
    let account = read(&visitor, &id).await?;
    let shell = visitor.shell(Section::Customers, id.as_str());
    let shell = shell.live(&[id.as_str(), "tier_account_request"]);
    let requests = told(&visitor, &id, tab).await?;
    let edit = match may_edit(&visitor, &account) {
        true => format!("{}/edit", address(&id)),
        false => String::new(),
    };
    Ok(show(&AccountPage {
        tab,
        head: head(&account, tab),
        edit,
        data: data::facts(&account),
        history: Timeline::of(&account.events, &shell),
        older: requests.more(),
        requests: requests.rows.iter().map(|it| AccountRequestRow::new(it, &shell)).collect(),
        shell,
    }))
}

/// Returns the bar that leads from one list of the module to the other.
fn lists_at(path: &str) -> TabBar {
    let link = |to: &str, title| (to.to_owned(), title, to == path);
    TabBar::between("Customers", [link(DIRECTORY, "Directory"), link(REQUESTS, "Requests")])
}
