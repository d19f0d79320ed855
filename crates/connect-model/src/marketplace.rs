//! Marketplaces.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, MarketplaceId};
use crate::lenient;
use crate::reference::Reference;
use crate::resource::Resource;
use crate::rest::Rest;

/// A place where a distributor sells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Marketplace {
    /// The id; `MP-00000` is none.
    pub id: MarketplaceId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The distributor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Reference<AccountId>>,
    /// The currency, as an ISO 4217 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for Marketplace {
    const COLLECTION: &'static str = "marketplaces";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}
