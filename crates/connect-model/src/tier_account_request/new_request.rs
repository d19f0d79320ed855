//! The body that changes an account and tells its vendors.

use serde::Serialize;

use crate::id::TierAccountId;
use crate::tier_account::ContactInfo;
use crate::tier_account_request::TierAccountRequestType;

/// The body of `POST /tier/account-requests`: the account, and the data that changes. What is
/// absent stays. The answer is a list, with one request for each product that the account uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewTierAccountRequest {
    #[serde(rename = "type")]
    kind: TierAccountRequestType,
    account: ChangedAccount,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ChangedAccount {
    id: TierAccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_info: Option<ContactInfo>,
}

impl NewTierAccountRequest {
    /// Returns a body that changes nothing yet.
    #[must_use]
    pub fn update(account: TierAccountId) -> Self {
        let account = ChangedAccount {
            id: account,
            name: None,
            external_id: None,
            tax_id: None,
            contact_info: None,
        };
        Self { kind: TierAccountRequestType::Update, account }
    }

    /// Returns the same with another name of the company.
    #[must_use]
    pub fn name(mut self, name: Option<String>) -> Self {
        self.account.name = name;
        self
    }

    /// Returns the same with another id in the hub.
    #[must_use]
    pub fn external_id(mut self, id: Option<String>) -> Self {
        self.account.external_id = id;
        self
    }

    /// Returns the same with another number by which the company is taxed.
    #[must_use]
    pub fn tax_id(mut self, id: Option<String>) -> Self {
        self.account.tax_id = id;
        self
    }

    /// Returns the same with another address and person, both whole.
    #[must_use]
    pub fn contact_info(mut self, info: Option<ContactInfo>) -> Self {
        self.account.contact_info = info;
        self
    }
}
