//! Step 3: how much of what, and the ordering parameters.

use askama::Template;
use connect_model::Product;

use super::dialog;
use super::draft::{Draft, Step};
use super::validation::draft_of;
use crate::ui::catalog::{Catalog, Control, ItemInput, ParameterInput, is_secret};
use crate::ui::kit::{Dialog, DialogButton, Html};
use crate::ui::page::{ErrorPage, reason};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "purchase_wizard/items.html")]
struct Form {
    product: Product,
    items: Vec<ItemInput>,
    parameters: Vec<ParameterInput>,
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

/// Returns the step.
pub(super) async fn page(visitor: &Visitor, draft: &Draft) -> Result<Dialog, ErrorPage> {
    let product = draft.offer().map(|offer| offer.product).unwrap_or_default();
    let product: Product = visitor.read(&Collection::Products, product.as_str()).await?;
    let catalog = Catalog::of(visitor, &product.id).await?;
    let catalog = catalog.validated(draft_of(visitor, draft.fields()).await.as_ref());
    let fields = draft.fields();
    let form = Form {
        items: catalog.item_inputs(fields, None),
        parameters: catalog.parameter_inputs(fields, None, |it| !is_secret(it)),
        product,
    };
    let back = DialogButton::back(Step::Customer.word());
    let next = (!form.items.is_empty()).then(|| DialogButton::next(Step::Review.word()));
    let page = dialog(visitor, draft, Step::Items, &Html::of(&form));
    Ok(Dialog { buttons: [back].into_iter().chain(next).collect(), ..page })
}
