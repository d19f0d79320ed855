//! Subscriptions → Directory.

use askama::Template;
use connect_model::{Asset, AssetStatus, ConnectionType, created_at};

use super::kit::{Filter, List, ListView, TabBar, Words};
use super::mark::Mark;
use super::page::Page;
use super::role::Role;
use super::rows::environment;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use connect_world::Collection;

pub(super) const DIRECTORY: &str = "/subscriptions";
pub(super) const FULFILLMENT: &str = "/subscriptions/fulfillment";
pub(super) const BILLING: &str = "/subscriptions/billing";

static LIST: List = List {
    path: DIRECTORY,
    label: "Subscriptions",
    noun: "subscription",
    collection: Collection::Assets,
    filters: &[
        Filter {
            name: "status",
            label: "Status",
            field: "status",
            words: Words::Known(AssetStatus::KNOWN),
        },
        Filter {
            name: "environment",
            label: "Environment",
            field: "connection.type",
            words: Words::Known(ConnectionType::KNOWN),
        },
        Filter { name: "product", label: "Product", field: "product.id", words: Words::Products },
    ],
    search_hint: "Id, customer, value …",
    // The fields that the platform searches, and beyond them what a vendor has in hand.
    searched: &[
        "id",
        "external_id",
        "external_uid",
        "product.id",
        "product.name",
        "tiers.customer.id",
        "tiers.customer.name",
        "tiers.customer.external_id",
        "marketplace.name",
        "params.value",
    ],
    unshown: &["items", "params", "configuration"],
    rql_hint: Some("like(external_id,*7*)"),
};

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct DirectoryPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<Row>,
}

/// A subscription in the list.
struct Row {
    id: String,
    external_id: Option<String>,
    environment: Option<String>,
    product: String,
    product_id: String,
    customer: String,
    marketplace: String,
    created: Option<When>,
    mark: Mark,
}

/// Answers `GET /subscriptions`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Subscriptions, "Subscriptions");
    let shell = shell.live(&["asset", "tier_account"]);
    let list = LIST.read(&visitor, |asset| Row::new(asset, &shell)).await;
    let page = DirectoryPage { tabs: lists_at(DIRECTORY), list, shell };
    Ok(page.list.show(&page))
}

/// Returns the bar that leads from one list of the module to the others.
pub(super) fn lists_at(path: &str) -> TabBar {
    let link = |to: &str, title| (to.to_owned(), title, to == path);
    let links =
        [link(DIRECTORY, "Directory"), link(FULFILLMENT, "Fulfillment"), link(BILLING, "Billing")];
    TabBar::between("Subscriptions", links)
}

impl Row {
    fn new(asset: &Asset, shell: &Shell) -> Self {
        let product = asset.product.as_ref();
        let created = created_at(&asset.events);
        let marketplace = asset.marketplace.as_ref();
        Self {
            id: asset.id.to_string(),
            external_id: asset.external_id.clone().filter(|id| !id.is_empty()),
            environment: environment(asset),
            product: product.and_then(|it| it.name.clone()).unwrap_or_default(),
            product_id: product.map(|it| it.id.to_string()).unwrap_or_default(),
            customer: asset.tiers.customer.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
            marketplace: marketplace.and_then(|it| it.name.clone()).unwrap_or_default(),
            created: shell.when(created),
            mark: Mark::from(&asset.status),
        }
    }
}
