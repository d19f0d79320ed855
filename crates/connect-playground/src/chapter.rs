//! A chapter: one request from being asked to being decided, and who did what for it.

use connect_demo_vendor::{Effect, TenantOperation};
use connect_model::{AssetRequest, AssetRequestType, AssetStatus, RequestId, RequestStatus};
use serde::Serialize;

/// An act that was played, as it was seen.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// The heading, in words.
    pub title: &'static str,
    /// The request it is about.
    pub request: RequestId,
    /// The request's type.
    #[serde(rename = "type")]
    pub kind: AssetRequestType,
    /// The statuses of the request, as REST showed them.
    pub statuses: Vec<RequestStatus>,
    /// The reason of a failed request; else empty.
    pub reason: String,
    /// The status of the subscription afterwards.
    pub asset_status: AssetStatus,
    /// The operations that the vendor carried out for it.
    pub vendor_effects: Vec<TenantOperation>,
    /// The moments, in the order of telling.
    pub timeline: Vec<Moment>,
}

/// A moment at which somebody did something.
#[derive(Debug, Serialize)]
pub struct Moment {
    /// Milliseconds since the story began.
    pub at_ms: i64,
    /// The one who did something.
    pub who: Who,
    /// The deed, in words.
    pub what: String,
}

/// A party of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The customer, who asks.
    Customer,
    /// The platform.
    Connect,
    /// The processor, which decides.
    Processor,
    /// The vendor, who does the work.
    Vendor,
}

/// Tells what the vendor did.
pub(crate) fn deed(effect: &Effect) -> String {
    let tenant = &effect.tenant;
    match effect.operation {
        TenantOperation::Create => format!("creates tenant {tenant}"),
        TenantOperation::Extend => format!("extends {tenant}"),
        TenantOperation::HandOver => format!("hands {tenant} over"),
        TenantOperation::SetLimit => format!("sets the limit of {tenant}"),
        TenantOperation::SetContact => format!("notes whom to write to about {tenant}"),
        other => format!("{}s {tenant}", other.as_str()),
    }
}

/// Tells what the vendor said instead.
pub(crate) fn refusal(words: &str) -> String {
    format!("refuses: “{words}”")
}

/// Tells what the processor decided.
pub(crate) fn decision(request: &AssetRequest) -> &'static str {
    match request.status {
        RequestStatus::Approved => "approves the request",
        _ => "fails the request, with the vendor's words",
    }
}

/// Tells how things stand on the platform.
pub(crate) fn news(request: &AssetRequest, asset: &AssetStatus) -> String {
    format!("request {}, subscription {asset}", request.status)
}
