//! Two append-only logs: what the vendor did, and what it was asked.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::operation::TenantOperation;

/// An operation the vendor carried out. Repeating it from memory adds none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its number, from 1 without gaps, in the order the effects happened.
    pub seq: u64,
    /// The wall time at which the effect was complete.
    pub at: Timestamp,
    /// The tenant it happened to.
    pub tenant: Arc<str>,
    /// The operation that was carried out.
    pub operation: TenantOperation,
    /// The `Idempotency-Key` of the call, if it had one.
    pub key: Option<Arc<str>>,
    /// Whether the tenant is different now: enabling an enabled tenant is an effect that changed
    /// nothing.
    pub changed: bool,
    /// The arrival of the call, in microseconds since the vendor started. Monotonic: two effects
    /// overlapped when each began before the other ended.
    pub began_at: u64,
    /// The completion of the effect, on the clock of [`Effect::began_at`].
    pub ended_at: u64,
}

/// A call the vendor answered. Calls it could not read (400, 404 without a tenant, 413) are left
/// out: they never became an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedCall {
    /// Its number, from 1 without gaps, in the order of the answers.
    pub seq: u64,
    /// The wall time of the answer.
    pub at: Timestamp,
    /// The operation that was asked for.
    pub operation: TenantOperation,
    /// The tenant the caller named; for [`TenantOperation::Create`] and [`TenantOperation::Find`] the external
    /// id.
    pub subject: Option<Arc<str>>,
    /// The `Idempotency-Key` of the call, if it had one.
    pub key: Option<Arc<str>>,
    /// The outcome.
    pub outcome: CallResult,
    /// The status the vendor answered with, also when the answer got lost.
    pub status: u16,
}

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    /// Carried out; there is an [`Effect`], or it was a look that leaves none.
    Done,
    /// Answered from memory, because of its key.
    Replayed,
    /// Turned down, by a rule or by a fault; nothing happened.
    Refused,
    /// Turned away with 429 before anything happened.
    Limited,
    /// Failed on purpose before anything happened.
    Failed,
}

/// A list whose entries carry their place, counted from 1.
pub(crate) struct Log<T>(Vec<T>);

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone> Log<T> {
    /// Appends the entry made for the next place.
    pub(crate) fn append(&mut self, entry: impl FnOnce(u64) -> T) {
        let seq = self.0.len() as u64 + 1;
        self.0.push(entry(seq));
    }

    /// Returns the entries behind the given place; 0 gives all.
    pub(crate) fn after(&self, seq: u64) -> Vec<T> {
        let skip = usize::try_from(seq).unwrap_or(usize::MAX);
        self.0.get(skip..).map_or_else(Vec::new, <[T]>::to_vec)
    }
}
