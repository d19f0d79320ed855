//! Failures of handlers, by what is to be done about them.

use std::fmt;
use std::time::Duration;

use connect_journal::{JournalError, StepName};

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A reason for which a handler has no outcome.
///
/// Any error turns into [`Retry`](Self::Retry) with `?`: trying again is the default. Giving up
/// refuses a customer's order, so it has to be said aloud, and is never made from another error.
///
/// ```
/// use connect_processor::Failure;
///
/// fn licences(text: &str) -> Result<u32, Failure> {
///     let wanted: u32 = text.parse()?;
///     if wanted > 500 {
///         return Err(Failure::give_up("At most 500 licences can be ordered."));
///     }
///     Ok(wanted)
/// }
/// assert!(matches!(licences("ten"), Err(Failure::Retry { .. })));
/// assert!(matches!(licences("501"), Err(Failure::GiveUp { .. })));
/// ```
#[derive(Debug)]
pub enum Failure {
    /// Tries again later, from the first step without a result.
    Retry {
        /// The error.
        source: BoxError,
        /// The wait, when somebody asked for one; otherwise the processor's backoff decides.
        after: Option<Duration>,
    },
    /// The vendor said no for good: the request fails with this reason.
    GiveUp {
        /// The reason, for the customer who reads it.
        reason: String,
    },
    /// A person has to look first.
    Park {
        /// The reason, for the person who reads it.
        why: String,
        /// The step that may have happened, when that is what the person is asked about: reviving
        /// the run lets it act again. [`park`](Self::park) asks about none.
        step: Option<StepName>,
    },
    /// The journal refused a write or could not be reached. Nothing more may be done in this life
    /// of the run.
    Journal(JournalError),
}

impl Failure {
    /// Tries again after the processor's backoff.
    pub fn retry(source: impl Into<BoxError>) -> Self {
        Self::Retry { source: source.into(), after: None }
    }

    /// Tries again after a given time, as somebody asked: no sooner than after the processor's
    /// backoff, and after an hour at most. A wait that is planned is
    /// [`Outcome::Reschedule`](crate::Outcome::Reschedule).
    pub fn retry_after(after: Duration, source: impl Into<BoxError>) -> Self {
        Self::Retry { source: source.into(), after: Some(after) }
    }

    /// Fails the request with a reason.
    pub fn give_up(reason: impl Into<String>) -> Self {
        Self::GiveUp { reason: reason.into() }
    }

    /// Leaves the request to a person.
    pub fn park(why: impl Into<String>) -> Self {
        Self::Park { why: why.into(), step: None }
    }
}

/// Shows the reason as one line.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry { source, .. } => f.write_str(&chain(source.as_ref())),
            Self::GiveUp { reason } => f.write_str(reason),
            Self::Park { why, .. } => f.write_str(why),
            Self::Journal(error) => f.write_str(&chain(error)),
        }
    }
}

impl<E: Into<BoxError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::retry(error)
    }
}

/// Returns an error and its sources as one line; a source that its error has told already is left
/// out.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}
