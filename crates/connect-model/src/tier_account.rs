//! Customers and resellers.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, HubId, TierAccountId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;

open_enum! {
    /// The type of an account: it buys, or sells on (OpenAPI 37.0).
    TierAccountType {
        /// An end customer.
        Customer = "customer",
        /// A reseller.
        Reseller = "reseller",
    }
}

/// A customer or reseller of a distributor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TierAccount {
    /// The id.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub id: TierAccountId,
    /// The number of the edit, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The company's name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The type: it buys, or sells on.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TierAccountType>,
    /// The id in the hub.
    #[serde(default, deserialize_with = "lenient::text")]
    pub external_id: Option<String>,
    /// The unique id in the hub.
    #[serde(default, deserialize_with = "lenient::text")]
    pub external_uid: Option<String>,
    /// The number by which it is taxed.
    #[serde(
        default,
        deserialize_with = "lenient::text_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub tax_id: Option<String>,
    /// The distributor it belongs to.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub owner: Option<Reference<AccountId>>,
    /// The hub through which it orders.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub hub: Option<Reference<HubId>>,
    /// The reseller above it.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub parent: Option<Reference<TierAccountId>>,
    /// The address and the person to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_info: Option<ContactInfo>,
    /// The times at which it was created and changed.
    #[serde(
        default,
        deserialize_with = "crate::reference::events",
        skip_serializing_if = "Events::is_empty"
    )]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl TierAccount {
    /// Returns the company's name; where it has none, the id.
    #[must_use]
    pub fn name_or_id(&self) -> &str {
        if self.name.is_empty() { self.id.as_str() } else { &self.name }
    }
}

impl Resource for TierAccount {
    const COLLECTION: &'static str = "tier/accounts";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// A postal address and a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactInfo {
    /// Street and number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub address_line1: Option<String>,
    /// More of the address.
    #[serde(default, deserialize_with = "lenient::text")]
    pub address_line2: Option<String>,
    /// The city.
    #[serde(default, deserialize_with = "lenient::text")]
    pub city: Option<String>,
    /// The state or province.
    #[serde(default, deserialize_with = "lenient::text")]
    pub state: Option<String>,
    /// The postal code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub postal_code: Option<String>,
    /// The country, as an ISO 3166 alpha-2 code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub country: Option<String>,
    /// The person to reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A person of a company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// The first name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub last_name: Option<String>,
    /// The address for mail.
    #[serde(default, deserialize_with = "lenient::text")]
    pub email: Option<String>,
    /// The telephone number.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub phone_number: Option<PhoneNumber>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A telephone number in its parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhoneNumber {
    /// Such as `+34`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub country_code: Option<String>,
    /// The area code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub area_code: Option<String>,
    /// The number itself.
    #[serde(default, deserialize_with = "lenient::text")]
    pub phone_number: Option<String>,
    /// The extension.
    #[serde(default, deserialize_with = "lenient::text")]
    pub extension: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}
