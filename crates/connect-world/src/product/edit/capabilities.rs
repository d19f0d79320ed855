//! The capabilities of products: those of a new one, and those that an update sets.

use connect_model::{RenewalSchema, UsageSchema};
use serde_json::{Value, json};

use crate::body;
use crate::denial::Denial;
use crate::refusal_text;

/// Returns the switches of a new product: all off. Names: OpenAPI 37.0.
pub(crate) fn default_capabilities() -> Value {
    let scheduling = json!({"scheduling": false});
    let offline = json!({"scheduling": false, "offline": "no"});
    json!({
        "ppu": null,
        "reservation": {"consumption": false},
        "cart": {"validation": false},
        "inquiring": {"validation": false},
        "tiers": {"configs": null, "updates": false, "validation": false},
        "subscription": {
            "hold": false,
            "schema": "evergreen",
            "purchase": scheduling,
            "resume": scheduling,
            "suspend": offline,
            "cancel": offline,
            "change": {
                "editable_ordering_parameters": false,
                "editable_fulfillment_parameters": false,
                "validation": false,
                "inquiring_validation": false,
                "scheduling": false,
                "simultaneous_adjustment": false,
            },
            "renew": {
                "enable_renew": false,
                "editable_ordering_parameters": false,
                "editable_fulfillment_parameters": false,
                "validation": false,
                "inquiring_validation": false,
                "scheduling": false,
            },
            "transfer": {
                "enable_transfer": false,
                "transfer_autoapprove": false,
                "editable_ordering_parameters": false,
                "editable_fulfillment_parameters": false,
                "validation": false,
                "inquiring_validation": false,
            },
        },
    })
}

/// Returns the switches an update sets. Where it names no renewal schema, the product's own stays.
pub(crate) fn switches(update: &Value) -> Result<Value, Denial> {
    if !update.is_object() {
        return Err(Denial::invalid("capabilities: Expected an object."));
    }
    must_have_shape(&default_capabilities(), update, "capabilities")?;
    must_have_usage_schema(update)?;
    let configs = body::at(update, "tiers.configs");
    let level = match configs.is_null() {
        true => None,
        false => Some(body::at(configs, "level")),
    };
    if level.is_some_and(|level| !matches!(level.as_u64(), Some(1 | 2))) {
        return Err(Denial::invalid("capabilities.tiers.configs.level: Not a valid choice."));
    }
    let mut update = update.clone();
    let schema = body::at(&update, "subscription.schema").clone();
    if body::is_nothing(&schema) {
        let subscription = update.get_mut("subscription").and_then(Value::as_object_mut);
        subscription.and_then(|subscription| subscription.remove("schema"));
    } else if !RenewalSchema::KNOWN.iter().any(|known| schema == *known) {
        let word = body::scalar(&schema).unwrap_or_default();
        let text =
            format!("capabilities.subscription.schema: {}", refusal_text::not_a_choice(&word));
        return Err(Denial::invalid(text));
    }
    Ok(update)
}

/// Refuses switches of another kind than a new product has them: objects of switches, and booleans.
/// What has no kind yet, or is not known, may be anything.
fn must_have_shape(known: &Value, update: &Value, path: &str) -> Result<(), Denial> {
    match (known, update) {
        (Value::Object(known), Value::Object(update)) => {
            for (name, update) in update {
                let path = format!("{path}.{name}");
                must_have_shape(known.get(name).unwrap_or(&Value::Null), update, &path)?;
            }
            Ok(())
        }
        (Value::Object(_), other) => {
            Err(Denial::invalid(format!("{path}: {}", refusal_text::not_an_object(other))))
        }
        (Value::Bool(_), Value::Bool(_)) | (Value::Null | Value::String(_), _) => Ok(()),
        _ => Err(Denial::invalid(format!("{path}: Must be a valid boolean."))),
    }
}

/// Refuses metered items of a schema that there is not. Its letters may be small, too.
fn must_have_usage_schema(update: &Value) -> Result<(), Denial> {
    let refused = |why: String| Err(Denial::invalid(format!("capabilities.ppu{why}")));
    let usage = match body::at(update, "ppu") {
        Value::Null => return Ok(()),
        usage @ Value::Object(_) => usage,
        other => return refused(format!(": {}", refusal_text::not_an_object(other))),
    };
    match body::at(usage, "schema") {
        Value::Null => Ok(()),
        Value::String(word) if is_usage_schema(word) => Ok(()),
        Value::String(word) => refused(format!(".schema: {}", refusal_text::not_a_choice(word))),
        _ => refused(format!(".schema: {}", refusal_text::NOT_A_STRING)),
    }
}

fn is_usage_schema(word: &str) -> bool {
    UsageSchema::KNOWN.iter().any(|known| known.eq_ignore_ascii_case(word))
}
