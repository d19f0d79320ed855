//! The parameters of a product.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{
    DateTime, ParameterId, ParameterPhase, ParameterType, ProductId, ProductParameter,
};
use serde_json::{Value, json};

use super::product::placed;
use super::{bounded, choice, copy, must_stay, touch};
use crate::world::product::{DISPLAYED, ParameterSpec, ProductRecord};
use crate::world::read::json as to_json;
use crate::world::{Actor, Denied, World, body};

/// Fields of a parameter that are kept as they come.
const PLAIN: &[&str] = &["description", "hint", "placeholder", "default", "parent", "position"];

/// How many characters a title has at most (OpenAPI 37.0).
const LONGEST_TITLE: usize = 255;

/// Whose parameters a phase knows.
fn scopes(phase: &ParameterPhase) -> &'static [&'static str] {
    match phase {
        ParameterPhase::Configuration => &["product", "item", "marketplace", "item_marketplace"],
        _ => &["asset", "tier1", "tier2"],
    }
}

impl World {
    pub(in crate::world) fn create_parameter(
        &mut self,
        who: &Actor,
        product: &ProductId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        self.edit_product(who, product, |record, now| {
            let parameter = new_parameter(record, body, now)?;
            let shown = to_json(&parameter);
            record.parameters.push(Arc::new(ParameterSpec::new(parameter)));
            shown
        })
    }

    pub(in crate::world) fn update_parameter(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &ParameterId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        self.edit_product(who, product, |record, now| {
            let parameter = &mut record.parameter_mut(id)?.parameter;
            must_stay(body, "name", &parameter.name)?;
            must_stay(body, "type", parameter.kind.as_str())?;
            must_stay(body, "phase", parameter.phase.as_str())?;
            must_stay(body, "scope", &parameter.scope)?;
            if body.get("title").is_some() {
                parameter.title = bounded(body, "title", LONGEST_TITLE)?;
            }
            describe(parameter, body);
            touch(&mut parameter.rest, now);
            to_json(parameter)
        })
    }

    pub(in crate::world) fn delete_parameter(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &ParameterId,
    ) -> Result<(), Denied> {
        self.edit_product(who, product, |record, _| {
            record.parameter_mut(id)?.deleted = true;
            Ok(())
        })
    }
}

/// The parameter a body describes, as the next of its product.
fn new_parameter(
    record: &ProductRecord,
    body: &Value,
    now: DateTime,
) -> Result<ProductParameter, Denied> {
    let name = key(record, body)?;
    let types: Vec<&'static str> = ParameterType::KNOWN.iter().chain(&DISPLAYED).copied().collect();
    let kind = ParameterType::from(choice(body, "type", &types)?);
    let phase = ParameterPhase::from(choice(body, "phase", ParameterPhase::KNOWN)?);
    let scope = choice(body, "scope", scopes(&phase))?.to_owned();
    let title = body::filled_within(body, "title", LONGEST_TITLE)?;
    let place = record.parameters.len();
    let mut parameter = ProductParameter {
        id: ParameterId::of(record.id(), place as u32 + 1),
        title: title.unwrap_or_else(|| name.clone()),
        name,
        kind,
        phase,
        scope,
        constraints: json!({"required": false, "hidden": false, "unique": false}),
        rest: placed(place, now),
    };
    describe(&mut parameter, body);
    Ok(parameter)
}

/// The name of a new parameter: letters, digits, `_` and `-`, and not taken.
fn key(record: &ProductRecord, body: &Value) -> Result<String, Denied> {
    let name = bounded(body, "name", 100)?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(Denied::invalid("name: Enter a valid value: letters, digits, `_` and `-`."));
    }
    if record.parameters.iter().any(|spec| !spec.deleted && *spec.key == *name) {
        let text = "name: Parameter with same name already exists for the product.";
        return Err(Denied::invalid(text));
    }
    Ok(name)
}

/// Writes what can be changed at any time. Constraints the body leaves out stay.
fn describe(parameter: &mut ProductParameter, body: &Value) {
    copy(PLAIN, body, &mut parameter.rest);
    let given = body.get("constraints").and_then(Value::as_object);
    if let (Some(given), Some(held)) = (given, parameter.constraints.as_object_mut()) {
        held.extend(given.clone());
    }
}
