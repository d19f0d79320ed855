//! The effects of requests on their asset.

use crate::asset::AssetStatus as Status;
use crate::asset_request::AssetRequestType as Type;
use crate::refusal::Refusal;

/// The end of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestResult {
    /// Granted.
    Approved,
    /// Refused.
    Failed,
    /// Taken back.
    Revoked,
}

/// Returns the statuses in which an asset accepts a new request of a type: none for purchases,
/// which bring their asset with them.
#[must_use]
pub fn allowed_asset_statuses(kind: &Type) -> &'static [Status] {
    match kind {
        Type::Resume => &[Status::Suspended],
        Type::Cancel | Type::Adjustment => &[Status::Active, Status::Suspended],
        Type::Change | Type::Suspend | Type::Renew | Type::Transfer => &[Status::Active],
        _ => &[],
    }
}

/// Returns the status of an asset once a request of a type was created on it.
///
/// # Errors
///
/// `REQ_002` with the asset's status, when an asset in this status takes no such request.
pub fn on_create(kind: &Type, asset: &Status) -> Result<Status, Refusal> {
    if !allowed_asset_statuses(kind).contains(asset) {
        let text = format!("Request type {kind} is not allowed when asset state is {asset}");
        return Err(Refusal::new("REQ_002", text).with("asset_status", asset.as_str()));
    }
    Ok(match kind {
        Type::Cancel => Status::Terminating,
        _ => asset.clone(),
    })
}

/// Returns the status of an asset once a request of a type ended. `before` is its status when the
/// request was created; a refused or revoked request brings it back.
#[must_use]
pub fn on_outcome(kind: &Type, verdict: RequestResult, before: &Status) -> Status {
    match (kind, verdict) {
        (Type::Purchase | Type::Resume, RequestResult::Approved) => Status::Active,
        (Type::Suspend, RequestResult::Approved) => Status::Suspended,
        (Type::Cancel, RequestResult::Approved) => Status::Terminated,
        (Type::Purchase, RequestResult::Failed | RequestResult::Revoked) => Status::Terminated,
        _ => before.clone(),
    }
}
