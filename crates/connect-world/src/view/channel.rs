//! The channel that something is sold through, as the platform shows it: connection, marketplace
//! and contract.

use std::fmt;

use connect_model::{
    AccountId, Connection, ConnectionId, ConnectionType, ContractId, MarketplaceId, Reference,
};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::party::record::{NO_CONNECTION, NO_HUB, NONE};
use crate::product::record::{ProductRecord, TrialProvider};
use crate::state::State;
use crate::view::NameView;

/// The connection of a sale. On preview the vendor is alone: it stands in for the distributor,
/// under an id of that kind, and there is no hub.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum LinkView<'w> {
    Sold(&'w Connection),
    Preview {
        id: &'static str,
        #[serde(rename = "type")]
        kind: ConnectionType,
        provider: Option<TrialProvider<'w>>,
        vendor: Option<&'w Reference<AccountId>>,
        hub: NameView<'static>,
    },
}

impl Serialize for TrialProvider<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut account = serializer.serialize_map(Some(2))?;
        account.serialize_entry("id", &Text(self.id()))?;
        account.serialize_entry("name", self.name())?;
        account.end()
    }
}

/// A displayable value, as a JSON text.
struct Text<T>(T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'w> LinkView<'w> {
    pub(crate) fn new(
        state: &'w State,
        connection: &ConnectionId,
        product: &'w ProductRecord,
    ) -> Self {
        if let Some(record) = state.shared.parties.connection(connection.as_str()) {
            return Self::Sold(&record.link);
        }
        let owner = product.product.owner.as_ref();
        Self::Preview {
            id: NO_CONNECTION,
            kind: ConnectionType::Preview,
            provider: product.provider_of_trials(),
            vendor: owner,
            hub: NameView { id: NO_HUB, name: NONE },
        }
    }
}

pub(crate) fn contract_ref<'w>(state: &'w State, contract: &'w ContractId) -> NameView<'w> {
    let id = contract.as_str();
    NameView { id, name: state.shared.parties.contract(id).map_or(NONE, |contract| &contract.name) }
}

/// A marketplace as sales mention it.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct MarketplaceRef<'w> {
    id: &'w str,
    name: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'w str>,
}

impl<'w> MarketplaceRef<'w> {
    pub(crate) fn new(state: &'w State, marketplace: &'w MarketplaceId) -> Self {
        let id = marketplace.as_str();
        let found = state.shared.parties.marketplace(id);
        let icon = found.and_then(|it| it.rest.get("icon")).and_then(Value::as_str);
        Self { id, name: found.map_or(NONE, |it| &it.name), icon }
    }
}
