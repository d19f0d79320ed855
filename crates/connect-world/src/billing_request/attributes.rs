//! The attributes of billing requests: each side writes its own.

use connect_model::BillingRequestType as Type;
use connect_model::lifecycle::Caller;
use connect_model::lifecycle::billing_request::billed_by;
use serde_json::{Map, Value};

use crate::billing_request::record::AttributesRow;
use crate::denial::Denial;
use crate::refusal_text;

/// Returns attributes after an object with those of one side or both was written. What is the other
/// side's may be there, as it was read, but not changed.
pub(crate) fn written(
    held: &AttributesRow,
    given: &Value,
    caller: Caller,
) -> Result<AttributesRow, Denial> {
    let own = billed_by(caller);
    let side = |kind: Type, held: &Option<Map<String, Value>>| match given.get(kind.as_str()) {
        None | Some(Value::Null) => Ok(held.clone()),
        Some(Value::Object(members)) if own.as_ref() == Some(&kind) => Ok(Some(members.clone())),
        Some(Value::Object(members)) => match held.as_ref().unwrap_or(&Map::new()) == members {
            true => Ok(held.clone()),
            false => Err(Denial::forbidden()),
        },
        Some(other) => {
            let why = refusal_text::not_an_object(other);
            Err(Denial::invalid(format!("attributes.{kind}: {why}")))
        }
    };
    Ok(AttributesRow {
        vendor: side(Type::Vendor, &held.vendor)?,
        provider: side(Type::Provider, &held.provider)?,
    })
}
