//! The values of a product's configuration parameters.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{
    At, DateTime, Events, ItemId, Marketplace, MarketplaceId, ProductId, Reference,
};
use serde_json::{Map, Value, json};

use crate::actor::{Actor, Token};
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::configuration::listed::ConfigurationView;
use crate::product::configuration::record::{ConfigurationScope, ConfigurationValue};
use crate::product::edit::edit_record;
use crate::product::record::{ParameterSpec, ProductRecord};
use crate::read::json as to_json;
use crate::refusal_text;
use crate::request::value::{BadValue, content};
use crate::row::{Content, ParamRow};
use crate::state::State;

/// The most characters of a value (OpenAPI 37.0).
const LONGEST_VALUE: usize = 2000;

/// A command on the configuration of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfigurationCommand {
    /// `POST /products/{product}/configurations`: writes a value in place of the one before. Without
    /// a value it takes the one before away, as the official command line tool has it.
    Set {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
}

impl CarryOut for ConfigurationCommand {
    fn body(&self) -> Option<&Value> {
        let Self::Set { body, .. } = self;
        Some(body)
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Set { product, body } => {
                set(state, who, &product, &body).map(ObjectChange::created)
            }
        }
    }
}

fn set(state: &mut State, who: &Actor, id: &ProductId, body: &Value) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let product = Arc::clone(state.shared.visible_product(who, id)?);
    let spec = parameter(&product, token, body)?;
    let item = item(&product, spec, body)?;
    let marketplace = marketplace(state, token, spec, body)?;
    let scope = ConfigurationScope { item, marketplace };
    let content = given(spec, body)?;
    edit_record(state, ProductRecord::clone(&product), |record, now| {
        match content {
            Some(content) => set_value(record, spec, &scope, &content, signed(token, now)),
            None => record.configuration.remove(&scope, &spec.key),
        }
        Ok(())
    })?;
    let product = state.shared.visible_product(who, id)?;
    to_json(&ConfigurationView::new(state, product, spec, &scope))
}

fn set_value(
    record: &mut ProductRecord,
    spec: &ParameterSpec,
    scope: &ConfigurationScope,
    content: &Content,
    now: At,
) {
    let held = record.configuration.get(scope, &spec.key);
    let mut events = held.map_or_else(Events::new, |held| held.events.clone());
    events.entry("created".into()).or_insert_with(|| now.clone());
    events.insert("updated".into(), now);
    let mut param = ParamRow::empty(Arc::clone(&spec.key));
    param.set_value(content);
    record.configuration.set(ConfigurationValue { scope: scope.clone(), param, events });
}

fn signed(token: &Token, now: DateTime) -> At {
    let by = Reference::named(token.id.as_str(), &*token.name);
    At { at: Some(now), by: Some(by), ..At::default() }
}

/// Returns the configuration parameter that a body names by id or key, when the caller may write its
/// values.
fn parameter<'w>(
    product: &'w ProductRecord,
    token: &Token,
    body: &Value,
) -> Result<&'w Arc<ParameterSpec>, Denial> {
    body::must_be_object(body, "parameter")?;
    let id = body::required(body, "parameter.id")?;
    let named = |spec: &&Arc<ParameterSpec>| *spec.key == id || spec.parameter.id == *id;
    let found = product.parameters.iter().filter(|spec| !spec.deleted).find(named);
    match found {
        Some(spec) if !spec.is_configured() => {
            let text = format!("parameter: Parameter {id} is not a configuration parameter.");
            Err(Denial::invalid(text))
        }
        Some(spec) if spec.is_set_by(token.side) => Ok(spec),
        Some(spec) if spec.is_seen_by(token.side) => Err(Denial::forbidden()),
        _ => Err(no_such("parameter", "Parameter", &id)),
    }
}

fn no_such(field: &str, kind: &str, id: &str) -> Denial {
    Denial::invalid(format!("{field}: {kind} {id} does not exist."))
}

/// Returns the item that a value is for, when the parameter has one for each.
fn item(
    product: &ProductRecord,
    spec: &ParameterSpec,
    body: &Value,
) -> Result<Option<ItemId>, Denial> {
    let Some(id) = part(spec, body, "item", spec.is_by_item())? else { return Ok(None) };
    let found = product.mentioned_item(body::at(body, "item"));
    let found = found.ok_or_else(|| no_such("item", "Item", &id))?;
    Ok(Some(found.item.id.clone()))
}

/// Returns the marketplace that a value is for, when the parameter has one for each.
fn marketplace(
    state: &State,
    token: &Token,
    spec: &ParameterSpec,
    body: &Value,
) -> Result<Option<MarketplaceId>, Denial> {
    let by_marketplace = spec.is_by_marketplace();
    let Some(id) = part(spec, body, "marketplace", by_marketplace)? else { return Ok(None) };
    let parties = &state.shared.parties;
    let seen = |it: &&Marketplace| parties.may_see_marketplace(&token.account, it);
    let found = parties.marketplace(&id).filter(seen);
    let found = found.ok_or_else(|| no_such("marketplace", "Marketplace", &id))?;
    Ok(Some(found.id.clone()))
}

/// Returns the id of the item or marketplace that a body names: the scope of the parameter says
/// whether it has to, or must not.
fn part(
    spec: &ParameterSpec,
    body: &Value,
    field: &str,
    is_asked: bool,
) -> Result<Option<String>, Denial> {
    body::must_be_object(body, field)?;
    let path = format!("{field}.id");
    if is_asked {
        return body::required(body, &path).map(Some);
    }
    if body::is_nothing(body::at(body, field)) {
        return Ok(None);
    }
    let scope = &spec.parameter.scope;
    Err(Denial::invalid(format!("{field}: A parameter of the scope {scope} has no {field}.")))
}

/// Returns the value that a body writes; none takes the held one away.
fn given(spec: &ParameterSpec, body: &Value) -> Result<Option<Content>, Denial> {
    let row = readable(spec, body)?;
    body::text_within(&row, "value", LONGEST_VALUE)?;
    let read = content(spec, &row, &ParamRow::empty(Arc::clone(&spec.key)));
    read.map_err(|BadValue { field, why }| Denial::invalid(format!("{field}: {why}")))
}

/// Returns the body as values are read. The official command line tool sends whatever reads as JSON
/// in `structured_value`, also the number that is the value of a text.
fn readable(spec: &ParameterSpec, body: &Value) -> Result<Value, Denial> {
    let structured = body::at(body, "structured_value");
    let is_empty = structured.is_null() || structured.as_object().is_some_and(Map::is_empty);
    if spec.parameter.kind.is_structured() || is_empty || !body::at(body, "value").is_null() {
        return Ok(body.clone());
    }
    let text = body::scalar(structured).ok_or_else(|| {
        Denial::invalid(format!("structured_value: {}", refusal_text::NOT_A_STRING))
    })?;
    Ok(json!({"value": text}))
}
