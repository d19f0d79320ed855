//! `/products/{id}/configurations`: a row for every value there can be, with the value where there
//! is one (recorded configurations).

use std::sync::LazyLock;

use connect_model::{
    Events, ItemId, Marketplace, MarketplaceId, ProductId, ProductParameter, Reference,
};
use serde::Serialize;
use serde_json::Value;

use crate::actor::Token;
use crate::denial::Denial;
use crate::listed::Look;
use crate::party::view::marketplace_ref;
use crate::product::configuration::record::ConfigurationScope;
use crate::product::record::{ParameterSpec, ProductRecord};
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, flags, schema, searched, shown, texts};
use crate::state::State;

/// The values of a product's configuration parameters.
pub(crate) struct Configurations;

impl Shown for Configurations {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &CONFIGURATIONS
    }

    fn all(Look { state, who, token, .. }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        let product = state.shared.visible_product(who, id)?;
        let specs = product.configuration_parameters().filter(|it| it.is_seen_by(token.side));
        Ok(shown(specs.flat_map(|spec| {
            let scopes = scopes(state, token, product, spec).into_iter();
            scopes.map(|scope| ConfigurationView::new(state, product, spec, &scope))
        })))
    }
}

/// Returns the scopes in which a parameter has values, as far as the caller sees them.
fn scopes(
    state: &State,
    token: &Token,
    product: &ProductRecord,
    spec: &ParameterSpec,
) -> Vec<ConfigurationScope> {
    let parties = &state.shared.parties;
    let seen = |it: &&Marketplace| parties.may_see_marketplace(&token.account, it);
    let marketplaces = parties.marketplaces.iter().map(AsRef::as_ref).filter(seen);
    let items = either(spec.is_by_item(), product.shown_items().map(|item| item.id.clone()));
    let marketplaces = either(spec.is_by_marketplace(), marketplaces.map(|it| it.id.clone()));
    let of = |item: Option<ItemId>| {
        let scope = move |it| ConfigurationScope { item: item.clone(), marketplace: it };
        marketplaces.iter().cloned().map(scope)
    };
    items.into_iter().flat_map(of).collect()
}

/// Returns all of them, or nothing once.
fn either<T>(is_each: bool, all: impl Iterator<Item = T>) -> Vec<Option<T>> {
    if is_each { all.map(Some).collect() } else { vec![None] }
}

/// A value that a configuration parameter has, or can have. What it has not is left out: official
/// tools ask whether a field is there.
#[derive(Serialize)]
pub(crate) struct ConfigurationView<'w> {
    parameter: &'w ProductParameter,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Reference<ItemId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marketplace: Option<Reference<MarketplaceId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_value: Option<&'w Value>,
    events: Events,
}

impl<'w> ConfigurationView<'w> {
    pub(crate) fn new(
        state: &State,
        product: &'w ProductRecord,
        spec: &'w ParameterSpec,
        scope: &ConfigurationScope,
    ) -> Self {
        let held = product.configuration.get(scope, &spec.key);
        let named = |id: &ItemId| {
            let name = product.item(id).map_or("", |row| row.item.name.as_str());
            Reference::named(id.as_str(), name)
        };
        Self {
            parameter: &spec.parameter,
            item: scope.item.as_ref().map(named),
            marketplace: scope.marketplace.as_ref().map(|id| marketplace_ref(state, id)),
            value: held.map(|held| &*held.param.value),
            structured_value: held.and_then(|held| held.param.structured_value.as_deref()),
            events: held.map(|held| held.events.clone()).unwrap_or_default(),
        }
    }
}

static CONFIGURATIONS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts![
            "item.id" "item.name" "marketplace.id" "marketplace.name" "parameter.id"
            "parameter.scope" "parameter.title" "value"
        ]),
        flags!["parameter.constraints.required"],
        choices!["parameter.constraints.shared": &["view", "edit"]],
    ])
});
