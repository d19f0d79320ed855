//! The answers of a vendor to requests about tier accounts: who may give them when is in
//! [`connect_model::lifecycle`]. Neither changes the account.

use bytes::Bytes;
use connect_model::lifecycle::{Next, Operation, tier_account_request as lifecycle};
use connect_model::{TierAccountRequestId, WebhookObjectClass};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::denial::Denial;
use crate::read::json;
use crate::state::State;
use crate::tier_account_request::listed::row;
use crate::tier_account_request::record::TierAccountRequestRecord;
use crate::tier_account_request::view::TierAccountRequestView;
use crate::webhook::event::queue_changed;

/// The most characters of a reason (OpenAPI 37.0).
const LONGEST_REASON: usize = 255;

/// Carries out `POST /tier/account-requests/{id}/{verb}`.
pub(crate) fn operate(
    state: &mut State,
    who: &Actor,
    id: &TierAccountRequestId,
    operation: Operation,
    body: &Value,
) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let found = state.tier_account_requests.get(id.as_str()).and_then(|it| row(state, it));
    let row = found.filter(|row| row.is_seen_by(token)).ok_or_else(Denial::not_found)?;
    let caller = who.caller(row.account.is_preview());
    let allowed = lifecycle::allow(&row.request.status, operation, caller)?;
    let reason = match operation {
        Operation::Ignore => body::text_within(body, "reason", LONGEST_REASON)?,
        _ => None,
    };
    if let Next::To(status) = allowed.next {
        state.change::<TierAccountRequestRecord>(id, |request| {
            request.status = status.clone();
            request.reason = reason.unwrap_or_default().into();
            request.answered_by = who.signature();
        });
        let class = WebhookObjectClass::TierAccountRequest;
        queue_changed(state, &class, &row.request.product, status.as_str());
    }
    let request = state.tier_account_requests.get(id.as_str()).ok_or_else(Denial::not_found)?;
    json(&TierAccountRequestView::new(state, request)?)
}
