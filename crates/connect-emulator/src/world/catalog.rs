//! What a vendor declares: products with their items, parameters and templates.

mod item;
mod parameter;
mod product;
mod template;

pub(crate) use item::standing_alone;
pub(crate) use product::{default_templates, new_product};

use std::sync::Arc;

use connect_model::{At, DateTime, Events, ProductId};
use serde_json::{Map, Value};

use super::product::ProductRecord;
use super::{Actor, Denied, EventKind, World, body};

/// The distance between neighbours in the order of items, parameters and templates.
const POSITION_STEP: usize = 10_000;

impl World {
    /// A copy of a product that its vendor is about to change.
    fn own_product(&self, who: &Actor, id: &ProductId) -> Result<ProductRecord, Denied> {
        let product = self.shared.visible_product(who, id)?;
        who.vendor()?;
        Ok((**product).clone())
    }

    /// Keeps a changed copy of a product.
    fn keep_product(&mut self, mut product: ProductRecord) {
        stamp(&mut product.product.events, "updated", self.now);
        self.put_product(EventKind::Changed, product);
    }
}

fn stamp(events: &mut Events, word: &str, at: DateTime) {
    events.insert(word.into(), At { at: Some(at), ..At::default() });
}

/// The `events` of a part of a product.
fn born(at: DateTime) -> Value {
    serde_json::json!({"created": {"at": at}, "updated": {"at": at}})
}

/// Copies the named fields of a body, as far as it has them.
fn copy(fields: &[&str], body: &Value, into: &mut Map<String, Value>) {
    for field in fields {
        if let Some(value) = body.get(field) {
            into.insert((*field).to_owned(), value.clone());
        }
    }
}

/// Refuses another value for a field that is fixed at creation. The same value may be repeated.
fn must_stay(body: &Value, field: &str, held: &str) -> Result<(), Denied> {
    match body::text(body, field) {
        Some(given) if !given.eq_ignore_ascii_case(held) => {
            Err(Denied::invalid(format!("{field}: This field cannot be changed.")))
        }
        _ => Ok(()),
    }
}

/// A word that must be one of several, whatever its capitals.
fn choice(body: &Value, field: &str, words: &[&'static str]) -> Result<&'static str, Denied> {
    let given = body::required(body, field)?;
    let found = words.iter().find(|word| word.eq_ignore_ascii_case(&given));
    found
        .copied()
        .ok_or_else(|| Denied::invalid(format!("{field}: \"{given}\" is not a valid choice.")))
}

/// A text that must be there and not be longer than so many characters.
fn bounded(body: &Value, field: &str, most: usize) -> Result<String, Denied> {
    let text = body::required(body, field)?;
    if text.chars().count() > most {
        let error = format!("{field}: Ensure this field has no more than {most} characters.");
        return Err(Denied::invalid(error));
    }
    Ok(text)
}

impl ProductRecord {
    fn parameter_mut(&mut self, id: &str) -> Option<&mut super::product::ParameterSpec> {
        let spec = self.parameters.iter_mut().find(|it| !it.deleted && it.parameter.id == *id);
        spec.map(Arc::make_mut)
    }
}
