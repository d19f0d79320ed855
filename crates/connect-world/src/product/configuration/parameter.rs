//! The parameters of a product whose values are configured.

use std::sync::Arc;

use connect_model::ParameterPhase;
use serde_json::Value;

use crate::actor::Side;
use crate::product::record::{DISPLAYED, ParameterSpec, ProductRecord};

impl ProductRecord {
    /// Returns the parameters whose values are configured, deleted ones excluded.
    pub(crate) fn configuration_parameters(&self) -> impl Iterator<Item = &Arc<ParameterSpec>> {
        self.parameters.iter().filter(|spec| !spec.deleted && spec.is_configured())
    }
}

impl ParameterSpec {
    /// Whether it has values in a configuration.
    pub(crate) fn is_configured(&self) -> bool {
        self.parameter.phase == ParameterPhase::Configuration
            && !DISPLAYED.contains(&self.parameter.kind.as_str())
    }

    /// Whether each item has a value of its own.
    pub(crate) fn is_by_item(&self) -> bool {
        matches!(&*self.parameter.scope, "item" | "item_marketplace")
    }

    /// Whether each marketplace has a value of its own.
    pub(crate) fn is_by_marketplace(&self) -> bool {
        matches!(&*self.parameter.scope, "marketplace" | "item_marketplace")
    }

    /// Whether a side sees the configured values: the vendor does, a distributor when they are
    /// shared.
    pub(crate) fn is_seen_by(&self, side: Side) -> bool {
        side == Side::Vendor || matches!(self.shared(), Some("view" | "edit"))
    }

    /// Whether a side writes the configured values.
    pub(crate) fn is_set_by(&self, side: Side) -> bool {
        side == Side::Vendor || self.shared() == Some("edit")
    }

    fn shared(&self) -> Option<&str> {
        self.parameter.constraints.get("shared").and_then(Value::as_str)
    }
}
