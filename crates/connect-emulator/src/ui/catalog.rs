//! The parts that orders fill in: quantities of items, and values of ordering parameters.

mod items;
mod parameters;

use std::collections::HashMap;

use connect_model::asset_request::NewRequest;
use connect_model::rql::{Query, field};
use connect_model::{
    Asset, AssetRequest, ParameterPhase, ProductId, ProductItem, ProductParameter, Rest,
};
use serde_json::Value;

use super::fields::Fields;
use super::page::ErrorPage;
use super::visitor::Visitor;
use connect_world::MAX_LIMIT;
use connect_world::{Collection, Denial};

pub(super) use items::{ITEM, ItemInput};
pub(super) use parameters::{Control, PARAMETER, ParameterInput, is_secret};

/// The items and parameters that a product offers to order, in its own order.
pub(super) struct Catalog {
    items: Vec<ProductItem>,
    /// The ordering parameters that customers see.
    parameters: Vec<ProductParameter>,
    /// The vendor's words for wrong values of a draft, by key.
    errors: HashMap<String, String>,
}

impl Catalog {
    pub(super) async fn of(visitor: &Visitor, product: &ProductId) -> Result<Self, ErrorPage> {
        let all = Query { limit: Some(MAX_LIMIT), ..Query::default() };
        let ordering = field("phase").eq(ParameterPhase::Ordering.as_str());
        let ordering = Query { filter: Some(ordering & field("scope").eq("asset")), ..all.clone() };
        let items = Collection::Items(product.clone());
        let mut items: Vec<ProductItem> = visitor.list(&items, &all).await?.rows;
        items.sort_by_key(|item| (position(&item.rest), item.id.clone()));
        let collection = Collection::Parameters(product.clone());
        let mut parameters: Vec<ProductParameter> =
            visitor.list(&collection, &ordering).await?.rows;
        parameters.retain(parameters::is_filled_in);
        parameters.sort_by_key(|parameter| (position(&parameter.rest), parameter.id.clone()));
        Ok(Self { items, parameters, errors: HashMap::new() })
    }

    /// Returns the same as the vendor has it in a draft that was validated: with its errors, and with
    /// the constraints that hold there.
    pub(super) fn validated(mut self, draft: Option<&AssetRequest>) -> Self {
        for said in draft.into_iter().flat_map(|draft| draft.asset.params.iter().flatten()) {
            let named = self.parameters.iter_mut().find(|it| it.name == said.id);
            let Some(parameter) = named else { continue };
            if let Some(constraints) = &said.constraints {
                parameter.constraints = constraints.clone();
            }
            let error = said.value_error.clone().filter(|error| !error.is_empty());
            self.errors.extend(error.map(|error| (said.id.clone(), error)));
        }
        self.parameters.retain(parameters::is_filled_in);
        self
    }

    /// Returns the fields of a form with the values that a subscription has in their place, and what
    /// that changes, in words. Secrets are left out.
    pub(super) fn overlaid(&self, fields: Fields, asset: &Asset) -> (Fields, Vec<String>) {
        let mut changed = Vec::new();
        let fields = self.parameters.iter().filter(|it| !is_secret(it)).fold(fields, |all, it| {
            let (name, held) = (parameters::field_of(it), parameters::held(it, Some(asset)));
            let typed = all.all(&name);
            if held == typed {
                return all;
            }
            let words = |values: &[String]| match values {
                [] => "nothing".to_owned(),
                values => values.join(", "),
            };
            changed.push(format!("{}: {} in place of {}", it.title, words(&held), words(&typed)));
            let held = held.iter().map(|value| (name.as_str(), value.as_str()));
            let all = all.without(std::slice::from_ref(&name));
            all.overlaid(&Fields::of_pairs(held))
        });
        (fields, changed)
    }

    /// Returns the items of a form: as it was sent, or as the subscription has them, or one of the
    /// first.
    pub(super) fn item_inputs(&self, fields: &Fields, asset: Option<&Asset>) -> Vec<ItemInput> {
        let is_sent = self.is_sent(fields);
        let places = self.items.iter().enumerate();
        places
            .map(|(place, item)| ItemInput::new(item, place, is_sent.then_some(fields), asset))
            .collect()
    }

    /// Returns the parameters of a form: as it was sent, or as the subscription has them.
    pub(super) fn parameter_inputs(
        &self,
        fields: &Fields,
        asset: Option<&Asset>,
        wanted: impl Fn(&ProductParameter) -> bool,
    ) -> Vec<ParameterInput> {
        let sent = self.is_sent(fields).then_some(fields);
        let wanted = self.parameters.iter().filter(|parameter| wanted(parameter));
        let input = |parameter: &ProductParameter| ParameterInput {
            error: self.errors.get(&parameter.name).cloned().unwrap_or_default(),
            ..ParameterInput::new(parameter, sent, asset)
        };
        wanted.map(input).collect()
    }

    /// Returns the names of fields that hold secrets.
    pub(super) fn secret_fields(&self) -> Vec<String> {
        self.parameters.iter().filter(|it| is_secret(it)).map(parameters::field_of).collect()
    }

    /// Returns the request with the quantities of a form that differ from what the subscription
    /// has.
    pub(super) fn with_items(
        &self,
        request: NewRequest,
        fields: &Fields,
        asset: Option<&Asset>,
    ) -> Result<NewRequest, Denial> {
        self.items.iter().try_fold(request, |request, item| {
            let change = items::change(item, fields, asset)?;
            Ok(match change {
                Some(quantity) => request.item(item.id.as_str(), quantity),
                None => request,
            })
        })
    }

    /// Returns how many items a form orders something of.
    pub(super) fn chosen(&self, fields: &Fields) -> Result<usize, Denial> {
        self.items.iter().try_fold(0, |count, item| {
            let ordered = items::change(item, fields, None)?;
            Ok(count + usize::from(ordered.is_some()))
        })
    }

    /// Returns the request with the values of a form that differ from what the subscription has. A
    /// secret is not shown to be kept, so an empty one stays as it is.
    pub(super) fn with_parameters(
        &self,
        request: NewRequest,
        fields: &Fields,
        asset: Option<&Asset>,
    ) -> Result<NewRequest, Denial> {
        self.parameters.iter().try_fold(request, |request, parameter| {
            let change = parameters::change(parameter, fields, asset)?;
            Ok(match change {
                Some(update) => request.param(&update),
                None => request,
            })
        })
    }

    /// Whether these are the fields of this product's form: an address may still carry those of
    /// another product.
    fn is_sent(&self, fields: &Fields) -> bool {
        self.items.iter().any(|item| fields.has(&items::field_of(item)))
    }
}

fn position(rest: &Rest) -> Option<i64> {
    rest.get("position").and_then(Value::as_i64)
}
