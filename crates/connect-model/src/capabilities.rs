//! What a product can do, as switches.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The `capabilities` of a product: a tree of switches, kept whole.
///
/// Capabilities are not versioned: a change holds at once for every subscription of the product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capabilities(Value);

impl Default for Capabilities {
    fn default() -> Self {
        Self(Value::Object(Map::new()))
    }
}

impl Capabilities {
    /// Administrative Hold: suspend and resume requests reach the vendor.
    pub const HOLD: &'static str = "subscription.hold";
    /// Draft purchase requests can be validated, and so created.
    pub const CART_VALIDATION: &'static str = "cart.validation";
    /// The inquiring form is validated; inquiring requests can be updated.
    pub const INQUIRING_VALIDATION: &'static str = "inquiring.validation";
    /// Draft change requests can be created.
    pub const CHANGE_VALIDATION: &'static str = "subscription.change.validation";
    /// A change request may carry ordering parameters.
    pub const EDITABLE_ORDERING: &'static str = "subscription.change.editable_ordering_parameters";
    /// An adjustment may stand beside an open change.
    pub const SIMULTANEOUS_ADJUSTMENT: &'static str = "subscription.change.simultaneous_adjustment";

    /// Capabilities from their JSON object.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// Whether the switch at a dotted path is on; a switch that is not there is off.
    #[must_use]
    pub fn is_on(&self, path: &str) -> bool {
        let at = path.split('.').try_fold(&self.0, |value, name| value.get(name));
        at.and_then(Value::as_bool).unwrap_or(false)
    }

    /// Merges an update into these capabilities, switch by switch; what it leaves out stays.
    pub fn merge(&mut self, update: &Value) {
        merge(&mut self.0, update);
    }

    /// The JSON object.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.0
    }
}

fn merge(into: &mut Value, update: &Value) {
    match (into, update) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(fields.entry(name).or_insert(Value::Null), change);
            }
        }
        (into, update) => into.clone_from(update),
    }
}
