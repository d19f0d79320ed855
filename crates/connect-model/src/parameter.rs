//! Parameters of assets and requests.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lenient;
use crate::open_enum::open_enum;
use crate::rest::Rest;

open_enum! {
    /// The phase in which a parameter gets its value (OpenAPI 37.0).
    ParameterPhase {
        /// The order.
        Ordering = "ordering",
        /// The vendor's fulfillment.
        Fulfillment = "fulfillment",
        /// The set-up of a product, item or marketplace.
        Configuration = "configuration",
    }
}

open_enum! {
    /// The kind of value a parameter holds (OpenAPI 37.0).
    ParameterType {
        /// A line of text.
        Text = "text",
        /// One of several values.
        Dropdown = "dropdown",
        /// Text that is not shown.
        Password = "password",
        /// An address for mail.
        Email = "email",
        /// Several values, each on or off.
        Checkbox = "checkbox",
        /// A name below a fixed domain.
        Subdomain = "subdomain",
        /// A domain name.
        Domain = "domain",
        /// A postal address.
        Address = "address",
        /// A telephone number.
        Phone = "phone",
        /// Any JSON value.
        Object = "object",
        /// A link.
        Url = "url",
        /// One of several values, all shown.
        Choice = "choice",
    }
}

impl ParameterType {
    /// Whether values of this type are more than text, and stand in `structured_value`.
    #[must_use]
    pub fn is_structured(&self) -> bool {
        matches!(self, Self::Checkbox | Self::Address | Self::Phone | Self::Object)
    }
}

/// A parameter with its value. In assets and requests `id` is the parameter's *key*, such as
/// `subscription_id`, not its `PRM-…` id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The key.
    pub id: String,
    /// Normally the key again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A label for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A longer label for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The kind of value it holds.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ParameterType>,
    /// The phase in which it gets its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<ParameterPhase>,
    /// The value as text; empty when there is none.
    #[serde(default, deserialize_with = "lenient::text")]
    pub value: Option<String>,
    /// The value of types that are not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_value: Option<Value>,
    /// The fault of the value, in words; empty when it has none.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub value_error: Option<String>,
    /// `required`, `hidden`, `unique`, `readonly` and more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraints: Option<Value>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Parameter {
    /// Returns the value as text, when there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_deref().filter(|value| !value.is_empty())
    }

    /// Whether approval needs a value here.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.flag("required")
    }

    /// Whether there is no value, neither as text nor structured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text().is_none() && !self.structured_value.as_ref().is_some_and(says_something)
    }

    /// Whether a boolean constraint is set; one that is not there is not.
    #[must_use]
    pub fn flag(&self, constraint: &str) -> bool {
        let constraints = self.constraints.as_ref();
        constraints.and_then(|all| all.get(constraint)).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// Whether a value says anything: a checkbox when one of its boxes is on, others when they are not
/// empty.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

/// A change of one parameter of a request by `PUT`; absent fields keep what they hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterUpdate {
    /// The key.
    pub id: String,
    /// The new value.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The new value of types that are not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_value: Option<Value>,
    /// The fault of the value, in words; `""` clears it.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub value_error: Option<String>,
    /// The same for translation: a message of the product and its variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_error: Option<Value>,
}

impl ParameterUpdate {
    /// Sets a value.
    pub fn value(id: impl Into<String>, value: impl Into<String>) -> Self {
        Self { id: id.into(), value: Some(value.into()), ..Self::default() }
    }

    /// Marks a value as wrong.
    pub fn error(id: impl Into<String>, error: impl Into<String>) -> Self {
        Self { id: id.into(), value_error: Some(error.into()), ..Self::default() }
    }
}
