//! The channel that something is sold through, as records have it.

use connect_model::{ConnectionId, ContractId, MarketplaceId};

/// The channel of something that is sold already.
#[derive(Clone, Copy)]
pub(crate) struct Channel<'c> {
    pub(crate) connection: &'c ConnectionId,
    pub(crate) marketplace: &'c MarketplaceId,
    pub(crate) contract: &'c ContractId,
}
