//! A question to a vendor about a request, whatever its family.

use std::sync::Arc;

use connect_model::lifecycle::validation::Validator;
use serde_json::Value;

use crate::asset::record::AssetRecord;
use crate::product::record::ProductRecord;
use crate::request::record::RequestRecord;
use crate::row::Params;
use crate::state::State;
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::webhook::record::WebhookRecord;

/// A question to a vendor.
pub(crate) struct Question {
    /// The request as it would be, as the vendor is shown it.
    pub(crate) shown: Value,
    /// Its values as they would be.
    pub(crate) params: Params,
    /// What the question is about, as it was when it was asked.
    pub(crate) seen: Seen,
}

/// The records that a question is about. An answer counts while they are the same.
#[derive(PartialEq)]
pub(crate) enum Seen {
    /// A request, and of a purchase its asset.
    Asset { request: Arc<RequestRecord>, asset: Option<Arc<AssetRecord>> },
    /// A request for a tier configuration.
    TierConfig(Arc<TierConfigRequestRecord>),
}

/// Returns the webhook that is asked: the product's first that is active, while the product has the
/// switch on.
pub(crate) fn webhook<'s>(
    state: &'s State,
    product: &ProductRecord,
    validator: Option<Validator>,
) -> Option<&'s WebhookRecord> {
    let validator = validator.filter(|it| product.is_on(it.needs))?;
    let mut webhooks = state.webhooks.iter().map(|webhook| &**webhook);
    webhooks.find(|webhook| {
        let settings = &webhook.settings;
        settings.active && settings.kind == validator.webhook && settings.product == *product.id()
    })
}
