//! Subscriptions → Fulfillment: all requests.

use askama::Template;
use connect_model::{AssetRequest, AssetRequestType, ConnectionType, RequestStatus};

use super::listing::{Choice, Column, Listing, Pager};
use super::page::{Page, reason, show_list};
use super::rows::RequestRow;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use connect_world::Collection;

const PATH: &str = "/subscriptions/fulfillment";
const FILTERS: [(&str, &str); 4] = [
    ("type", "type"),
    ("status", "status"),
    ("environment", "asset.connection.type"),
    ("product", "asset.product.id"),
];
const UNSHOWN: [&str; 3] = ["asset.items", "asset.params", "asset.configuration"];
const NARROWING: [&str; 6] = ["q", "rql", "type", "status", "environment", "product"];
/// The fields a person knows of a request: the platform itself does not search requests.
const SEARCHED: [&str; 7] = [
    "id",
    "asset.id",
    "asset.external_id",
    "asset.product.name",
    "asset.tiers.customer.name",
    "marketplace.name",
    "assignee.email",
];

#[derive(Template)]
#[template(path = "fulfillment.html")]
struct FulfillmentPage {
    shell: Shell,
    search: String,
    rql: String,
    kinds: Vec<Choice>,
    statuses: Vec<Choice>,
    environments: Vec<Choice>,
    product: String,
    is_narrowed: bool,
    /// The reason why there are no rows, when it is the visitor's RQL.
    wrong: Option<String>,
    created: Column,
    status: Column,
    requests: Vec<RequestRow>,
    pager: Pager,
}

/// Answers `GET /subscriptions/fulfillment`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let listing = Listing::of(&visitor, PATH).searched_in(&SEARCHED).without(&UNSHOWN);
    let shell = visitor.shell(Section::Subscriptions, "Fulfillment").live(&["request"]);
    let (found, wrong) =
        listing.rows_or_refusal::<AssetRequest>(&visitor, &Collection::Requests, &FILTERS).await;
    let page = FulfillmentPage {
        search: listing.text("q").to_owned(),
        rql: listing.text("rql").to_owned(),
        kinds: listing.choices("type", AssetRequestType::KNOWN.iter().copied()),
        statuses: listing.choices("status", RequestStatus::KNOWN.iter().copied()),
        environments: listing.choices("environment", ConnectionType::KNOWN.iter().copied()),
        product: listing.text("product").to_owned(),
        is_narrowed: listing.is_narrowed(&NARROWING),
        created: listing.column("Created", "created"),
        status: listing.column("Status", "status"),
        requests: found.rows.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        pager: listing.pager(found.range),
        shell,
        wrong: wrong.as_ref().map(reason),
    };
    Ok(show_list(wrong.as_ref(), &page))
}
