//! The payload that a run is offered with.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::monthly::task::MonthlyTask;
use crate::usage::task::UsageTask;

/// The news a run is offered with: which collection the request is in, and which version of it
/// was seen. A later version wakes a run that had nothing to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) collection: String,
    pub(crate) version: Option<String>,
    /// The number of attempts after which the request was found pending again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) back_after: Option<u32>,
    /// Whether the request was seen being revoked: news for a run that had nothing to do, also in the
    /// same version.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_revoking: bool,
    /// The report of usage, where the run is about one and about no request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<UsageTask>,
    /// The job of a month, where the run is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) monthly: Option<MonthlyTask>,
}

impl Payload {
    pub(crate) fn read(payload: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(payload)
    }

    /// Returns whether the run is about a request: all are, but those that are due by the calendar.
    pub(crate) fn is_of_request(&self) -> bool {
        self.usage.is_none() && self.monthly.is_none()
    }

    pub(crate) fn write(&self) -> Bytes {
        serde_json::to_vec(self).map(Bytes::from).unwrap_or_default()
    }
}
