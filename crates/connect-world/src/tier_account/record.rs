//! Tier accounts as the world keeps them.

use std::collections::BTreeSet;
use std::sync::Arc;

use connect_model::{AccountId, TierAccount, TierAccountId, TierAccountType};
use serde::{Deserialize, Serialize};

use crate::asset::record::{Level, TierRef};
use crate::table::Record;

/// A customer or reseller with every version it had; versions count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TierAccountRecord {
    pub(crate) owner: AccountId,
    /// The vendors that see it because it bought from them.
    pub(crate) vendors: BTreeSet<AccountId>,
    /// The roles in which it was met: its own, and no version's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<Level>,
    pub(crate) versions: Vec<Arc<TierAccount>>,
}

/// An id that a hub gave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum External {
    Uid(Box<str>),
    Id(Box<str>),
}

impl External {
    /// Returns the field that holds it.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Uid(_) => "external_uid",
            Self::Id(_) => "external_id",
        }
    }
}

/// The place where the data of every account is kept.
pub(crate) const DB: &str = "EU";

/// A version of an account as the platform shows it.
#[derive(Serialize)]
pub(crate) struct AccountView<'w> {
    #[serde(flatten)]
    account: &'w TierAccount,
    /// The place where the data is kept: said of accounts themselves, not of those that others
    /// mention.
    #[serde(skip_serializing_if = "Option::is_none")]
    db: Option<&'static str>,
    /// `null` of accounts that have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<()>,
    /// `null` of accounts that have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<()>,
    scopes: &'w [Level],
}

impl AccountView<'_> {
    /// Returns the account itself, not as others mention it.
    pub(crate) fn whole(self) -> Self {
        let is_said = self.account.rest.contains_key("db");
        Self { db: (!is_said).then_some(DB), ..self }
    }
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

    /// Returns the newest version as it is shown.
    pub(crate) fn shown(&self) -> Option<AccountView<'_>> {
        self.latest().map(|account| self.show(account))
    }

    /// Returns one of its versions as it is shown.
    pub(crate) fn show<'w>(&'w self, version: &'w TierAccount) -> AccountView<'w> {
        let nothing = |is_none: bool| is_none.then_some(());
        AccountView {
            account: version,
            db: None,
            parent: nothing(version.parent.is_none()),
            tax_id: nothing(version.tax_id.is_none()),
            scopes: &self.scopes,
        }
    }

    /// Whether it is an account of trials, which its vendor owns.
    pub(crate) fn is_preview(&self) -> bool {
        let environment = self.latest().and_then(|account| account.rest.get("environment"));
        environment.and_then(serde_json::Value::as_str) == Some("preview")
    }

    /// Whether it is known in a role and to a vendor.
    pub(crate) fn was_met(&self, level: Level, vendor: Option<&AccountId>) -> bool {
        self.scopes.contains(&level) && vendor.is_none_or(|vendor| self.vendors.contains(vendor))
    }

    /// Whether it is a reseller by its type, or because a sale went through it: an account may be
    /// both, as a reseller that buys for itself is.
    pub(crate) fn is_reseller(&self) -> bool {
        let kind = self.latest().and_then(|account| account.kind.as_ref());
        kind != Some(&TierAccountType::Customer)
            || self.scopes.iter().any(|scope| *scope != Level::Customer)
    }

    /// Returns the ids its owner's hub gave it, as they are looked up.
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

/// Returns the ids a hub gave an account: the unique one first. A blank one names nobody.
pub(crate) fn externals(account: &TierAccount) -> impl Iterator<Item = External> {
    let uid = filled(account.external_uid.as_deref()).map(External::Uid);
    let id = filled(account.external_id.as_deref()).map(External::Id);
    [uid, id].into_iter().flatten()
}

fn filled(text: Option<&str>) -> Option<Box<str>> {
    text.filter(|text| !text.trim().is_empty()).map(Box::from)
}
