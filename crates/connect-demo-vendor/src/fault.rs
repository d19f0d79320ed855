//! Faults: the vendor's misbehaviour when told to, and the names of its calls.

use axum::http::StatusCode;
use fault::{Canned, FaultEffect, Faults, IncomingCall, Refuse};

use crate::answer::{Answer, Refusal};
use crate::operation::Command;

/// Returns the effect of a fault on this call, using up one strike.
pub(crate) fn strike(faults: &Faults, command: &Command) -> Option<FaultEffect> {
    let (method, path) = command.line();
    let subject = command.subject().map(AsRef::as_ref);
    let operation = command.operation().as_str();
    faults.strike(&IncomingCall { operation, method, path: &path, subject })
}

/// Returns a refusal in the vendor's own way of saying no.
pub(crate) fn refusal(refuse: Refuse) -> Refusal {
    Refusal::new(refuse.status_code(), refuse.code, refuse.reason)
}

/// Returns the answer that a fault gives in the vendor's place.
pub(crate) fn canned(canned: &Canned) -> Answer {
    let answer = match (canned.content(), canned.status) {
        (Some((media_type, body)), status) => Answer::raw(status, media_type, body),
        (None, StatusCode::TOO_MANY_REQUESTS) => {
            Answer::limited(canned.retry_after.unwrap_or_default())
        }
        (None, status) => {
            Refusal::new(status, "injected_failure", "Failed on purpose, by a fault.").into()
        }
    };
    answer.with(canned.headers())
}
