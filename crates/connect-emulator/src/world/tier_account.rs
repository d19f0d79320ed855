//! Tier accounts as the world keeps them.

use std::collections::BTreeSet;
use std::sync::Arc;

use connect_model::{AccountId, TierAccount, TierAccountId};
use serde::{Deserialize, Serialize};

use super::asset::TierRef;
use super::shared::External;
use super::table::Record;

/// A customer or reseller with every version it had; versions count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TierAccountRecord {
    pub(crate) owner: AccountId,
    /// The vendors that see it because it bought from them.
    pub(crate) vendors: BTreeSet<AccountId>,
    pub(crate) versions: Vec<Arc<TierAccount>>,
}

impl TierAccountRecord {
    pub(crate) fn id(&self) -> TierAccountId {
        self.latest().map(|account| account.id.clone()).unwrap_or_default()
    }

    pub(crate) fn latest(&self) -> Option<&Arc<TierAccount>> {
        self.versions.last()
    }

    pub(crate) fn version(&self, version: u32) -> Option<&Arc<TierAccount>> {
        let place = (version as usize).checked_sub(1)?;
        self.versions.get(place)
    }

    /// The ids its owner's hub gave it, as they are looked up.
    pub(crate) fn externals(&self) -> impl Iterator<Item = (AccountId, External)> {
        let externals = self.latest().map(|account| externals(account)).into_iter().flatten();
        externals.map(|external| (self.owner.clone(), external))
    }

    pub(crate) fn reference(&self) -> TierRef {
        TierRef { id: self.id(), version: self.versions.len() as u32 }
    }
}

impl Record for TierAccountRecord {
    type Id = TierAccountId;
    fn id(&self) -> TierAccountId {
        TierAccountRecord::id(self)
    }
}

/// The ids a hub gave an account: the unique one first.
pub(crate) fn externals(account: &TierAccount) -> impl Iterator<Item = External> {
    let uid = account.external_uid.as_deref().map(|uid| External::Uid(uid.into()));
    let id = account.external_id.as_deref().map(|id| External::Id(id.into()));
    [uid, id].into_iter().flatten()
}
