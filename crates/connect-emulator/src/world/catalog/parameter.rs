//! The parameters of a product.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{ParameterId, ParameterPhase, ParameterType, ProductId, ProductParameter};
use serde_json::{Value, json};

use super::product::placed;
use super::{bounded, choice, copy, must_stay};
use crate::world::product::{ParameterSpec, ProductRecord};
use crate::world::read::json as to_json;
use crate::world::{Actor, Denied, World, body};

/// Fields of a parameter that are kept as they come.
const PLAIN: &[&str] = &["description", "hint", "placeholder", "default", "parent", "position"];

/// Types of parameters, with the two that are only shown (OpenAPI 37.0).
const DISPLAYED: [&str; 2] = ["heading", "content"];

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
        let mut record = self.own_product(who, product)?;
        let name = key(&record, body)?;
        let types: Vec<&'static str> =
            ParameterType::KNOWN.iter().chain(&DISPLAYED).copied().collect();
        let kind = ParameterType::from(choice(body, "type", &types)?);
        let phase = ParameterPhase::from(choice(body, "phase", ParameterPhase::KNOWN)?);
        let scope = choice(body, "scope", scopes(&phase))?.to_owned();
        let place = record.parameters.len();
        let mut parameter = ProductParameter {
            id: ParameterId::of(product, place as u32 + 1),
            title: body::filled(body, "title").unwrap_or_else(|| name.clone()),
            name,
            kind,
            phase,
            scope,
            constraints: json!({"required": false, "hidden": false, "unique": false}),
            rest: placed(place, self.now),
        };
        describe(&mut parameter, body);
        let shown = to_json(&parameter);
        record.parameters.push(Arc::new(ParameterSpec::new(parameter)));
        self.keep_product(record);
        shown
    }

    pub(in crate::world) fn update_parameter(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &ParameterId,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        let mut record = self.own_product(who, product)?;
        let spec = record.parameter_mut(id.as_str()).ok_or_else(Denied::not_found)?;
        let parameter = &mut spec.parameter;
        must_stay(body, "name", &parameter.name)?;
        must_stay(body, "type", parameter.kind.as_str())?;
        must_stay(body, "phase", parameter.phase.as_str())?;
        must_stay(body, "scope", &parameter.scope)?;
        if body.get("title").is_some() {
            parameter.title = bounded(body, "title", 255)?;
        }
        describe(parameter, body);
        let shown = to_json(parameter);
        self.keep_product(record);
        shown
    }

    pub(in crate::world) fn delete_parameter(
        &mut self,
        who: &Actor,
        product: &ProductId,
        id: &ParameterId,
    ) -> Result<(), Denied> {
        let mut record = self.own_product(who, product)?;
        record.parameter_mut(id.as_str()).ok_or_else(Denied::not_found)?.deleted = true;
        self.keep_product(record);
        Ok(())
    }
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
