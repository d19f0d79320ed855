//! The configuration of a product as the world keeps it.

use connect_model::{Events, ItemId, MarketplaceId};
use serde::{Deserialize, Serialize};

use crate::row::ParamRow;

/// The part of a product's sales that a value holds for: all of them, those of an item, those on a
/// marketplace, or those of an item on a marketplace.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ConfigurationScope {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<ItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) marketplace: Option<MarketplaceId>,
}

/// The value of a configuration parameter in one scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ConfigurationValue {
    pub(crate) scope: ConfigurationScope,
    pub(crate) param: ParamRow,
    pub(crate) events: Events,
}

/// The values of a product's configuration, in the order of their scopes and keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Configuration(Vec<ConfigurationValue>);

impl Configuration {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a parameter in a scope.
    pub(crate) fn get(&self, scope: &ConfigurationScope, key: &str) -> Option<&ConfigurationValue> {
        self.place(scope, key).ok().map(|place| &self.0[place])
    }

    /// Takes a value in place of the one that its parameter has in its scope.
    pub(crate) fn set(&mut self, value: ConfigurationValue) {
        match self.place(&value.scope, &value.param.key) {
            Ok(place) => self.0[place] = value,
            Err(place) => self.0.insert(place, value),
        }
    }

    /// Removes the value of a parameter in a scope.
    pub(crate) fn remove(&mut self, scope: &ConfigurationScope, key: &str) {
        if let Ok(place) = self.place(scope, key) {
            self.0.remove(place);
        }
    }

    /// Removes all values of a parameter.
    pub(crate) fn forget(&mut self, key: &str) {
        self.0.retain(|held| &*held.param.key != key);
    }

    /// Returns the values of a scope.
    pub(crate) fn in_scope(&self, scope: &ConfigurationScope) -> &[ConfigurationValue] {
        let start = self.0.partition_point(|held| held.scope < *scope);
        let end = self.0.partition_point(|held| held.scope <= *scope);
        self.0.get(start..end).unwrap_or_default()
    }

    /// Returns where a value is, or where it would be.
    fn place(&self, scope: &ConfigurationScope, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|held| (&held.scope, &*held.param.key).cmp(&(scope, key)))
    }
}
