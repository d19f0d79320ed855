//! The bodies that create requests.

use serde::Serialize;
use serde_json::{Value, json};

use crate::asset_request::NewTier;
use crate::id::{ConnectionId, ProductId, TierConfigId};
use crate::parameter::ParameterUpdate;
use crate::tier_config_request::TierConfigRequestType;

/// The body of `POST /tier/config-requests`. The platform makes a set-up by itself, when a purchase
/// needs one.
///
/// ```
/// use connect_model::{ParameterUpdate, TierConfigId};
/// use connect_model::tier_config_request::NewTierConfigRequest;
///
/// let config: TierConfigId = "TC-410-556-119".parse()?;
/// let body = NewTierConfigRequest::update(&config)
///     .param(ParameterUpdate::value("partner_code", "OR-9001"));
/// assert_eq!(
///     serde_json::to_value(body).unwrap(),
///     serde_json::json!({
///         "type": "update",
///         "configuration": {"id": config},
///         "params": [{"id": "partner_code", "value": "OR-9001"}],
///     })
/// );
/// # Ok::<(), connect_model::BadId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewTierConfigRequest {
    #[serde(rename = "type")]
    kind: TierConfigRequestType,
    configuration: Value,
    params: Vec<ParameterUpdate>,
}

impl NewTierConfigRequest {
    fn on(config: &TierConfigId, kind: TierConfigRequestType) -> Self {
        Self { kind, configuration: json!({"id": config}), params: Vec::new() }
    }

    /// Asks for the first values of a reseller for preview sales, before one needs them. The reseller
    /// sells to the customer at level 1, and to that reseller at level 2.
    #[must_use]
    pub fn preview_setup(product: &ProductId, level: u8, reseller: &NewTier) -> Self {
        let configuration = json!({
            "product": {"id": product},
            "tier_level": level,
            "account": reseller,
            "connection": {"id": ConnectionId::from_number(0), "type": "preview"},
        });
        Self { kind: TierConfigRequestType::Setup, configuration, params: Vec::new() }
    }

    /// Asks for other values.
    #[must_use]
    pub fn update(config: &TierConfigId) -> Self {
        Self::on(config, TierConfigRequestType::Update)
    }

    /// Asks for the vendor's own correction of values.
    #[must_use]
    pub fn adjustment(config: &TierConfigId) -> Self {
        Self::on(config, TierConfigRequestType::Adjustment)
    }

    /// Returns the same request with one more parameter.
    #[must_use]
    pub fn param(mut self, param: ParameterUpdate) -> Self {
        self.params.push(param);
        self
    }
}
