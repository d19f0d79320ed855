//! One billing request: what was billed, for which time, and what each side noted.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::billing_request::billed_by;
use connect_model::{BilledItem, BillingRequest, BillingRequestId, BillingRequestType};
use connect_world::Collection;
use serde_json::{Map, Value};

use super::address;
use super::rows::{days, rhythm};
use crate::ui::kit::{Facts, Head, OnTab, TabBar, Timeline, tabs};
use crate::ui::mark::title;
use crate::ui::page::{ErrorPage, Page, show};
use crate::ui::rows::{connection_facts, environment, product_of};
use crate::ui::shell::{Section, Shell};
use crate::ui::subscriptions::{BILLING, DIRECTORY};
use crate::ui::visitor::Visitor;

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        Items: "" "Items",
        Details: "details" "Details",
    }
}

#[derive(Template)]
#[template(path = "billing_request.html")]
struct RequestPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    address: String,
    items: Vec<BilledItem>,
    details: Facts,
    timeline: Timeline,
    noted: Vec<Noted>,
}

/// What one side noted.
struct Noted {
    title: &'static str,
    attributes: Vec<(String, String)>,
    /// Whether the visitor may write it.
    is_own: bool,
}

/// Answers `GET /billing-requests/{id}` and the tab below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<BillingRequestId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let request = read(&visitor, &id).await?;
    let shell = visitor.shell(Section::Subscriptions, id.as_str()).live(&[id.as_str()]);
    Ok(show(&RequestPage {
        tab,
        head: head(&request, tab),
        address: address(&id),
        details: connection_facts(Facts::below(), request.asset.connection.as_ref()),
        timeline: Timeline::of(&request.events, &shell),
        noted: noted(&visitor, &request),
        items: request.items,
        shell,
    }))
}

/// Reads a billing request as the visitor sees it.
pub(super) async fn read(
    visitor: &Visitor,
    id: &BillingRequestId,
) -> Result<BillingRequest, ErrorPage> {
    visitor.read(&Collection::BillingRequests, id.as_str()).await
}

/// Returns the type of the visitor's own side.
pub(super) fn own_side(visitor: &Visitor) -> Option<BillingRequestType> {
    billed_by(visitor.role.caller(false))
}

fn head(request: &BillingRequest, tab: Tab) -> Head {
    let asset = &request.asset;
    let product = asset.product.as_ref().and_then(|it| it.name.clone()).unwrap_or_default();
    let customer = asset.tiers.customer.as_ref().map(|it| it.name.as_str()).unwrap_or_default();
    let period = &request.period;
    let units = period.delta.as_ref().map(ToString::to_string).unwrap_or_default();
    let facts = Facts::beside()
        .text("Type", title(request.kind.as_str()))
        .id("Subscription", &asset.id, format!("/subscriptions/{}", asset.id), None)
        .link("Product", product, format!("/products/{}", product_of(asset)))
        .text("Customer", customer)
        .text("Period", format!("{}, {units} × {}", days(period), rhythm(&period.uom)));
    let above = [("Subscriptions", DIRECTORY), ("Billing", BILLING)];
    let tabs = TabBar::of("Billing request", &address(&request.id), tab);
    Head::new("Billing request", &above, request.id.as_str(), facts, tabs)
        .tagged(environment(asset))
}

fn noted(visitor: &Visitor, request: &BillingRequest) -> Vec<Noted> {
    let own = own_side(visitor);
    let side = |title, kind: BillingRequestType, attributes: &Map<String, Value>| Noted {
        title,
        attributes: attributes.iter().map(|(name, value)| (name.clone(), shown(value))).collect(),
        is_own: own.as_ref() == Some(&kind),
    };
    let attributes = &request.attributes;
    vec![
        side("Noted by the vendor", BillingRequestType::Vendor, &attributes.vendor),
        side("Noted by the distributor", BillingRequestType::Provider, &attributes.provider),
    ]
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
