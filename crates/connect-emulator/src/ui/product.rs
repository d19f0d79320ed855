//! One product: what it is, and its parts on tabs.

pub(super) mod actions;
pub(super) mod items;
pub(super) mod parameters;
pub(super) mod settings;
pub(super) mod template;
pub(super) mod templates;

use askama::Template;
use axum::extract::Path;
use connect_model::rql::{Order, Query, field};
use connect_model::{Capability, Connection, Product, ProductId, Rest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kit::{Facts, Head, OnTab, Tab as _, TabBar, tabs};
use super::mark::{Mark, title};
use super::page::{ErrorPage, Page, show};
use super::role::Role;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use connect_world::MAX_LIMIT;
use connect_world::{Collection, NO_CONNECTION};

/// A product on one of its tabs.
struct Subject {
    product: Product,
    tab: Tab,
    has_hold: bool,
}

impl Subject {
    async fn read(visitor: &Visitor, id: &ProductId, tab: Tab) -> Result<Self, ErrorPage> {
        let product: Product = visitor.read(&Collection::Products, id.as_str()).await?;
        let has_hold = product.capabilities.is_on(Capability::Hold);
        Ok(Self { product, tab, has_hold })
    }

    /// Returns the head of the tab, and of a page below it when that has a title.
    fn head(&self, below: Option<&str>) -> Head {
        let product = &self.product;
        let page = format!("/products/{}", product.id);
        let owner = product.owner.as_ref().and_then(|owner| owner.name.as_deref());
        let facts = Facts::beside()
            .code("Product", &product.id)
            .mark("Status", Mark::from(&product.status))
            .at("status")
            .text("Vendor", owner.unwrap_or_default());
        let tabs = TabBar::of("Product", &page, self.tab);
        let products = ("Products", "/products");
        let name = product.name.as_str();
        let head = match below {
            None => Head::new("Product", &[products], name, facts, tabs),
            Some(title) => {
                let tab = self.tab.address(&page);
                let above = [products, (name, &page), (self.tab.title(), tab.as_str())];
                Head::new("Product", &above, title, facts, tabs)
            }
        };
        head.tagged(self.has_hold.then(|| "Hold".to_owned()))
    }

    /// Returns the frame of a tab, fetched again when the product or one of its parts changes.
    fn shell(&self, visitor: &Visitor) -> Shell {
        let name = format!("{} · {}", self.product.name, self.tab.title());
        visitor.shell(Section::Products, name).live(&[self.product.id.as_str()])
    }
}

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        Overview: "" "Overview",
        Items: "items" "Items",
        Parameters: "parameters" "Parameters",
        Templates: "templates" "Templates",
        Actions: "actions" "Actions",
        Settings: "settings" "Settings",
    }
}

/// Answers `GET /products/{id}` and the tabs below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<ProductId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    match tab {
        Tab::Overview => overview(&visitor, &id).await,
        Tab::Items => items::page(&visitor, &id).await,
        Tab::Parameters => parameters::page(&visitor, &id).await,
        Tab::Templates => templates::page(&visitor, &id).await,
        Tab::Actions => actions::page(&visitor, &id).await,
        Tab::Settings => settings::page(&visitor, &id).await,
    }
}

#[derive(Template)]
#[template(path = "product_overview.html")]
struct OverviewPage {
    shell: Shell,
    head: Head,
    subject: Subject,
    counters: Vec<Counter>,
    description: String,
    created: Option<When>,
    updated: Option<When>,
    /// The null connection, through which the vendor buys from itself.
    preview: &'static str,
    links: Vec<Link>,
}

/// The number of a product's parts or uses of one kind.
struct Counter {
    what: &'static str,
    count: usize,
    href: String,
}

/// A connection the product is sold through.
struct Link {
    environment: String,
    id: String,
    hub: String,
    distributor: String,
}

async fn overview(visitor: &Visitor, id: &ProductId) -> Page {
    let subject = Subject::read(visitor, id, Tab::Overview).await?;
    let product = &subject.product;
    let shell = visitor.shell(Section::Products, product.name.as_str());
    let shell = shell.live(&[id.as_str(), "asset", "request"]);
    let at = |event: &str| shell.when(product.events.get(event).and_then(|event| event.at));
    let connections = parts(visitor, &Collection::Connections(id.clone())).await?;
    Ok(show(&OverviewPage {
        counters: counters(visitor, id).await?,
        description: text_in(&product.rest, "short_description").to_owned(),
        created: at("created"),
        updated: at("updated"),
        preview: NO_CONNECTION,
        links: connections.into_iter().map(Link::new).collect(),
        head: subject.head(None),
        subject,
        shell,
    }))
}

async fn counters(visitor: &Visitor, id: &ProductId) -> Result<Vec<Counter>, ErrorPage> {
    let part = |tab: Tab| tab.address(&format!("/products/{id}"));
    let sold = |product| Query { filter: Some(field(product).eq(id.as_str())), ..Query::default() };
    let counted = [
        ("Items", part(Tab::Items), Collection::Items(id.clone()), Query::default()),
        ("Parameters", part(Tab::Parameters), Collection::Parameters(id.clone()), Query::default()),
        ("Templates", part(Tab::Templates), Collection::Templates(id.clone()), Query::default()),
        (
            "Subscriptions",
            format!("/subscriptions?product={id}"),
            Collection::Assets,
            sold("product.id"),
        ),
        (
            "Requests",
            format!("/subscriptions/fulfillment?product={id}"),
            Collection::Requests,
            sold("asset.product.id"),
        ),
    ];
    let mut counters = Vec::with_capacity(counted.len());
    for (what, href, collection, query) in counted {
        counters.push(Counter { what, href, count: visitor.count(&collection, query).await? });
    }
    Ok(counters)
}

impl Link {
    fn new(connection: Connection) -> Self {
        Self {
            environment: title(connection.kind.as_str()),
            id: connection.id.to_string(),
            hub: connection.hub.and_then(|hub| hub.name).unwrap_or_default(),
            distributor: connection.provider.and_then(|it| it.name).unwrap_or_default(),
        }
    }
}

/// Returns the parts of a product, in the order in which they were made.
async fn parts<T: DeserializeOwned>(
    visitor: &Visitor,
    collection: &Collection,
) -> Result<Vec<T>, ErrorPage> {
    let ordering = vec![Order::ascending("events.created.at")];
    let query = Query { ordering, limit: Some(MAX_LIMIT), ..Query::default() };
    Ok(visitor.list(collection, &query).await?.rows)
}

/// Returns a text among the facts of a product or part; empty when it has none.
pub(super) fn text_in<'a>(facts: &'a Rest, name: &str) -> &'a str {
    facts.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Says whose parameter, template or action it is, in the words of the pages.
fn scope_title(scope: &str) -> String {
    match scope {
        "asset" => "Subscription".to_owned(),
        "tier1" => "Tier 1".to_owned(),
        "tier2" => "Tier 2".to_owned(),
        other => title(other),
    }
}
