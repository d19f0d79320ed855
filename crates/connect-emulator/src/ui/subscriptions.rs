//! Subscriptions → Directory.

use askama::Template;
use connect_model::{Asset, AssetStatus, ConnectionType};

use super::listing::{Choice, Column, Listing, Pager};
use super::mark::Mark;
use super::page::{Page, reason, show_list};
use super::rows::environment;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use connect_world::Collection;

const PATH: &str = "/subscriptions";
const FILTERS: [(&str, &str); 3] =
    [("status", "status"), ("environment", "connection.type"), ("product", "product.id")];

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct DirectoryPage {
    shell: Shell,
    search: String,
    rql: String,
    statuses: Vec<Choice>,
    environments: Vec<Choice>,
    product: String,
    is_narrowed: bool,
    /// The reason why there are no rows, when it is the visitor's RQL.
    wrong: Option<String>,
    columns: [Column; 2],
    rows: Vec<Row>,
    pager: Pager,
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
    let listing = Listing::of(&visitor, PATH).without(&["items", "params", "configuration"]);
    let shell =
        visitor.shell(Section::Subscriptions, "Subscriptions").live(&["asset", "tier_account"]);
    let (found, wrong) =
        listing.rows_or_refusal::<Asset>(&visitor, &Collection::Assets, &FILTERS).await;
    let page = DirectoryPage {
        search: listing.text("q").to_owned(),
        rql: listing.text("rql").to_owned(),
        statuses: listing.choices("status", AssetStatus::KNOWN.iter().copied()),
        environments: listing.choices("environment", ConnectionType::KNOWN.iter().copied()),
        product: listing.text("product").to_owned(),
        is_narrowed: listing.is_narrowed(&["q", "rql", "status", "environment", "product"]),
        columns: [listing.column("Created", "created"), listing.column("Status", "status")],
        rows: found.rows.iter().map(|asset| Row::new(asset, &shell)).collect(),
        pager: listing.pager(found.range),
        shell,
        wrong: wrong.as_ref().map(reason),
    };
    Ok(show_list(wrong.as_ref(), &page))
}

impl Row {
    fn new(asset: &Asset, shell: &Shell) -> Self {
        let product = asset.product.as_ref();
        let created = asset.events.get("created").and_then(|event| event.at);
        Self {
            id: asset.id.to_string(),
            external_id: asset.external_id.clone().filter(|id| !id.is_empty()),
            environment: environment(asset),
            product: product.and_then(|it| it.name.clone()).unwrap_or_default(),
            product_id: product.map(|it| it.id.to_string()).unwrap_or_default(),
            customer: asset.tiers.customer.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
            marketplace: asset
                .marketplace
                .as_ref()
                .and_then(|it| it.name.clone())
                .unwrap_or_default(),
            created: shell.when(created),
            mark: Mark::from(&asset.status),
        }
    }
}
