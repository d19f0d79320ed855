//! Subscriptions → Billing.

use askama::Template;
use connect_model::{BillingRequestType, ConnectionType};
use connect_world::Collection;

use super::rows::BillRow;
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::page::Page;
use crate::ui::role::Role;
use crate::ui::shell::{Section, Shell};
use crate::ui::subscriptions::{BILLING, lists_at};
use crate::ui::visitor::Visitor;

static LIST: List = List {
    path: BILLING,
    label: "Billing requests",
    noun: "billing request",
    collection: Collection::BillingRequests,
    filters: &[
        Filter {
            name: "type",
            label: "Type",
            field: "type",
            words: Words::Known(BillingRequestType::KNOWN),
        },
        Filter {
            name: "environment",
            label: "Environment",
            field: "asset.connection.type",
            words: Words::Known(ConnectionType::KNOWN),
        },
        Filter {
            name: "product",
            label: "Product",
            field: "asset.product.id",
            words: Words::Products,
        },
    ],
    search_hint: "Id, subscription, customer …",
    searched: &[
        "id",
        "asset.id",
        "asset.external_id",
        "asset.external_uid",
        "asset.product.name",
        "asset.tiers.customer.name",
        "asset.marketplace.name",
    ],
    unshown: &[],
    rql_hint: Some("ge(period.from,2024-06-01)"),
};

#[derive(Template)]
#[template(path = "billing_requests.html")]
struct DirectoryPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<BillRow>,
}

/// Answers `GET /subscriptions/billing`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Subscriptions, "Billing").live(&["billing_request"]);
    let list = LIST.read(&visitor, |request| BillRow::new(request, &shell)).await;
    let page = DirectoryPage { tabs: lists_at(BILLING), list, shell };
    Ok(page.list.show(&page))
}
