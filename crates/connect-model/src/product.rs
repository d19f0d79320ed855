//! Products and their parameters.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::capabilities::Capabilities;
use crate::id::{AccountId, ParameterId, ProductId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::parameter::{ParameterPhase, ParameterType};
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;

open_enum! {
    /// The status of a product (OpenAPI 37.0).
    ProductStatus {
        /// Not offered yet; preview subscriptions work.
        Draft = "draft",
        /// A version is offered.
        Published = "published",
        /// No longer sold.
        EndOfSale = "endofsale",
    }
}

impl ProductStatus {
    /// Whether distributors can sell it.
    #[must_use]
    pub fn is_for_sale(&self) -> bool {
        *self == Self::Published
    }
}

/// A product of a vendor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// The id.
    pub id: ProductId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The status.
    #[serde(default, skip_serializing_if = "ProductStatus::is_unsaid")]
    pub status: ProductStatus,
    /// The vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Reference<AccountId>>,
    /// Its switches.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub capabilities: Capabilities,
    /// The dates of its creation, publication and changes.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for Product {
    const COLLECTION: &'static str = "products";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// A parameter as the product declares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductParameter {
    /// The `PRM-…` id.
    pub id: ParameterId,
    /// The key, which requests carry as the parameter's `id`.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The kind of value it holds.
    #[serde(rename = "type", default, skip_serializing_if = "ParameterType::is_unsaid")]
    pub kind: ParameterType,
    /// The phase in which it gets its value.
    #[serde(default, skip_serializing_if = "ParameterPhase::is_unsaid")]
    pub phase: ParameterPhase,
    /// The scope: `asset`, `tier1`, `tier2`, or one of the configuration scopes.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub scope: String,
    /// A label for people.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub title: String,
    /// `required`, `hidden`, `unique` and more.
    #[serde(default)]
    pub constraints: Value,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl ProductParameter {
    /// Whether a boolean constraint is set; one that is not there is not.
    #[must_use]
    pub fn flag(&self, constraint: &str) -> bool {
        self.constraints.get(constraint).and_then(Value::as_bool).unwrap_or(false)
    }
}
