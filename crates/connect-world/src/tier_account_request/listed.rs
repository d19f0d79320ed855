//! `/tier/account-requests`.

use std::sync::Arc;

use serde::Serialize;

use crate::denial::Denial;
use crate::listed::{Form, Listed, Look, Rows};
use crate::page::{Candidates, ListQuery};
use crate::query::schema::Schema;
use crate::state::State;
use crate::table::Place;
use crate::tier_account_request::filters::{TIER_ACCOUNT_REQUESTS, TierAccountRequestRow};
use crate::tier_account_request::record::TierAccountRequestRecord;
use crate::tier_account_request::view::TierAccountRequestView;

/// Requests about the accounts of a distributor, and for the products of a vendor.
pub(crate) struct TierAccountRequests;

/// Returns a request with what it is about.
pub(crate) fn row(
    state: &State,
    request: &Arc<TierAccountRequestRecord>,
) -> Option<TierAccountRequestRow> {
    let account = state.shared.tier_account(&request.account)?;
    Some(TierAccountRequestRow {
        request: Arc::clone(request),
        account: Arc::clone(account),
        version: Arc::clone(account.version(request.account.version)?),
        product: Arc::clone(state.shared.product(request.product.as_str())?),
    })
}

impl Listed for TierAccountRequests {
    type Parent = ();
    type Row = TierAccountRequestRow;

    fn schema() -> &'static Schema<TierAccountRequestRow> {
        &TIER_ACCOUNT_REQUESTS
    }

    fn rows<'w>(
        Look { state, token, .. }: Look<'w>,
        (): &(),
        query: &ListQuery<TierAccountRequestRow>,
    ) -> Result<Rows<'w, TierAccountRequestRow>, Denial> {
        let requests = &state.tier_account_requests;
        let candidates = match query.compiled.exact("id") {
            Some(ids) => Candidates::few(ids.into_iter().filter_map(|id| requests.place(id))),
            None => Candidates::Below(requests.len() as Place),
        };
        let seen = move |place| row(state, requests.at(place)?).filter(|row| row.is_seen_by(token));
        Ok(Rows::Placed(candidates, Box::new(seen)))
    }

    fn find(
        Look { state, token, .. }: Look<'_>,
        (): &(),
        id: &str,
    ) -> Result<TierAccountRequestRow, Denial> {
        let found = state.tier_account_requests.get(id).and_then(|request| row(state, request));
        found.filter(|row| row.is_seen_by(token)).ok_or_else(Denial::not_found)
    }

    fn show<'r>(
        Look { state, .. }: Look<'r>,
        row: &'r TierAccountRequestRow,
        _: Form<'r>,
    ) -> Result<impl Serialize + use<'r>, Denial> {
        TierAccountRequestView::new(state, &row.request)
    }
}
