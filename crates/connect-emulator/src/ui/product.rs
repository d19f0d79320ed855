//! One product: what it is, and its parts on tabs.

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

use super::mark::{Mark, title};
use super::page::{ErrorPage, Page, show};
use super::role::Role;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use connect_world::MAX_LIMIT;
use connect_world::{Collection, NO_CONNECTION};

/// The head above every tab.
struct Head {
    product: Product,
    tab: Tab,
    mark: Mark,
    owner: String,
    has_hold: bool,
}

impl Head {
    async fn of(visitor: &Visitor, id: &ProductId, tab: Tab) -> Result<Self, ErrorPage> {
        let product: Product = visitor.read(&Collection::Products, id.as_str()).await?;
        let owner = product.owner.as_ref().and_then(|owner| owner.name.clone());
        Ok(Self {
            tab,
            mark: Mark::from(&product.status),
            owner: owner.unwrap_or_default(),
            has_hold: product.capabilities.is_on(Capability::Hold),
            product,
        })
    }

    /// Returns the frame of a tab, fetched again when the product or one of its parts changes.
    fn shell(&self, visitor: &Visitor) -> Shell {
        let name = format!("{} · {}", self.product.name, self.tab.title());
        visitor.shell(Section::Products, name).live(&[self.product.id.as_str()])
    }

    fn tabs(&self) -> [Tab; 5] {
        Tab::ALL
    }
}

/// A tab of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Overview,
    Items,
    Parameters,
    Templates,
    Settings,
}

impl Tab {
    const ALL: [Self; 5] =
        [Self::Overview, Self::Items, Self::Parameters, Self::Templates, Self::Settings];

    fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Items => "Items",
            Self::Parameters => "Parameters",
            Self::Templates => "Templates",
            Self::Settings => "Settings",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Items => "/items",
            Self::Parameters => "/parameters",
            Self::Templates => "/templates",
            Self::Settings => "/settings",
        }
    }
}

#[derive(Template)]
#[template(path = "product_overview.html")]
struct OverviewPage {
    shell: Shell,
    head: Head,
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

/// Answers `GET /products/{id}`.
pub(super) async fn overview(visitor: Visitor, Path(id): Path<ProductId>) -> Page {
    let head = Head::of(&visitor, &id, Tab::Overview).await?;
    let shell = visitor.shell(Section::Products, head.product.name.as_str());
    let shell = shell.live(&[id.as_str(), "asset", "request"]);
    let at = |event: &str| shell.when(head.product.events.get(event).and_then(|event| event.at));
    let connections = parts(&visitor, &Collection::Connections(id.clone())).await?;
    Ok(show(&OverviewPage {
        counters: counters(&visitor, &id).await?,
        description: text_in(&head.product.rest, "short_description").to_owned(),
        created: at("created"),
        updated: at("updated"),
        preview: NO_CONNECTION,
        links: connections.into_iter().map(Link::new).collect(),
        head,
        shell,
    }))
}

async fn counters(visitor: &Visitor, id: &ProductId) -> Result<Vec<Counter>, ErrorPage> {
    let part = |tab: Tab| format!("/products/{id}{}", tab.path());
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

/// Says whose parameter or template it is, in the words of the pages.
fn scope_title(scope: &str) -> String {
    match scope {
        "asset" => "Subscription".to_owned(),
        "tier1" => "Tier 1".to_owned(),
        "tier2" => "Tier 2".to_owned(),
        other => title(other),
    }
}
