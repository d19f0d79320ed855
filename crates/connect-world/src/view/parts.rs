//! The parts of an object that a query adds or removes: decided once, then left out of each view
//! rather than taken out of what it wrote.

use crate::actor::{Actor, Side};
use crate::query::select::Selection;

/// The parts of an asset that are shown. The default is what a query without `select(…)` shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AssetParts {
    pub(crate) template: bool,
    pub(crate) pending_request: bool,
    pub(crate) pending_template: bool,
    pub(crate) capabilities: bool,
    pub(crate) params: bool,
    pub(crate) items: bool,
    pub(crate) configuration: bool,
    /// The side that is shown configured values; none sees none.
    pub(crate) side: Option<Side>,
}

/// The parts of a request that are shown. The default is what a query without `select(…)` shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestParts {
    pub(crate) activation_key: bool,
    pub(crate) template: bool,
    pub(crate) asset: AssetParts,
}

impl AssetParts {
    /// Returns the parts as `select(…)` of `/assets` has them.
    pub(crate) fn of(selection: &Selection) -> Self {
        Self {
            template: selection.adds("template"),
            pending_request: selection.adds("pending_request"),
            pending_template: selection.adds("pending_request.template"),
            capabilities: selection.adds("product.capabilities"),
            params: !selection.removes("params"),
            items: !selection.removes("items"),
            configuration: !selection.removes("configuration"),
            side: None,
        }
    }

    /// Returns the same with the configured values that a caller sees.
    pub(crate) fn for_caller(self, who: &Actor) -> Self {
        Self { side: who.side(), ..self }
    }
}

impl RequestParts {
    /// Returns the same with the configured values that a caller sees.
    pub(crate) fn for_caller(self, who: &Actor) -> Self {
        Self { asset: self.asset.for_caller(who), ..self }
    }

    /// Returns the parts as `select(…)` of `/requests` has them.
    pub(crate) fn of(selection: &Selection) -> Self {
        let asset = AssetParts {
            template: false,
            pending_request: false,
            pending_template: false,
            capabilities: selection.adds("asset.product.capabilities"),
            params: !selection.removes("asset.params"),
            items: !selection.removes("asset.items"),
            configuration: !selection.removes("asset.configuration"),
            side: None,
        };
        Self {
            activation_key: !selection.removes("activation_key"),
            template: !selection.removes("template"),
            asset,
        }
    }
}

impl Default for AssetParts {
    fn default() -> Self {
        Self::of(&Selection::default())
    }
}

impl Default for RequestParts {
    fn default() -> Self {
        Self::of(&Selection::default())
    }
}
