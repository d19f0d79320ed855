//! Customers → Requests.

use askama::Template;
use connect_model::lifecycle::tier_account_request::STATUSES;

use super::rows::AccountRequestRow;
use super::{REQUESTS, lists_at};
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::page::Page;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

static LIST: List = List {
    path: REQUESTS,
    label: "Account requests",
    noun: "request",
    collection: Collection::TierAccountRequests,
    filters: &[
        Filter { name: "status", label: "Status", field: "status", words: Words::Known(STATUSES) },
        Filter { name: "product", label: "Product", field: "product.id", words: Words::Products },
    ],
    search_hint: "Id, account …",
    // The fields that the platform searches, and beyond them the account's own.
    searched: &[
        "id",
        "account.id",
        "account.name",
        "account.external_id",
        "account.external_uid",
        "product.id",
        "product.name",
    ],
    unshown: &[],
    rql_hint: Some("ge(account.version,3)"),
};

#[derive(Template)]
#[template(path = "customer/requests.html")]
struct RequestsPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<AccountRequestRow>,
}

/// Answers `GET /customer-requests`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Customers, "Account Requests");
    let shell = shell.live(&["tier_account_request"]);
    let list = LIST.read(&visitor, |request| AccountRequestRow::new(request, &shell)).await;
    let page = RequestsPage { tabs: lists_at(REQUESTS), list, shell };
    Ok(page.list.show(&page))
}
