//! Usage rules as the world keeps them.

use connect_model::{AccountId, DateTime, ItemId, ProductId, UserId};
use serde::{Deserialize, Serialize};

use crate::table::Record;

/// What a distributor wants done with reported usage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsageRule {
    pub(crate) product: ProductId,
    /// Its place among those of the product, from 1.
    pub(crate) number: usize,
    /// Whose it is.
    pub(crate) owner: AccountId,
    pub(crate) content: RuleContent,
    /// Its place in the order in which the owner's rules are gone by.
    pub(crate) rank: usize,
    pub(crate) created: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) creator: Option<UserId>,
    pub(crate) updated: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updater: Option<UserId>,
}

/// What its owner writes of a rule, in the platform's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RuleContent {
    pub(crate) action: Box<str>,
    pub(crate) scope: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<Box<str>>,
    pub(crate) status: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<ItemId>,
}

/// What is to be done (OpenAPI 37.0).
pub(crate) const ACTIONS: &[&str] = &["accept", "reject", "manual"];
/// What it is done with.
pub(crate) const SCOPES: &[&str] = &["record", "file"];
/// Whether it holds.
pub(crate) const STATUSES: &[&str] = &["active", "deleted"];

impl Record for UsageRule {
    type Id = String;
    /// Connect's own shape is not known: `UIR-`, the digits of the product, and a number.
    fn id(&self) -> String {
        let digits = self.product.as_str().trim_start_matches("PRD-");
        format!("UIR-{digits}-{:03}", self.number)
    }
}
