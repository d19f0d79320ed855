//! A chapter: one request from being asked to being decided, and who did what for it.

use connect_demo_vendor::{Effect, TenantOperation};
use connect_model::{AssetRequest, AssetRequestType, AssetStatus, RequestId, RequestStatus};
use serde::Serialize;

/// An act that was played, as it was seen.
#[derive(Serialize)]
pub(super) struct Chapter {
    pub(super) title: &'static str,
    pub(super) request: RequestId,
    #[serde(rename = "type")]
    pub(super) kind: AssetRequestType,
    /// The statuses of the request, as REST showed them.
    pub(super) statuses: Vec<RequestStatus>,
    pub(super) reason: String,
    pub(super) asset_status: AssetStatus,
    pub(super) vendor_effects: Vec<TenantOperation>,
    pub(super) timeline: Vec<Moment>,
}

/// A moment at which somebody did something.
#[derive(Serialize)]
pub(super) struct Moment {
    /// Milliseconds since the story began.
    pub(super) at_ms: i64,
    pub(super) who: Who,
    pub(super) what: String,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    Customer,
    Connect,
    Processor,
    Vendor,
}

/// Tells what the vendor did.
pub(super) fn deed(effect: &Effect) -> String {
    let tenant = &effect.tenant;
    match effect.operation {
        TenantOperation::Create => format!("creates tenant {tenant}"),
        TenantOperation::SetLimit => format!("sets the limit of {tenant}"),
        other => format!("{}s {tenant}", other.as_str()),
    }
}

/// Tells what the vendor said instead.
pub(super) fn refusal(words: &str) -> String {
    format!("refuses: “{words}”")
}

/// Tells what the processor decided.
pub(super) fn decision(request: &AssetRequest) -> &'static str {
    match request.status {
        RequestStatus::Approved => "approves the request",
        _ => "fails the request, with the vendor's words",
    }
}

/// Tells how things stand on the platform.
pub(super) fn news(request: &AssetRequest, asset: &AssetStatus) -> String {
    format!("request {}, subscription {asset}", request.status)
}
