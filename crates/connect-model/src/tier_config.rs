//! Tier configurations: the values that a vendor needs of a reseller before it sells.

use serde::{Deserialize, Serialize};

use crate::asset::Unsaid;
use crate::configuration::Configuration;
use crate::connection::Connection;
use crate::id::{
    ContractId, MarketplaceId, ProductId, TemplateId, TierConfigId, TierConfigRequestId,
};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::parameter::Parameter;
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;
use crate::template::TemplateScope;
use crate::tier_account::TierAccount;

open_enum! {
    /// The status of a tier configuration (OpenAPI 37.0).
    TierConfigStatus {
        /// One of its requests is under way.
        Processing = "processing",
        /// None is.
        Active = "active",
    }
}

/// The configuration of a reseller for a product, at one level of the chain of resellers.
///
/// A product that has the capability `tiers.configs` needs one for each reseller of a subscription
/// before the vendor sees the purchase. Only the id is indispensable.
///
/// ```
/// use connect_model::{TierConfig, TierConfigStatus};
///
/// let config: TierConfig = serde_json::from_str(
///     r#"{"id": "TC-410-556-119", "tier_level": 1, "status": "active",
///         "params": [{"id": "partner_code", "value": "OR-9001"}]}"#,
/// )?;
/// assert_eq!(config.status, TierConfigStatus::Active);
/// assert_eq!(config.value("partner_code"), Some("OR-9001"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TierConfig {
    /// The id.
    pub id: TierConfigId,
    /// A name made of the account's id.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The status.
    #[serde(default, skip_serializing_if = "TierConfigStatus::is_unsaid")]
    pub status: TierConfigStatus,
    /// The reseller.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub account: Box<TierAccount>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Reference<ProductId>>,
    /// The level of the reseller: 1 sells to the customer, 2 sells to that one.
    #[serde(default, deserialize_with = "level", skip_serializing_if = "Option::is_none")]
    pub tier_level: Option<u8>,
    /// The connection, and so the hub and the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// The marketplace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<Reference<MarketplaceId>>,
    /// The distribution contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Reference<ContractId>>,
    /// The values approved last; `None` when the platform does not say. Whoever decides by what is
    /// missing among them asks [`TierConfig::params`](TierConfig::params()).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Parameter>>,
    /// The configuration of the product and marketplace; `None` when the platform does not say.
    /// Whoever decides by it asks [`TierConfig::configuration`](TierConfig::configuration()).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Configuration>,
    /// The template approved last.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub template: Option<Reference<TemplateId>>,
    /// The request that is under way.
    #[serde(default, deserialize_with = "lenient::object_or_nothing")]
    pub open_request: Option<Reference<TierConfigRequestId>>,
    /// The dates of its creation and its changes.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Reads a level; the document calls it a string, and payloads carry a number.
fn level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    lenient::scalar(deserializer, "a level", |text| text.map(str::parse).transpose())
}

impl TierConfig {
    /// Whether a request came without its configuration.
    pub(crate) fn is_unsaid(&self) -> bool {
        self.id.as_str().is_empty()
    }

    /// Returns the configuration of the product and marketplace.
    ///
    /// # Errors
    ///
    /// When the platform does not say, as in a list that leaves it out. With `?` a handler tries
    /// again later, with this as reason.
    pub fn configuration(&self) -> Result<&Configuration, Unsaid> {
        let unsaid = || Unsaid { field: "configuration", of: format!("tier config {}", self.id) };
        self.configuration.as_ref().ok_or_else(unsaid)
    }

    /// Returns the scope of the parameters and templates of its level.
    #[must_use]
    pub fn scope(&self) -> TemplateScope {
        match self.tier_level {
            Some(2) => TemplateScope::Tier2,
            _ => TemplateScope::Tier1,
        }
    }

    /// Returns the values approved last.
    ///
    /// # Errors
    ///
    /// As [`TierConfig::configuration`](TierConfig::configuration()).
    pub fn params(&self) -> Result<&[Parameter], Unsaid> {
        let unsaid = || Unsaid { field: "params", of: format!("tier config {}", self.id) };
        self.params.as_deref().ok_or_else(unsaid)
    }

    /// Returns the value of the parameter with a key, when the platform shows one.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.params.iter().flatten().find(|param| param.id == key).and_then(Parameter::text)
    }
}

impl Resource for TierConfig {
    const COLLECTION: &'static str = "tier/configs";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}
