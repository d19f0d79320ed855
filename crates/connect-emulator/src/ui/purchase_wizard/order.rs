//! The body of `POST /requests`, and where to correct it.

use connect_model::Asset;
use connect_model::asset_request::{NewRequest, NewTier};
use serde_json::{Map, Value, json};

use super::draft::{self, Buyer, Offer, Step};
use crate::ui::account_form::AccountForm;
use crate::ui::catalog::Catalog;
use crate::ui::fields::Fields;
use crate::ui::page::ErrorPage;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

/// Returns the order as REST takes it.
pub(super) async fn body(visitor: &Visitor, fields: &Fields) -> Result<Value, Denial> {
    Ok(json!(request(visitor, fields, None).await?))
}

/// Returns what an order's draft does not have yet, as REST takes it.
pub(super) async fn update(
    visitor: &Visitor,
    fields: &Fields,
    draft: &Asset,
) -> Result<Value, Denial> {
    let body = json!(request(visitor, fields, Some(draft)).await?);
    let parts = ["items", "params", "tiers"].map(|part| (part, body["asset"][part].clone()));
    let parts: Map<_, _> =
        parts.map(|(part, value)| (part.to_owned(), value)).into_iter().collect();
    Ok(json!({ "asset": parts }))
}

/// Returns the order, or what of it a draft does not have yet.
async fn request(
    visitor: &Visitor,
    fields: &Fields,
    draft: Option<&Asset>,
) -> Result<NewRequest, Denial> {
    let offer = draft::offer(fields).ok_or_else(Denial::not_found)?;
    let catalog = Catalog::of(visitor, &offer.product).await.map_err(ErrorPage::denied)?;
    let request = begin(&offer).tier("customer", &buyer(fields));
    let request = catalog.with_items(request, fields, draft)?;
    catalog.with_parameters(request, fields, draft)
}

fn begin(offer: &Offer) -> NewRequest {
    match &offer.connection {
        Some(connection) => NewRequest::purchase(&offer.product, connection),
        None => NewRequest::preview_purchase(&offer.product),
    }
}

fn buyer(fields: &Fields) -> NewTier {
    match draft::buyer(fields) {
        Some(Buyer::Known(id)) => NewTier::Known(id.into()),
        _ => NewTier::New(Box::new(AccountForm::of_form(fields).account())),
    }
}

/// Returns the step that asked for what the platform does not accept: it names the field.
pub(super) fn step_to_correct(denied: &Denial) -> Step {
    let names = |field: &str| denied.refusal.errors.iter().any(|error| error.starts_with(field));
    if names("asset.tiers") {
        Step::Customer
    } else if names("asset.items") || names("asset.params") {
        Step::Items
    } else {
        Step::Product
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_leads_to_the_step_that_asked() {
        let cases = [
            (Denial::forbidden(), Step::Product),
            (Denial::invalid("asset.product.id: Product does not exist."), Step::Product),
            (
                Denial::invalid("asset.tiers.customer.name: This field may not be blank."),
                Step::Customer,
            ),
            (Denial::invalid("asset.items: This list may not be empty."), Step::Items),
            (Denial::invalid("asset.params: Value of parameter x must be unique."), Step::Items),
        ];
        for (denied, step) in cases {
            assert_eq!(step_to_correct(&denied), step, "{denied:?}");
        }
    }
}
