//! The objects that conversations are about. Another kind that has one costs a variant and its
//! arms.

use std::sync::Arc;

use connect_model::{AccountId, ConnectionId, ConversationId, ProductId, Reference};

use crate::actor::{Actor, Token};
use crate::asset::record::AssetRecord;
use crate::conversation::record::ConversationRecord;
use crate::denial::Denial;
use crate::request::record::RequestRecord;
use crate::state::State;
use crate::tier_config::record::TierConfigRecord;
use crate::tier_config_request::record::TierConfigRequestRecord;

/// The object a conversation is about.
pub(crate) enum About<'w> {
    /// A request, with its asset.
    Request(&'w RequestRecord, &'w AssetRecord),
    /// A request for a tier configuration, with that.
    TierConfigRequest(&'w TierConfigRequestRecord, &'w TierConfigRecord),
}

impl<'w> About<'w> {
    /// Returns the object with an id, if it is one that has a conversation.
    pub(crate) fn find(state: &'w State, id: &str) -> Option<Self> {
        if let Some(request) = state.requests.get(id) {
            let asset = state.assets.get(request.asset.as_str())?;
            return Some(Self::Request(request, asset));
        }
        let request = state.tier_config_requests.get(id)?;
        let config = state.tier_configs.get(request.config.as_str())?;
        Some(Self::TierConfigRequest(request, config))
    }

    /// Returns the conversation about the object.
    pub(crate) fn conversation(&self) -> &'w ConversationId {
        match self {
            Self::Request(request, _) => &request.conversation,
            Self::TierConfigRequest(request, _) => &request.conversation,
        }
    }

    /// Returns the product and the connection that it is about.
    fn channel(&self) -> (&'w ProductId, &'w ConnectionId) {
        match self {
            Self::Request(_, asset) => (&asset.product, &asset.connection),
            Self::TierConfigRequest(_, config) => (&config.key.product, &config.key.connection),
        }
    }

    /// Whether a caller may see the object.
    pub(crate) fn is_seen_by(&self, state: &State, token: &Token) -> bool {
        let (product, connection) = self.channel();
        state.shared.may_see(token, product.as_str(), connection)
    }

    /// Returns the accounts that take part: of a request the vendor and the distributor, on preview
    /// the vendor alone.
    pub(crate) fn parties(&self, state: &State) -> Vec<Reference<AccountId>> {
        let (product, connection) = self.channel();
        let product = state.shared.product(product.as_str());
        let vendor = product.and_then(|record| record.product.owner.clone());
        let connection = state.shared.parties.connection(connection.as_str());
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
