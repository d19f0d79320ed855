//! The edits of what a vendor declares: products with their items, parameters and templates.

pub(crate) mod action;
pub(crate) mod capabilities;
pub(crate) mod configuration;
pub(crate) mod item;
pub(crate) mod parameter;
pub(crate) mod product;
pub(crate) mod template;

use std::sync::Arc;

use connect_model::{At, DateTime, Events, ParameterId, ProductId, Rest, Template, TemplateId};
use serde_json::{Map, Value, json};

use crate::actor::Actor;
use crate::body;
use crate::denial::Denial;
use crate::product::record::{CatalogItem, ParameterSpec, ProductRecord};
use crate::product::shown_constraints::ShownConstraints;
use crate::refusal_text;
use crate::state::State;

/// The distance between neighbours in the order of items, parameters and templates.
const POSITION_STEP: usize = 10_000;

/// Returns a product of the calling vendor's own.
fn own_product<'w>(
    state: &'w State,
    who: &Actor,
    id: &ProductId,
) -> Result<&'w Arc<ProductRecord>, Denial> {
    let product = state.shared.visible_product(who, id)?;
    who.vendor()?;
    Ok(product)
}

/// Edits a product of the calling vendor's own. A refused edit leaves it as it was.
fn edit_product<T>(
    state: &mut State,
    who: &Actor,
    id: &ProductId,
    edit: impl FnOnce(&mut ProductRecord, DateTime) -> Result<T, Denial>,
) -> Result<T, Denial> {
    let product = ProductRecord::clone(own_product(state, who, id)?);
    edit_record(state, product, edit)
}

/// Edits a product that the caller may write to. A refused edit leaves it as it was.
fn edit_record<T>(
    state: &mut State,
    mut product: ProductRecord,
    edit: impl FnOnce(&mut ProductRecord, DateTime) -> Result<T, Denial>,
) -> Result<T, Denial> {
    let answer = edit(&mut product, state.now)?;
    stamp(&mut product.product.events, "updated", state.now);
    state.put(product);
    Ok(answer)
}

fn stamp(events: &mut Events, word: &str, at: DateTime) {
    events.insert(word.into(), At { at: Some(at), ..At::default() });
}

/// Returns the `events` of a part of a product.
fn born(at: DateTime) -> Value {
    json!({"created": {"at": at}, "updated": {"at": at}})
}

/// Notes in the `events` of a part that it was changed.
fn touch(part: &mut Rest, at: DateTime) {
    if let Some(events) = part.get_mut("events").and_then(Value::as_object_mut) {
        events.insert("updated".to_owned(), json!({"at": at}));
    }
}

/// Copies the named fields of a body, as far as it has them.
fn copy(fields: &[&str], body: &Value, into: &mut Map<String, Value>) {
    for field in fields {
        if let Some(value) = body.get(field) {
            into.insert((*field).to_owned(), value.clone());
        }
    }
}

/// Reads a word that must be one of several, whatever its capitals.
fn choice(body: &Value, field: &str, words: &[&'static str]) -> Result<&'static str, Denial> {
    let given = body::required(body, field)?;
    let found = words.iter().find(|word| word.eq_ignore_ascii_case(&given));
    found
        .copied()
        .ok_or_else(|| Denial::invalid(format!("{field}: {}", refusal_text::not_a_choice(&given))))
}

/// Reads a text that must be there and not be longer than so many characters.
fn bounded(body: &Value, field: &str, most: usize) -> Result<String, Denial> {
    let text = body::required(body, field)?;
    body::must_fit(field, &text, most)?;
    Ok(text)
}

impl ProductRecord {
    /// Returns a living item, by global or local id.
    fn item_mut(&mut self, id: &str) -> Result<&mut CatalogItem, Denial> {
        let mut living = self.items.iter_mut().filter(|row| !row.deleted);
        let row = living.find(|row| row.item.id == *id || row.item.local_id == id);
        row.ok_or_else(Denial::not_found)
    }

    fn parameter_mut(&mut self, id: &ParameterId) -> Result<&mut ParameterSpec, Denial> {
        let spec = self.parameters.iter_mut().find(|it| !it.deleted && it.parameter.id == *id);
        let spec = spec.map(Arc::make_mut).ok_or_else(Denial::not_found)?;
        spec.shown = ShownConstraints::default();
        Ok(spec)
    }

    fn template_mut(&mut self, id: &TemplateId) -> Result<&mut Template, Denial> {
        let template = self.templates.iter_mut().find(|template| template.id == *id);
        template.ok_or_else(Denial::not_found)
    }
}
