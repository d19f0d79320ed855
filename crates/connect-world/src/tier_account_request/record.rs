//! Requests about tier accounts as the world keeps them.

use connect_model::{DateTime, ProductId, RequestStatus, TierAccountRequestId, UserId};
use serde::{Deserialize, Serialize};

use crate::asset::record::TierRef;
use crate::table::Record;

/// The news of one version of an account, for one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TierAccountRequestRecord {
    pub(crate) id: TierAccountRequestId,
    pub(crate) status: RequestStatus,
    /// The account in the version that the change has made.
    pub(crate) account: TierRef,
    pub(crate) product: ProductId,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) reason: Box<str>,
    pub(crate) created: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) creator: Option<UserId>,
    pub(crate) updated: DateTime,
    /// Who accepted or ignored it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answered_by: Option<UserId>,
}

impl Record for TierAccountRequestRecord {
    type Id = TierAccountRequestId;
    fn id(&self) -> TierAccountRequestId {
        self.id.clone()
    }
}
