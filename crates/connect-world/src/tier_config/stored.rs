//! Tier configurations as stored records, found by what they are for.

use std::sync::Arc;

use connect_model::{DateTime, ProductId, TierConfigId};

use crate::row::Params;
use crate::state::State;
use crate::stored::Stored;
use crate::table::{Place, Table};
use crate::tier_config::record::{TierConfigKey, TierConfigRecord};

impl Stored for TierConfigRecord {
    const KIND: &'static str = "tier_config";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.tier_configs
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.tier_configs
    }

    fn filed(&self) {}

    fn file(state: &mut State, place: Place, _: Option<()>) {
        if let Some(config) = state.tier_configs.at(place) {
            state.tier_config_places.insert(config.key.clone(), place);
        }
    }

    fn unfile(state: &mut State, place: Place) {
        if let Some(config) = state.tier_configs.at(place) {
            state.tier_config_places.remove(&config.key);
        }
    }

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}

impl State {
    /// Returns the configuration for a reseller, product and sales channel.
    pub(crate) fn tier_config_for(&self, key: &TierConfigKey) -> Option<&Arc<TierConfigRecord>> {
        self.tier_configs.at(*self.tier_config_places.get(key)?)
    }

    /// Returns the values of the other configurations of a product at a level.
    pub(crate) fn tier_values_beside<'w>(
        &'w self,
        product: &'w ProductId,
        level: u8,
        own: &'w TierConfigId,
    ) -> impl Iterator<Item = &'w Params> + Clone {
        let alike = move |config: &&Arc<TierConfigRecord>| {
            config.key.product == *product && config.key.level == level && config.id != *own
        };
        self.tier_configs.iter().filter(alike).map(|config| &config.params)
    }
}
