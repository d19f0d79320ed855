//! Dynamic validation: which webhook of the vendor's is asked about a request before it goes on.

use crate::asset_request::AssetRequestType as Asset;
use crate::capability::Capability as Switch;
use crate::request_status::RequestStatus as Status;
use crate::tier_config_request::TierConfigRequestType as Tier;
use crate::webhook::WebhookType as Webhook;

/// A type of webhook that is asked while a switch of the product is on (OpenAPI 37.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// The switch.
    pub needs: Switch,
    /// The type of the webhook.
    pub webhook: Webhook,
}

fn by(webhook: Webhook, needs: Switch) -> Option<Validator> {
    Some(Validator { needs, webhook })
}

/// Returns who is asked about a request of this type in this status: about drafts, and about the
/// form of an inquiry.
#[must_use]
pub fn of_asset_request(kind: &Asset, status: &Status) -> Option<Validator> {
    match (kind, status) {
        (Asset::Purchase, Status::Draft) => by(Webhook::Validator, Switch::CartValidation),
        (Asset::Purchase, Status::Inquiring) => {
            by(Webhook::InquiringValidator, Switch::InquiringValidation)
        }
        (Asset::Change, Status::Draft) => by(Webhook::ChangeValidator, Switch::ChangeValidation),
        (Asset::Change, Status::Inquiring) => {
            by(Webhook::ChangeInquiringValidator, Switch::ChangeInquiringValidation)
        }
        (Asset::Renew, Status::Draft) => by(Webhook::RenewValidator, Switch::RenewValidation),
        (Asset::Renew, Status::Inquiring) => {
            by(Webhook::RenewInquiringValidator, Switch::RenewInquiringValidation)
        }
        (Asset::Transfer, Status::Draft) => {
            by(Webhook::TransferValidator, Switch::TransferValidation)
        }
        (Asset::Transfer, Status::Inquiring) => {
            by(Webhook::TransferInquiringValidator, Switch::TransferInquiringValidation)
        }
        _ => None,
    }
}

/// Returns the same about a request for a configuration of a level, 1 or 2. A draft of an update has
/// a switch of its own; while that is off, it is a draft like others.
#[must_use]
pub fn of_tier_config_request(
    kind: &Tier,
    status: &Status,
    level: u8,
    is_on: impl Fn(Switch) -> bool,
) -> Option<Validator> {
    let of_level = |first, second, needs| by(if level == 2 { second } else { first }, needs);
    match (kind, status) {
        (Tier::Update, Status::Draft) if is_on(Switch::UpdateValidation) => of_level(
            Webhook::UpdateTier1Validator,
            Webhook::UpdateTier2Validator,
            Switch::UpdateValidation,
        ),
        (Tier::Setup | Tier::Update, Status::Draft) => of_level(
            Webhook::DraftTier1Validator,
            Webhook::DraftTier2Validator,
            Switch::TiersValidation,
        ),
        (Tier::Setup, Status::Inquiring) => of_level(
            Webhook::SetupTier1InquiringValidator,
            Webhook::SetupTier2InquiringValidator,
            Switch::SetupInquiringValidation,
        ),
        (Tier::Update, Status::Inquiring) => of_level(
            Webhook::UpdateTier1InquiringValidator,
            Webhook::UpdateTier2InquiringValidator,
            Switch::UpdateInquiringValidation,
        ),
        _ => None,
    }
}
