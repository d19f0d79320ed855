//! Products.

use askama::Template;
use connect_model::{Capability, Product, ProductStatus};

use super::listing::{Choice, Listing, Pager};
use super::mark::Mark;
use super::page::{Page, show};
use super::product::text_in;
use super::role::Role;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use connect_world::Collection;

const PATH: &str = "/products";

#[derive(Template)]
#[template(path = "products.html")]
struct ProductsPage {
    shell: Shell,
    search: String,
    statuses: Vec<Choice>,
    is_narrowed: bool,
    cards: Vec<Card>,
    pager: Pager,
}

/// A product in the list.
struct Card {
    id: String,
    name: String,
    description: String,
    owner: String,
    mark: Mark,
    has_hold: bool,
}

/// Answers `GET /products`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let listing = Listing::of(&visitor, PATH);
    let shell = visitor.shell(Section::Products, "Products").live(&["product"]);
    let found = listing.rows::<Product>(&visitor, &Collection::Products, &[("status", "status")]);
    let found = found.await.map_err(|denied| visitor.error_page(denied))?;
    Ok(show(&ProductsPage {
        search: listing.text("q").to_owned(),
        statuses: statuses(listing.text("status")),
        is_narrowed: listing.is_narrowed(&["q", "status"]),
        cards: found.rows.into_iter().map(Card::new).collect(),
        pager: listing.pager(found.range),
        shell,
    }))
}

/// Returns the statuses to choose from, in the words of their marks.
fn statuses(chosen: &str) -> Vec<Choice> {
    let choice = |status: &ProductStatus| Choice {
        value: status.to_string(),
        title: Mark::from(status).text,
        chosen: status.as_str() == chosen,
    };
    ProductStatus::ALL.iter().map(choice).collect()
}

impl Card {
    fn new(product: Product) -> Self {
        Self {
            description: text_in(&product.rest, "short_description").to_owned(),
            owner: product.owner.and_then(|owner| owner.name).unwrap_or_default(),
            mark: Mark::from(&product.status),
            has_hold: product.capabilities.is_on(Capability::Hold),
            id: product.id.to_string(),
            name: product.name,
        }
    }
}
