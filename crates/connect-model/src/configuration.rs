//! The configuration of a subscription: what was set up for its product and marketplace.

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::parameter::Parameter;
use crate::rest::Rest;

/// The values of configuration parameters that hold for a subscription: those of its product, and
/// those of the marketplace it was bought on. What was set up for an item is in
/// [`Item::params`](crate::Item::params).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// The parameters that have a value.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub params: Vec<Parameter>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Configuration {
    /// Returns the parameter with a key.
    #[must_use]
    pub fn param(&self, key: &str) -> Option<&Parameter> {
        self.params.iter().find(|param| param.id == key)
    }

    /// Returns the value of the parameter with a key, when it has one.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.param(key).and_then(Parameter::text)
    }
}
