//! Step 1: what is bought, and in which environment.

use askama::Template;
use connect_model::rql::Query;
use connect_model::{Connection, Product};

use super::dialog;
use super::draft::{Draft, Offer, Step};
use crate::ui::kit::{Dialog, DialogButton, Html};
use crate::ui::mark::{Mark, title};
use crate::ui::page::ErrorPage;
use crate::ui::role::Role;
use crate::ui::visitor::Visitor;
use connect_world::Collection;
use connect_world::MAX_LIMIT;

#[derive(Template)]
#[template(path = "purchase_wizard/product.html")]
struct Form {
    rows: Vec<Row>,
    /// Whether the visitor sells, rather than tries out.
    sells: bool,
}

/// A product in an environment.
struct Row {
    value: String,
    name: String,
    id: String,
    mark: Mark,
    environment: String,
    hub: String,
    why_not: Option<&'static str>,
    chosen: bool,
}

/// Returns the step.
pub(super) async fn page(visitor: &Visitor, draft: &Draft) -> Result<Dialog, ErrorPage> {
    let mut rows = rows(visitor).await?;
    choose(&mut rows, draft);
    let (is_empty, sells) = (rows.is_empty(), visitor.role == Role::Distributor);
    let fields = Html::of(&Form { rows, sells });
    let close = [DialogButton::leave("Close", "/subscriptions")].into_iter();
    let next = (!is_empty).then(|| DialogButton::next(Step::Customer.word()));
    let page = dialog(visitor, draft, Step::Product, &fields);
    Ok(Dialog { buttons: close.chain(next).collect(), ..page })
}

async fn rows(visitor: &Visitor) -> Result<Vec<Row>, ErrorPage> {
    let all = Query { limit: Some(MAX_LIMIT), ..Query::default() };
    let products = visitor.list::<Product>(&Collection::Products, &all).await?.rows;
    if visitor.role == Role::Vendor {
        return Ok(products.iter().map(Row::preview).collect());
    }
    let mut rows = Vec::new();
    for product in &products {
        let connections = Collection::Connections(product.id.clone());
        let connections = visitor.list::<Connection>(&connections, &all).await?.rows;
        if connections.is_empty() {
            rows.push(Row {
                why_not: Some("No hub of yours is connected."),
                ..Row::preview(product)
            });
        }
        rows.extend(connections.iter().map(|connection| Row::sold(product, connection)));
    }
    Ok(rows)
}

/// Marks what was chosen before, or what a link asks for, or the only thing there is.
fn choose(rows: &mut [Row], draft: &Draft) {
    let (offer, product) = (draft.fields().text("offer"), draft.fields().text("product"));
    let is_only = rows.iter().filter(|row| row.why_not.is_none()).count() == 1;
    let wanted = |row: &&mut Row| {
        let named = row.value == offer || (offer.is_empty() && row.id == product);
        row.why_not.is_none() && (named || is_only)
    };
    if let Some(row) = rows.iter_mut().find(wanted) {
        row.chosen = true;
    }
}

impl Row {
    /// Returns the vendor's own trial.
    fn preview(product: &Product) -> Self {
        Self {
            value: Offer { product: product.id.clone(), connection: None }.value(),
            name: product.name.clone(),
            id: product.id.to_string(),
            mark: Mark::from(&product.status),
            environment: "Preview".to_owned(),
            hub: String::new(),
            why_not: None,
            chosen: false,
        }
    }

    fn sold(product: &Product, connection: &Connection) -> Self {
        let offer = Offer { product: product.id.clone(), connection: Some(connection.id.clone()) };
        let hub = connection.hub.as_ref().and_then(|hub| hub.name.clone());
        let is_sold = product.status.is_for_sale();
        Self {
            value: offer.value(),
            environment: title(connection.kind.as_str()),
            hub: hub.unwrap_or_default(),
            why_not: (!is_sold).then_some("Only published products are for sale."),
            ..Self::preview(product)
        }
    }
}
