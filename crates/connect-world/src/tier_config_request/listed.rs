//! `/tier/config-requests`.

use std::sync::Arc;

use serde::Serialize;

use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::state::State;
use crate::table::Place;
use crate::tier_config::filters::TierConfigRow;
use crate::tier_config_request::filters::{TIER_CONFIG_REQUESTS, TierConfigRequestRow};
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::view::{TierConfigRequestParts, TierConfigRequestView};

/// Requests for the configurations that the caller sees.
pub(crate) struct TierConfigRequests;

fn row(state: &State, request: &Arc<TierConfigRequestRecord>) -> Option<TierConfigRequestRow> {
    let config = state.tier_configs.get(request.config.as_str())?;
    let about = TierConfigRow::new(state, config);
    Some(TierConfigRequestRow { request: Arc::clone(request), about })
}

impl Listed for TierConfigRequests {
    type Parent = ();
    type Row = TierConfigRequestRow;

    const SELECTS: Selectable = Selectable {
        additions: &["configuration.product.capabilities"],
        removals: &[
            "configuration",
            "configuration.params",
            "configuration.configuration",
            "tiers",
        ],
        aliases: &[],
    };

    fn schema() -> &'static Schema<TierConfigRequestRow> {
        &TIER_CONFIG_REQUESTS
    }

    fn rows<'w>(
        Look { state, token, .. }: Look<'w>,
        (): &(),
        query: &ListQuery<TierConfigRequestRow>,
    ) -> Result<Rows<'w, TierConfigRequestRow>, Denial> {
        let requests = &state.tier_config_requests;
        let candidates = match query.compiled.exact("id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| requests.place(id))),
            None => Candidates::Below(requests.len() as Place),
        };
        let seen =
            move |place| row(state, requests.at(place)?).filter(|row| row.about.is_seen_by(token));
        Ok(Rows::Placed(candidates, Box::new(seen)))
    }

    fn find(
        Look { state, token, .. }: Look<'_>,
        (): &(),
        id: &str,
    ) -> Result<TierConfigRequestRow, Denial> {
        let found = state.tier_config_requests.get(id).and_then(|request| row(state, request));
        found.filter(|row| row.about.is_seen_by(token)).ok_or_else(Denial::not_found)
    }

    fn show<'r>(
        Look { state, who, .. }: Look<'r>,
        row: &'r TierConfigRequestRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let parts = TierConfigRequestParts::of(form.selection).for_caller(who);
        TierConfigRequestView::new(state, &row.request, parts)
    }
}
