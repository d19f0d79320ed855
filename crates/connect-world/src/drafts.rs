//! Drafts of all families.

use connect_model::RequestStatus;

use crate::denial::Denial;
use crate::state::State;

/// Refuses what is no draft.
pub(crate) fn must_be_draft(state: &State, id: &str) -> Result<(), Denial> {
    let request = state.requests.get(id).map(|it| &it.status);
    let status = request.or_else(|| state.tier_config_requests.get(id).map(|it| &it.status));
    match status {
        Some(RequestStatus::Draft) => Ok(()),
        // The platform has no words for it, because nobody but itself removes drafts.
        Some(_) => Err(Denial::refused("REQ_003", "Only draft requests can be deleted.")),
        None => Err(Denial::not_found()),
    }
}
