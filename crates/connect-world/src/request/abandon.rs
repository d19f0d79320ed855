//! Drafts that nobody orders: they go, with the subscription that a purchase would have begun.

use std::sync::Arc;

use connect_model::lifecycle::Operation;
use connect_model::{AssetRequestType, RequestId};

use crate::actor::Actor;
use crate::asset::record::AssetRecord;
use crate::conversation::record::ConversationRecord;
use crate::denial::Denial;
use crate::drafts::must_be_draft;
use crate::request::record::RequestRecord;
use crate::request::turn::subject;
use crate::state::State;

/// Removes a draft for whoever could order it.
pub(crate) fn abandon(state: &mut State, who: &Actor, id: &RequestId) -> Result<(), Denial> {
    let subject = subject(state, who, id, None)?;
    must_be_draft(state, id.as_str())?;
    let order = match subject.request.kind {
        AssetRequestType::Purchase => Operation::Purchase,
        _ => Operation::Submit,
    };
    subject.allowed(who, order)?;
    remove_draft(state, &subject.request);
    Ok(())
}

/// Removes a draft with its conversation, and what would have been bought with it. Its number is
/// not given again.
pub(crate) fn remove_draft(state: &mut State, draft: &RequestRecord) {
    state.remove::<ConversationRecord>(&draft.conversation);
    state.remove::<RequestRecord>(&draft.id);
    if draft.kind == AssetRequestType::Purchase {
        return state.remove::<AssetRecord>(&draft.asset);
    }
    let Some(asset) = state.assets.get(draft.asset.as_str()).map(Arc::clone) else { return };
    if asset.removed < draft.counter() {
        state.put(AssetRecord { removed: draft.counter(), ..(*asset).clone() });
    }
}

/// Returns the number of the next request of an asset.
pub(crate) fn next_number(state: &State, asset: &str) -> u32 {
    let last = state.history(asset).next_back().map_or(0, |last| last.counter());
    let removed = state.assets.get(asset).map_or(0, |asset| asset.removed);
    last.max(removed) + 1
}
