//! Drafts that nobody orders: they go, with the configuration that was there for them alone.

use std::sync::Arc;

use connect_model::lifecycle::Operation;
use connect_model::{RequestStatus, TierConfigRequestId};

use crate::actor::Actor;
use crate::conversation::record::ConversationRecord;
use crate::denial::Denial;
use crate::drafts::must_be_draft;
use crate::state::State;
use crate::tier_config::record::TierConfigRecord;
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::subject::Subject;

/// Removes a draft for whoever could order it.
pub(crate) fn abandon(
    state: &mut State,
    who: &Actor,
    id: &TierConfigRequestId,
) -> Result<(), Denial> {
    let subject = Subject::seen_by(state, who, id.as_str(), None)?;
    must_be_draft(state, id.as_str())?;
    subject.must_allow(who, Operation::Submit)?;
    remove_draft(state, id);
    Ok(())
}

/// Removes a draft with its conversation. A configuration that no other request is about is one that
/// nobody ever set up, so it goes, too; in all others the number is not given again.
pub(crate) fn remove_draft(state: &mut State, id: &TierConfigRequestId) {
    let Some(draft) = state.tier_config_requests.get(id.as_str()).map(Arc::clone) else { return };
    if draft.status != RequestStatus::Draft {
        return;
    }
    state.remove::<ConversationRecord>(&draft.conversation);
    state.remove::<TierConfigRequestRecord>(&draft.id);
    let Some(config) = state.tier_configs.get(draft.config.as_str()) else { return };
    let ids = (1..=config.requests).map(|number| TierConfigRequestId::of(&config.id, number));
    let mut others = ids.filter(|id| state.tier_config_requests.get(id.as_str()).is_some());
    if others.next().is_none() {
        state.remove::<TierConfigRecord>(&draft.config);
    }
}
