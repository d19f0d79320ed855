//! The objects that conversations are about. Another kind that has one costs a variant and its
//! arms.

use std::sync::Arc;

use connect_model::{AccountId, ConversationId, Reference};

use crate::actor::{Actor, Token};
use crate::asset::record::AssetRecord;
use crate::conversation::record::ConversationRecord;
use crate::denial::Denial;
use crate::request::record::RequestRecord;
use crate::state::State;

/// The object a conversation is about.
pub(crate) enum About<'w> {
    /// A request, with its asset.
    Request(&'w RequestRecord, &'w AssetRecord),
}

impl<'w> About<'w> {
    /// Returns the object with an id, if it is one that has a conversation.
    pub(crate) fn find(state: &'w State, id: &str) -> Option<Self> {
        let request = state.requests.get(id)?;
        let asset = state.assets.get(request.asset.as_str())?;
        Some(Self::Request(request, asset))
    }

    /// Returns the conversation about the object.
    pub(crate) fn conversation(&self) -> &'w ConversationId {
        match self {
            Self::Request(request, _) => &request.conversation,
        }
    }

    /// Whether a caller may see the object.
    pub(crate) fn is_seen_by(&self, state: &State, token: &Token) -> bool {
        match self {
            Self::Request(_, asset) => state.shared.may_see_asset(token, asset),
        }
    }

    /// Returns the accounts that take part: of a request the vendor and the distributor, on preview
    /// the vendor alone.
    pub(crate) fn parties(&self, state: &State) -> Vec<Reference<AccountId>> {
        let Self::Request(_, asset) = self;
        let product = state.shared.product(asset.product.as_str());
        let vendor = product.and_then(|record| record.product.owner.clone());
        let connection = state.shared.parties.connection(asset.connection.as_str());
        let provider = connection.and_then(|record| record.link.provider.clone());
        vendor.into_iter().chain(provider).collect()
    }
}

/// Returns a conversation by its own id or its object's, when the caller may see that object.
pub(crate) fn visible_conversation<'w>(
    state: &'w State,
    who: &Actor,
    id: &str,
) -> Result<&'w Arc<ConversationRecord>, Denial> {
    let token = who.token()?;
    let by_object = || state.conversations.get(About::find(state, id)?.conversation().as_str());
    let found = state.conversations.get(id).or_else(by_object).filter(|conversation| {
        let about = About::find(state, &conversation.about);
        about.is_some_and(|about| about.is_seen_by(state, token))
    });
    found.ok_or_else(Denial::not_found)
}
