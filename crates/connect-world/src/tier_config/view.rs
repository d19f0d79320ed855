//! A tier configuration as the platform shows it.

use std::sync::Arc;

use connect_model::{TierConfigId, TierConfigStatus};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::actor::{Actor, Side};
use crate::asset::record::TierRow;
use crate::denial::Denial;
use crate::product::configuration::view::{ConfigurationParams, ConfigurationView};
use crate::product::record::ProductRecord;
use crate::product::view::{ProductRef, TemplateRef};
use crate::query::select::Selection;
use crate::state::State;
use crate::tier_account::record::AccountView;
use crate::tier_config::record::TierConfigRecord;
use crate::view::channel::{LinkView, MarketplaceRef, contract_ref};
use crate::view::param::ParamsView;
use crate::view::{IdView, Lifespan, NameView};

/// A tier configuration, alone or inside a request.
#[derive(Serialize)]
pub(crate) struct TierConfigView<'w> {
    id: &'w TierConfigId,
    name: String,
    status: &'w TierConfigStatus,
    account: AccountView<'w>,
    product: ProductRef<'w>,
    tier_level: u8,
    connection: LinkView<'w>,
    contract: NameView<'w>,
    marketplace: MarketplaceRef<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<ParamsView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<ConfigurationView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<TemplateRef<'w>>,
    open_request: Option<IdView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tiers: Option<ResellersView<'w>>,
    events: Lifespan<'w>,
}

/// The parts of a tier configuration that are shown.
#[derive(Clone, Copy)]
pub(crate) struct TierConfigParts {
    pub(crate) params: bool,
    pub(crate) configuration: bool,
    pub(crate) capabilities: bool,
    pub(crate) tiers: bool,
    /// The side that is shown configured values; none sees none.
    pub(crate) side: Option<Side>,
}

impl TierConfigParts {
    /// Returns the parts as `select(…)` of `/tier/configs` has them. The resellers are shown of one
    /// that is read alone (OpenAPI 37.0).
    pub(crate) fn of(selection: &Selection, is_alone: bool) -> Self {
        Self {
            params: true,
            configuration: !selection.removes("configuration"),
            capabilities: false,
            tiers: is_alone,
            side: None,
        }
    }

    /// Returns the same with the configured values that a caller sees.
    pub(crate) fn for_caller(self, who: &Actor) -> Self {
        Self { side: who.side(), ..self }
    }
}

impl<'w> TierConfigView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(
        state: &'w State,
        config: &'w TierConfigRecord,
        parts: TierConfigParts,
    ) -> Result<Self, Denial> {
        let key = &config.key;
        let product = state.shared.product(key.product.as_str()).ok_or_else(Denial::not_found)?;
        let account = state.shared.tier_accounts.get(key.account.as_str());
        let account = account.and_then(|record| record.shown()).ok_or_else(Denial::not_found)?;
        let params = ConfigurationParams::of(product, &key.marketplace, parts.side);
        Ok(Self {
            id: &config.id,
            name: format!("Configuration of {}", key.account),
            status: &config.status,
            account,
            product: ProductRef::new(product, parts.capabilities),
            tier_level: key.level,
            connection: LinkView::new(state, &key.connection, product),
            contract: contract_ref(state, &config.contract),
            marketplace: MarketplaceRef::new(state, &key.marketplace),
            params: parts
                .params
                .then(|| ParamsView { rows: &config.params, scope: product.for_tier(key.level) }),
            configuration: parts.configuration.then_some(ConfigurationView { params }),
            template: view_template(config, product),
            open_request: config.open.as_ref().map(IdView::of),
            tiers: parts.tiers.then(|| ResellersView::new(state, &config.tiers, true)),
            events: Lifespan::unsigned(config.created, config.updated),
        })
    }
}

fn view_template<'w>(
    config: &'w TierConfigRecord,
    product: &'w ProductRecord,
) -> Option<TemplateRef<'w>> {
    config.template.as_ref().map(|id| TemplateRef::new(id, product))
}

/// The resellers behind a configuration. One that is not there is `null` at the second level and
/// `{}` at the first, of which the contract wants an object.
pub(crate) struct ResellersView<'w> {
    tier1: Option<AccountView<'w>>,
    tier2: Option<AccountView<'w>>,
}

impl<'w> ResellersView<'w> {
    pub(crate) fn new(state: &'w State, tiers: &'w Arc<TierRow>, newest: bool) -> Self {
        let account = |level| state.tier_account_at(tiers.reseller(level)?, newest);
        Self { tier1: account(1), tier2: account(2) }
    }
}

impl Serialize for ResellersView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tiers = serializer.serialize_map(Some(2))?;
        match &self.tier1 {
            Some(account) => tiers.serialize_entry("tier1", account)?,
            None => tiers.serialize_entry("tier1", &serde_json::Map::new())?,
        }
        tiers.serialize_entry("tier2", &self.tier2)?;
        tiers.end()
    }
}
