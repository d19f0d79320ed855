//! Subscriptions → Fulfillment: all requests.

use askama::Template;
use connect_model::{AssetRequestType, ConnectionType, lifecycle};

use super::kit::{Filter, List, ListView, TabBar, Words};
use super::page::Page;
use super::role::Role;
use super::rows::RequestRow;
use super::shell::{Section, Shell};
use super::subscriptions::{FULFILLMENT, lists_at};
use super::visitor::Visitor;
use connect_world::Collection;

static LIST: List = List {
    path: FULFILLMENT,
    label: "Requests",
    noun: "request",
    collection: Collection::Requests,
    filters: &[
        Filter {
            name: "type",
            label: "Type",
            field: "type",
            words: Words::Known(AssetRequestType::KNOWN),
        },
        Filter {
            name: "status",
            label: "Status",
            field: "status",
            words: Words::Known(lifecycle::asset_request::STATUSES),
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
    search_hint: "Id, customer, value …",
    // The fields a person knows of a request: the platform itself does not search requests.
    searched: &[
        "id",
        "asset.id",
        "asset.external_id",
        "asset.external_uid",
        "asset.product.name",
        "asset.tiers.customer.name",
        "marketplace.name",
        "assignee.email",
        "asset.params.value",
    ],
    unshown: &["asset.items", "asset.params", "asset.configuration"],
    rql_hint: Some("gt(created,2026-01-01)"),
};

#[derive(Template)]
#[template(path = "fulfillment.html")]
struct FulfillmentPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<RequestRow>,
}

/// Answers `GET /subscriptions/fulfillment`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Subscriptions, "Fulfillment").live(&["request"]);
    let list = LIST.read(&visitor, |request| RequestRow::new(request, &shell)).await;
    let page = FulfillmentPage { tabs: lists_at(FULFILLMENT), list, shell };
    Ok(page.list.show(&page))
}
