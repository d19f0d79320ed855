//! `/tier/configs`.

use std::sync::Arc;

use serde::Serialize;

use crate::actor::Token;
use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::state::State;
use crate::table::Place;
use crate::tier_config::filters::{TIER_CONFIGS, TierConfigRow};
use crate::tier_config::record::TierConfigRecord;
use crate::tier_config::view::{TierConfigParts, TierConfigView};

/// Configurations of resellers for what the caller owns or sells.
pub(crate) struct TierConfigs;

impl TierConfigRow {
    pub(crate) fn new(state: &State, config: &Arc<TierConfigRecord>) -> Self {
        Self { config: Arc::clone(config), shared: Arc::clone(&state.shared) }
    }

    pub(crate) fn is_seen_by(&self, token: &Token) -> bool {
        let key = &self.config.key;
        self.shared.may_see(token, key.product.as_str(), &key.connection)
    }
}

impl Listed for TierConfigs {
    type Parent = ();
    type Row = TierConfigRow;

    const SELECTS: Selectable =
        Selectable { additions: &[], removals: &["configuration"], aliases: &[] };

    fn schema() -> &'static Schema<TierConfigRow> {
        &TIER_CONFIGS
    }

    fn rows<'w>(
        Look { state, token, .. }: Look<'w>,
        (): &(),
        query: &ListQuery<TierConfigRow>,
    ) -> Result<Rows<'w, TierConfigRow>, Denial> {
        let configs = &state.tier_configs;
        let candidates = match query.compiled.exact("id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| configs.place(id))),
            None => Candidates::Below(configs.len() as Place),
        };
        let row = move |place| {
            let row = TierConfigRow::new(state, configs.at(place)?);
            row.is_seen_by(token).then_some(row)
        };
        Ok(Rows::Placed(candidates, Box::new(row)))
    }

    fn find(
        Look { state, token, .. }: Look<'_>,
        (): &(),
        id: &str,
    ) -> Result<TierConfigRow, Denial> {
        let row = state.tier_configs.get(id).map(|config| TierConfigRow::new(state, config));
        row.filter(|row| row.is_seen_by(token)).ok_or_else(Denial::not_found)
    }

    fn show<'r>(
        Look { state, who, .. }: Look<'r>,
        row: &'r TierConfigRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let parts = TierConfigParts::of(form.selection, form.is_alone).for_caller(who);
        TierConfigView::new(state, &row.config, parts)
    }
}
