//! The parameters of a product.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{
    DateTime, ParameterId, ParameterPhase, ParameterType, ProductId, ProductParameter,
};
use serde_json::{Value, json};

use crate::read::json as to_json;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::edit::product::placed;
use crate::product::edit::{bounded, choice, copy, edit_product, touch};
use crate::product::record::{DISPLAYED, ParameterSpec, ProductRecord};
use crate::state::State;
use crate::unwritten::must_stay_except;

/// Fields of a parameter that are kept as they come.
const PLAIN: &[&str] = &["description", "hint", "placeholder", "default", "parent", "position"];

/// Fields beside those that a `PUT` may differ in.
const CHANGEABLE: &[&str] = &["title", "constraints", "events"];

/// Fields that a parameter has among its constraints, and not beside them (OpenAPI 37.0).
const CONSTRAINTS: &[&str] = &[
    "required",
    "hidden",
    "unique",
    "readonly",
    "reconciliation",
    "shared",
    "min_length",
    "max_length",
    "choices",
    "level",
    "display_content",
    "dependency",
];

/// The most characters of a title (OpenAPI 37.0).
const LONGEST_TITLE: usize = 255;

/// Returns the scopes whose parameters a phase knows.
fn scopes(phase: &ParameterPhase) -> &'static [&'static str] {
    match phase {
        ParameterPhase::Configuration => &["product", "item", "marketplace", "item_marketplace"],
        _ => &["asset", "tier1", "tier2"],
    }
}

/// A command on the parameters of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterCommand {
    /// `POST /products/{product}/parameters`.
    Create {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/parameters/{id}`.
    Update {
        /// The product.
        product: ProductId,
        /// The parameter.
        id: ParameterId,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/parameters/{id}`.
    Delete {
        /// The product.
        product: ProductId,
        /// The parameter.
        id: ParameterId,
    },
}

impl CarryOut for ParameterCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body, .. } | Self::Update { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { product, body } => {
                create(state, who, &product, &body).map(ObjectChange::created)
            }
            Self::Update { product, id, body } => {
                update(state, who, &product, &id, &body).map(ObjectChange::changed)
            }
            Self::Delete { product, id } => {
                delete(state, who, &product, &id).map(ObjectChange::deleted)
            }
        }
    }
}

fn create(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        let parameter = new_parameter(record, body, now)?;
        let shown = to_json(&parameter);
        record.parameters.push(Arc::new(ParameterSpec::new(parameter)));
        shown
    })
}

fn update(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &ParameterId,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        let parameter = &mut record.parameter_mut(id)?.parameter;
        must_stay_except(&[PLAIN, CHANGEABLE].concat(), &json!(parameter), body)?;
        if body.get("title").is_some() {
            parameter.title = bounded(body, "title", LONGEST_TITLE)?;
        }
        describe(parameter, body)?;
        touch(&mut parameter.rest, now);
        to_json(parameter)
    })
}

fn delete(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &ParameterId,
) -> Result<(), Denial> {
    edit_product(state, who, product, |record, _| {
        let spec = record.parameter_mut(id)?;
        spec.deleted = true;
        let key = Arc::clone(&spec.key);
        record.configuration.forget(&key);
        Ok(())
    })
}

/// Returns the parameter a body describes, as the next of its product.
fn new_parameter(
    record: &ProductRecord,
    body: &Value,
    now: DateTime,
) -> Result<ProductParameter, Denial> {
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
    describe(&mut parameter, body)?;
    Ok(parameter)
}

/// Reads the name of a new parameter: letters, digits, `_` and `-`, and not taken.
fn key(record: &ProductRecord, body: &Value) -> Result<String, Denial> {
    let name = bounded(body, "name", 100)?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(Denial::invalid("name: Enter a valid value: letters, digits, `_` and `-`."));
    }
    if record.parameters.iter().any(|spec| !spec.deleted && *spec.key == *name) {
        let text = "name: Parameter with same name already exists for the product.";
        return Err(Denial::invalid(text));
    }
    Ok(name)
}

/// Writes what can be changed at any time. Constraints the body leaves out stay.
fn describe(parameter: &mut ProductParameter, body: &Value) -> Result<(), Denial> {
    if let Some(field) = CONSTRAINTS.iter().find(|field| body.get(field).is_some()) {
        return Err(Denial::invalid(format!("{field}: This field belongs in constraints.")));
    }
    body::must_be_object(body, "constraints")?;
    copy(PLAIN, body, &mut parameter.rest);
    let given = body.get("constraints").and_then(Value::as_object);
    if let (Some(given), Some(held)) = (given, parameter.constraints.as_object_mut()) {
        held.extend(given.clone());
    }
    Ok(())
}
