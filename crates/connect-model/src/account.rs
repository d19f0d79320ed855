//! Accounts and hubs.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, HubId};
use crate::lenient;
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;

/// A vendor or distributor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// The id; its prefix tells vendors (`VA`) from distributors (`PA`).
    pub id: AccountId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// `vendor` or `provider`.
    #[serde(rename = "type", default, deserialize_with = "lenient::null_default")]
    pub kind: String,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for Account {
    const COLLECTION: &'static str = "accounts";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// A distributor's system, through which its customers order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hub {
    /// The id; `HB-0000-0000` is none.
    pub id: HubId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The distributor it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Reference<AccountId>>,
    /// The dates of its creation and its changes.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for Hub {
    const COLLECTION: &'static str = "hubs";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}
