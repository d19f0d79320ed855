//! The capabilities of a product, as switches.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::capability::Capability;
use crate::renewal::RenewalSchema;
use crate::usage_file::UsageSchema;

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
    /// Takes capabilities from their JSON object.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// Whether a switch is on; a switch that is not there is off.
    #[must_use]
    pub fn is_on(&self, switch: Capability) -> bool {
        let at = switch.path().split('.').try_fold(&self.0, |value, name| value.get(name));
        at.and_then(Value::as_bool).unwrap_or(false)
    }

    /// Returns whether subscriptions go on by themselves (`subscription.schema`, OpenAPI 37.0).
    #[must_use]
    pub fn renewal_schema(&self) -> RenewalSchema {
        let word = self.0.pointer("/subscription/schema").and_then(Value::as_str);
        word.map_or(RenewalSchema::Evergreen, RenewalSchema::from)
    }

    /// Returns how many levels of resellers need a configuration: 0, 1 or 2. The platform's pages
    /// call it Reseller Authorization (`tiers.configs.level`, OpenAPI 37.0).
    #[must_use]
    pub fn tier_config_levels(&self) -> u8 {
        let level = self.0.pointer("/tiers/configs/level").and_then(Value::as_u64);
        level.map_or(0, |level| level.min(2) as u8)
    }

    /// Returns what the product's usage says; none while it reports none. That of pay-as-you-go items
    /// says what `ppu.schema` does (OpenAPI 37.0), in capitals; that of what is paid for up front alone
    /// is in quantities.
    #[must_use]
    pub fn usage_schema(&self) -> Option<UsageSchema> {
        let word = self.0.pointer("/ppu/schema").and_then(Value::as_str);
        let reserved =
            || self.is_on(Capability::ReservationConsumption).then_some(UsageSchema::Quantity);
        word.map(|word| UsageSchema::from(word.to_ascii_lowercase().as_str())).or_else(reserved)
    }

    /// Returns the columns of the vendor's own, without `v.`, that records of usage must fill
    /// (`ppu.required_custom_fields`, OpenAPI 37.0).
    pub fn required_usage_columns(&self) -> impl Iterator<Item = &str> {
        let names = self.0.pointer("/ppu/required_custom_fields").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        names.map(|name| name.strip_prefix("v.").unwrap_or(name))
    }

    /// Merges an update into these capabilities, switch by switch; what it leaves out stays.
    pub fn merge(&mut self, update: &Value) {
        merge(&mut self.0, update);
    }

    /// Returns the JSON object.
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
