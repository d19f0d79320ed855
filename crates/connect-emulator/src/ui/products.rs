//! Products.

use askama::Template;
use connect_model::{Capability, Product, ProductStatus};

use super::kit::{Filter, List, ListView, Words};
use super::mark::Mark;
use super::page::Page;
use super::product::text_in;
use super::role::Role;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use connect_world::Collection;

static LIST: List = List {
    path: "/products",
    label: "Products",
    noun: "product",
    collection: Collection::Products,
    filters: &[Filter {
        name: "status",
        label: "Status",
        field: "status",
        words: Words::Known(ProductStatus::KNOWN),
    }],
    search_hint: "Name, vendor",
    searched: &[],
    unshown: &[],
    rql_hint: None,
};

#[derive(Template)]
#[template(path = "products.html")]
struct ProductsPage {
    shell: Shell,
    list: ListView<Card>,
}

/// A product in the list.
struct Card {
    id: String,
    name: String,
    description: String,
    owner: String,
    mark: Mark,
    /// The address of its logo; empty when it has none.
    logo: String,
    has_hold: bool,
}

/// Answers `GET /products`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Products, "Products").live(&["product"]);
    let page = ProductsPage { list: LIST.read(&visitor, Card::new).await, shell };
    Ok(page.list.show(&page))
}

impl Card {
    fn new(product: &Product) -> Self {
        let owner = product.owner.as_ref();
        Self {
            description: text_in(&product.rest, "short_description").to_owned(),
            owner: owner.and_then(|owner| owner.name.clone()).unwrap_or_default(),
            mark: Mark::from(&product.status),
            logo: text_in(&product.rest, "icon").to_owned(),
            has_hold: product.capabilities.is_on(Capability::Hold),
            id: product.id.to_string(),
            name: product.name.clone(),
        }
    }
}
