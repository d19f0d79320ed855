//! The link of a product to a hub.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ConnectionId, HubId};
use crate::open_enum::open_enum;
use crate::reference::Reference;
use crate::rest::Rest;

open_enum! {
    /// The environment of a connection, and so of its subscriptions (OpenAPI 37.0).
    ConnectionType {
        /// Real customers.
        Production = "production",
        /// A distributor's trial.
        Test = "test",
        /// The vendor's own trial, without a distributor.
        Preview = "preview",
    }
}

/// A connection as assets mention it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The id; preview has the null one.
    pub id: ConnectionId,
    /// The environment.
    #[serde(rename = "type", default, skip_serializing_if = "ConnectionType::is_unsaid")]
    pub kind: ConnectionType,
    /// The distributor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Reference<AccountId>>,
    /// The vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Reference<AccountId>>,
    /// The hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<Reference<HubId>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Connection {
    /// Whether the vendor tries a product through it, and plays the distributor, too.
    #[must_use]
    pub fn is_preview(&self) -> bool {
        self.kind == ConnectionType::Preview
    }
}
