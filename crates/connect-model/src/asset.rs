//! Assets: what was bought. The platform's pages call them subscriptions.

use serde::{Deserialize, Serialize};

use crate::billing::Billing;
use crate::configuration::Configuration;
use crate::connection::Connection;
use crate::datetime::{self, DateTime};
use crate::id::{AssetId, ContractId, MarketplaceId, ProductId, TemplateId};
use crate::item::{Item, Quantity};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::parameter::Parameter;
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;
use crate::tier_account::TierAccount;

open_enum! {
    /// The status of a subscription (OpenAPI 37.0).
    AssetStatus {
        /// Only its draft purchase exists.
        Draft = "draft",
        /// Its purchase is under way.
        Processing = "processing",
        /// In use.
        Active = "active",
        /// Its cancellation is under way.
        Terminating = "terminating",
        /// On administrative hold.
        Suspended = "suspended",
        /// Over.
        Terminated = "terminated",
    }
}

/// A subscription.
///
/// Inside a request it is the state the asset would have: items carry the quantity before and
/// after, parameters the values so far.
///
/// Only the id is indispensable: whatever else a payload leaves out, or writes as `null`, is read
/// as unsaid. What is not said is not *none*: see [`Asset::items`](Asset::items()).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// The id.
    pub id: AssetId,
    /// The status.
    #[serde(default, skip_serializing_if = "AssetStatus::is_unsaid")]
    pub status: AssetStatus,
    /// The id in the hub.
    #[serde(default, deserialize_with = "lenient::text")]
    pub external_id: Option<String>,
    /// The unique id in the hub, by which a repeated purchase is recognised.
    #[serde(default, deserialize_with = "lenient::text")]
    pub external_uid: Option<String>,
    /// The product that was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Reference<ProductId>>,
    /// The connection it was bought through, and so the hub and the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// The distribution contract it was bought under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Reference<ContractId>>,
    /// On which marketplace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<Reference<MarketplaceId>>,
    /// The ordering and fulfillment parameters; `None` when the platform does not say. Whoever
    /// decides by what is missing among them asks [`Asset::params`](Asset::params()).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Parameter>>,
    /// The items with their quantities; `None` when the platform does not say. Whoever decides by
    /// them asks [`Asset::items`](Asset::items()).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Item>>,
    /// The customer and its resellers.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub tiers: Tiers,
    /// What was set up for the product and marketplace; `None` when the platform does not say.
    /// Whoever decides by it asks [`Asset::configuration`](Asset::configuration()).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Configuration>,
    /// The day on which it ends unless it is renewed; only of products with explicit renewal.
    #[serde(
        default,
        deserialize_with = "datetime::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub renewal_expiration_date: Option<DateTime>,
    /// The template approved last; only when selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Reference<TemplateId>>,
    /// What there is to know of its bills; only under `/subscriptions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<Billing>,
    /// The dates of its creation and its changes.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The platform's answer does not say what a decision needs. It may be a reading that left
/// something out; what is not said is not *none*.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{of} comes without `{field}`: what the platform does not say is not taken for none")]
pub struct Unsaid {
    /// The field, such as `items`.
    pub field: &'static str,
    /// The object that lacks it.
    pub of: String,
}

impl Asset {
    /// Returns the items with their quantities.
    ///
    /// ```
    /// use connect_model::Asset;
    ///
    /// let asset: Asset = serde_json::from_str(r#"{"id": "AS-1", "items": []}"#)?;
    /// assert!(asset.items()?.is_empty());
    /// let asset: Asset = serde_json::from_str(r#"{"id": "AS-1", "items": null}"#)?;
    /// assert!(asset.items().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the platform does not say. With `?` a handler tries again later, with this as reason.
    pub fn items(&self) -> Result<&[Item], Unsaid> {
        let items = self.items.as_deref().ok_or_else(|| self.lacks("items"))?;
        match items.iter().any(|item| item.quantity == Quantity::Unsaid) {
            true => Err(self.lacks("items.quantity")),
            false => Ok(items),
        }
    }

    /// Returns what was set up for the product and marketplace.
    ///
    /// ```
    /// use connect_model::Asset;
    ///
    /// let asset: Asset = serde_json::from_str(
    ///     r#"{"id": "AS-1", "configuration": {"params": [{"id": "region", "value": "eu-1"}]}}"#,
    /// )?;
    /// assert_eq!(asset.configuration()?.value("region"), Some("eu-1"));
    /// assert_eq!(asset.configuration()?.value("plan"), None);
    /// let asset: Asset = serde_json::from_str(r#"{"id": "AS-1"}"#)?;
    /// assert!(asset.configuration().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the platform does not say, as in a list that leaves it out. With `?` a handler tries
    /// again later, with this as reason.
    pub fn configuration(&self) -> Result<&Configuration, Unsaid> {
        self.configuration.as_ref().ok_or_else(|| self.lacks("configuration"))
    }

    fn lacks(&self, field: &'static str) -> Unsaid {
        Unsaid { field, of: format!("asset {}", self.id) }
    }

    /// Whether a request came without its asset.
    #[must_use]
    pub(crate) fn is_unsaid(&self) -> bool {
        self.id.as_str().is_empty()
    }

    /// Returns the parameters.
    ///
    /// # Errors
    ///
    /// When the platform does not say, as in a list that leaves them out. With `?` a handler tries
    /// again later, with this as reason.
    pub fn params(&self) -> Result<&[Parameter], Unsaid> {
        self.params.as_deref().ok_or_else(|| self.lacks("params"))
    }

    /// Returns the parameter with a key, when the platform shows it.
    #[must_use]
    pub fn param(&self, key: &str) -> Option<&Parameter> {
        self.params.iter().flatten().find(|param| param.id == key)
    }

    /// Returns the value of the parameter with a key, when the platform shows one.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.param(key).and_then(Parameter::text)
    }
}

impl Resource for Asset {
    const COLLECTION: &'static str = "assets";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The chain of accounts behind a subscription. A level that does not apply is written `{}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tiers {
    /// The end customer.
    #[serde(default, with = "level")]
    pub customer: Option<Box<TierAccount>>,
    /// Its direct reseller.
    #[serde(default, with = "level")]
    pub tier1: Option<Box<TierAccount>>,
    /// That reseller's reseller.
    #[serde(default, with = "level")]
    pub tier2: Option<Box<TierAccount>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

mod level {
    use serde::{Deserializer, Serialize, Serializer};

    use crate::lenient;
    use crate::rest::Rest;
    use crate::tier_account::TierAccount;

    pub(super) fn serialize<S: Serializer>(
        level: &Option<Box<TierAccount>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match level {
            Some(account) => account.serialize(serializer),
            None => Rest::new().serialize(serializer),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Box<TierAccount>>, D::Error> {
        lenient::object_or_nothing(deserializer)
    }
}
