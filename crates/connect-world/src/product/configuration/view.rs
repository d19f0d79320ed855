//! The configuration of a product as assets show it.

use connect_model::{Events, ItemId, MarketplaceId};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::actor::Side;
use crate::product::configuration::record::{ConfigurationScope, ConfigurationValue};
use crate::product::record::ProductRecord;
use crate::view::param::text;

/// The values that hold for an asset as a whole, or for one of its items.
#[derive(Clone, Copy)]
pub(crate) struct ConfigurationParams<'w> {
    pub(crate) product: &'w ProductRecord,
    item: Option<&'w ItemId>,
    marketplace: &'w MarketplaceId,
    side: Option<Side>,
}

impl Serialize for ConfigurationParams<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows())
    }
}

impl<'w> ConfigurationParams<'w> {
    /// Returns the values for an asset on a marketplace, as a side sees them; nobody sees none.
    pub(crate) fn of(
        product: &'w ProductRecord,
        marketplace: &'w MarketplaceId,
        side: Option<Side>,
    ) -> Self {
        Self { product, item: None, marketplace, side }
    }

    /// Returns the values for an item of the asset.
    pub(crate) fn for_item(self, item: &'w ItemId) -> Self {
        Self { item: Some(item), ..self }
    }

    fn rows(self) -> impl Iterator<Item = ConfigurationParam<'w>> {
        let Self { product, item, marketplace, side } = self;
        let scopes = [None, Some(marketplace)].map(|marketplace| ConfigurationScope {
            item: item.cloned(),
            marketplace: marketplace.cloned(),
        });
        let values = scopes.into_iter().flat_map(|scope| product.configuration.in_scope(&scope));
        values.filter_map(move |value| ConfigurationParam::of(value, product, side?))
    }
}

/// `{params}`.
#[derive(Serialize)]
pub(crate) struct ConfigurationView<'w> {
    pub(crate) params: ConfigurationParams<'w>,
}

/// A configuration parameter with its value as assets show it.
#[derive(Serialize)]
struct ConfigurationParam<'w> {
    id: &'w str,
    title: &'w str,
    description: &'w str,
    #[serde(rename = "type")]
    kind: &'w str,
    scope: &'w str,
    phase: &'w str,
    value: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_value: Option<&'w Value>,
    constraints: &'w Value,
    events: &'w Events,
}

impl<'w> ConfigurationParam<'w> {
    fn of(value: &'w ConfigurationValue, product: &'w ProductRecord, side: Side) -> Option<Self> {
        let mut known = product.configuration_parameters();
        let spec = known.find(|spec| spec.key == value.param.key && spec.is_seen_by(side))?;
        let declared = &spec.parameter;
        Some(Self {
            id: &spec.key,
            title: &declared.title,
            description: text(spec, "description"),
            kind: declared.kind.as_str(),
            scope: &declared.scope,
            phase: declared.phase.as_str(),
            value: &value.param.value,
            structured_value: value.param.structured_value.as_deref(),
            constraints: &declared.constraints,
            events: &value.events,
        })
    }
}
