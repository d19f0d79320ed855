//! The meaning of an answer for the step that asked.

use std::time::Duration;

use connect_processor::{Failure, Outage};
use http::StatusCode;

use crate::answer::Answer;

/// The meaning of an answer.
///
/// | answer | [`Verdict::of`] |
/// |---|---|
/// | 2xx | [`Yes`](Self::Yes), to be proved |
/// | 3xx | [`Retry`](Self::Retry): nobody has answered |
/// | everything else | [`Retry`](Self::Retry), after the time that was asked for |
///
/// A bare 4xx refuses nothing: a gateway or a wrong address may have said it. That the vendor
/// has understood the call and says no, only the vendor's own words show; reading them is the
/// task of [`ApiBuilder::judge`](crate::ApiBuilder::judge).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The vendor says yes. It counts once it is proved.
    Yes,
    /// The vendor says no for good: the request fails.
    Refused {
        /// The reason that the customer reads.
        reason: String,
    },
    /// Nothing is decided: the step is tried again.
    Retry {
        /// The reason that stands in the log and the journal.
        why: String,
        /// The wait that the vendor asked for.
        after: Option<Duration>,
    },
    /// A person has to look first.
    Park {
        /// The reason that the person reads.
        why: String,
    },
}

impl Verdict {
    /// Returns the meaning of an answer when nobody knows the vendor's own words.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        if answer.status.is_success() {
            return Self::Yes;
        }
        Self::Retry { why: answer.summary(), after: answer.retry_after }
    }

    /// Turns everything but a yes into what a handler fails with. `api` is who answered, and how.
    pub(crate) fn into_result(self, api: &str, status: StatusCode) -> Result<(), Failure> {
        let said = |why: String| format!("{api} answered {why}");
        match self {
            Self::Yes => Ok(()),
            Self::Refused { reason } => Err(Failure::give_up(reason)),
            Self::Retry { why, after } if status.is_server_error() => {
                Err(Failure::Retry { source: Outage::new(said(why)).into(), after })
            }
            Self::Retry { why, after: Some(after) } => Err(Failure::retry_after(after, said(why))),
            Self::Retry { why, after: None } => Err(Failure::retry(said(why))),
            Self::Park { why } => Err(Failure::park(said(why))),
        }
    }
}
