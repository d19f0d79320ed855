//! Step 3: how much of what, and the ordering parameters.

use askama::Template;
use connect_model::Product;

use super::draft::{Draft, Step};
use super::{Frame, PATH};
use crate::ui::catalog::{Catalog, Control, ItemInput, ParameterInput, is_secret};
use crate::ui::page::{ErrorPage, Page, reason, show as show_page};
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "purchase_wizard/items.html")]
struct ItemsPage {
    shell: Shell,
    frame: Frame,
    product: Product,
    items: Vec<ItemInput>,
    parameters: Vec<ParameterInput>,
    /// The reason why the next step cannot begin.
    refused: Option<String>,
}

/// Returns why the items that were chosen cannot be ordered.
pub(super) async fn hindrance(
    visitor: &Visitor,
    draft: &Draft,
) -> Result<Option<String>, ErrorPage> {
    const NOTHING: &str = "Every quantity is 0: order at least one of something.";
    let Some(offer) = draft.offer() else { return Ok(None) };
    let catalog = Catalog::of(visitor, &offer.product).await?;
    Ok(match catalog.chosen(draft.fields()) {
        Ok(0) => Some(NOTHING.to_owned()),
        Ok(_) => None,
        Err(denied) => Some(reason(&denied)),
    })
}

/// Answers `GET /subscriptions/new?step=items`.
pub(super) async fn show(visitor: &Visitor, draft: &Draft, refused: Option<String>) -> Page {
    let product = draft.offer().map(|offer| offer.product).unwrap_or_default();
    let product: Product = visitor.read(&Collection::Products, product.as_str()).await?;
    let catalog = Catalog::of(visitor, &product.id).await?;
    let fields = draft.fields();
    Ok(show_page(&ItemsPage {
        shell: visitor.shell(Section::Subscriptions, "Create Subscription"),
        frame: Frame::of(draft, Step::Items),
        items: catalog.item_inputs(fields, None),
        parameters: catalog.parameter_inputs(fields, None, |it| !is_secret(it)),
        product,
        refused,
    }))
}
