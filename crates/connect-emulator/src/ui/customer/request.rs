//! One request about a tier account: what has changed, and what the vendor said to it.

use askama::Template;
use axum::extract::Path;
use connect_model::{TierAccount, TierAccountRequest, TierAccountRequestId};
use connect_world::Collection;

use super::data::{Difference, differences, facts};
use super::rows::{environment, product};
use super::{DIRECTORY, REQUESTS, address};
use crate::ui::kit::{Facts, Head, OnTab, TabBar, Timeline, tabs};
use crate::ui::mark::Mark;
use crate::ui::page::{Page, show};
use crate::ui::request::{Buttons, Subject};
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;

tabs! {
    /// A tab of the page.
    pub(in crate::ui) enum Tab {
        Changes: "" "Changes",
        Details: "details" "Details",
    }
}

#[derive(Template)]
#[template(path = "customer/request.html")]
struct RequestPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    reason: String,
    buttons: Buttons,
    changes: Vec<Difference>,
    data: Facts,
    history: Timeline,
}

fn head(subject: &Subject<TierAccountRequest>, tab: Tab) -> Head {
    let request = &subject.request;
    let account = &request.account;
    let product_id = request.product.as_ref().map(|it| it.id.to_string()).unwrap_or_default();
    let facts = Facts::beside()
        .mark("Status", Mark::from(&request.status))
        .at("status")
        .link("Account", account.name_or_id(), address(&account.id))
        .text("Version", account.version.unwrap_or(1))
        .link("Product", product(request), format!("/products/{product_id}"));
    let tabs = TabBar::of("Request", &subject.address(), tab);
    let above = [("Customers", DIRECTORY), ("Requests", REQUESTS)];
    Head::new("Request", &above, request.id.as_str(), facts, tabs).tagged(environment(account))
}

/// Returns what the request tells: how its version differs from the one before; only on its tab.
async fn changes(visitor: &Visitor, account: &TierAccount, tab: Tab) -> Vec<Difference> {
    let before = account.version.and_then(|version| version.checked_sub(1));
    let Some(before) = before.filter(|_| tab == Tab::Changes) else { return Vec::new() };
    let versions = Collection::TierAccountVersions(account.id.clone());
    let before = visitor.read::<TierAccount>(&versions, &before.to_string()).await;
    before.map(|before| differences(&before, account)).unwrap_or_default()
}

/// Answers `GET /customer-requests/{id}` and the tabs below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<TierAccountRequestId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let subject = Subject::<TierAccountRequest>::read(&visitor, id.as_str()).await?;
    let shell = visitor.shell(Section::Customers, id.as_str()).live(&[id.as_str()]);
    let request = &subject.request;
    Ok(show(&RequestPage {
        tab,
        head: head(&subject, tab),
        reason: request.reason.clone().unwrap_or_default(),
        buttons: Buttons::of(visitor.role, &subject),
        changes: changes(&visitor, &request.account, tab).await,
        data: facts(&request.account),
        history: Timeline::of(&request.events, &shell),
        shell,
    }))
}
