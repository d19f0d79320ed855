//! Products and their parameters.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::open_enum::open_enum;
use crate::{
    AccountId, Capabilities, Events, ParameterId, ParameterPhase, ParameterType, ProductId,
    Reference, Resource, Rest, lenient,
};

open_enum! {
    /// How far a product has come.
    ProductStatus {
        /// Not yet offered; preview subscriptions work.
        Draft = "draft",
        /// A version is offered.
        Published = "published",
        /// No longer sold.
        EndOfSale = "endofsale",
    }
}

/// What a vendor sells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// The id.
    pub id: ProductId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "ProductStatus::is_unsaid")]
    pub status: ProductStatus,
    /// The vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Reference<AccountId>>,
    /// Its switches.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub capabilities: Capabilities,
    /// When it was created, published and changed.
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
    /// What kind of value it holds.
    #[serde(rename = "type", default, skip_serializing_if = "ParameterType::is_unsaid")]
    pub kind: ParameterType,
    /// When it gets its value.
    #[serde(default, skip_serializing_if = "ParameterPhase::is_unsaid")]
    pub phase: ParameterPhase,
    /// Whose parameter it is: `asset`, `tier1`, `tier2`, or one of the configuration scopes.
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
    /// One of the boolean constraints.
    #[must_use]
    pub fn flag(&self, constraint: &str) -> bool {
        self.constraints.get(constraint).and_then(Value::as_bool).unwrap_or(false)
    }
}
