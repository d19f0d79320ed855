//! `/tier/config-requests`.

use std::sync::Arc;

use serde::Serialize;

use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::query::select::Selectable;
use crate::table::Place;
use crate::tier_config::filters::TierConfigRow;
use crate::tier_config_request::filters::{TIER_CONFIG_REQUESTS, TierConfigRequestRow};
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::view::{TierConfigRequestParts, TierConfigRequestView};

/// Requests for the configurations that the caller sees.
pub(crate) struct TierConfigRequests;

fn row(
    Look { state, now, .. }: Look<'_>,
    request: &Arc<TierConfigRequestRecord>,
) -> Option<TierConfigRequestRow> {
    let config = state.tier_configs.get(request.config.as_str())?;
    let about = TierConfigRow::new(state, config);
    let sli = state.setting.zones.level(request.course(), now);
    Some(TierConfigRequestRow { request: Arc::clone(request), about, sli })
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
        look: Look<'w>,
        (): &(),
        query: &ListQuery<TierConfigRequestRow>,
    ) -> Result<Rows<'w, TierConfigRequestRow>, Denial> {
        let Look { state, token, .. } = look;
        let requests = &state.tier_config_requests;
        let candidates = match query.compiled.exact("id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| requests.place(id))),
            None => Candidates::Below(requests.len() as Place),
        };
        let seen =
            move |place| row(look, requests.at(place)?).filter(|row| row.about.is_seen_by(token));
        Ok(Rows::Placed(candidates, Box::new(seen)))
    }

    fn find(look: Look<'_>, (): &(), id: &str) -> Result<TierConfigRequestRow, Denial> {
        let request = look.state.tier_config_requests.get(id);
        let found = request.and_then(|request| row(look, request));
        found.filter(|row| row.about.is_seen_by(look.token)).ok_or_else(Denial::not_found)
    }

    fn show<'r>(
        Look { state, who, now, .. }: Look<'r>,
        row: &'r TierConfigRequestRow,
        form: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        let parts = TierConfigRequestParts::of(form.selection).for_caller(who);
        TierConfigRequestView::new((state, now), &row.request, parts)
    }
}
