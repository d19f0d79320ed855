//! The endings of runs.

use std::fmt;

use bytes::Bytes;
use connect_journal::{Note, RunView};
use serde::{Serialize, Serializer};

/// The text of a migration that no handler takes, around the key of its parameter.
const MIGRATION: &str = "migration by ";
const UNTAKEN: &str = ", which no handler takes";

/// The end that a run came to: for good, or until there is news of its request.
///
/// The journal keeps it as text, and so do reports. A text that this version does not know is kept
/// as it is.
///
/// ```
/// use connect_processor::Ending;
///
/// assert_eq!(Ending::from("settled elsewhere"), Ending::SettledElsewhere);
/// assert_eq!(Ending::SettledElsewhere.to_string(), "settled elsewhere");
/// assert_eq!(Ending::from("postponed").as_str(), "postponed");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The request was approved.
    Approved,
    /// The request was failed.
    Failed,
    /// The platform does not show the request.
    Gone,
    /// The request was sent back to the customer.
    Inquired,
    /// The request is a migration, and no handler takes any. The text says so, and by which
    /// parameter it is one.
    Migration(String),
    /// No handler is registered for the request's type.
    NoHandler,
    /// The request is of another product or environment than those that are worked for.
    NotOurs,
    /// The request was taken back.
    Revoked,
    /// The request was accepted for a later day.
    Scheduled,
    /// Nothing was used in the month that was to be reported.
    NothingUsed,
    /// The job of a month came to its end.
    Reported,
    /// Somebody else, or an earlier life, brought the request on.
    SettledElsewhere,
    /// The handler left the request alone.
    Skipped,
    /// The usage of a month was handed to the distributor.
    Submitted,
    /// A text that another version wrote.
    Other(String),
}

impl Ending {
    /// All endings that this version knows.
    const KNOWN: [Self; 13] = [
        Self::Approved,
        Self::Failed,
        Self::Gone,
        Self::Inquired,
        Self::NoHandler,
        Self::NotOurs,
        Self::NothingUsed,
        Self::Reported,
        Self::Revoked,
        Self::Scheduled,
        Self::SettledElsewhere,
        Self::Skipped,
        Self::Submitted,
    ];

    /// Returns the ending of a migration that no handler takes, by the key of its parameter.
    pub(crate) fn migration(parameter: &str) -> Self {
        Self::Migration(format!("{MIGRATION}{parameter}{UNTAKEN}"))
    }

    /// Returns what a run came to, if it is done or idle.
    #[must_use]
    pub fn of(run: &RunView) -> Option<Self> {
        match &run.note {
            Some(Note::Outcome(outcome)) => Some(Self::from_outcome(outcome)),
            Some(Note::Why(_)) | None => None,
        }
    }

    /// Reads the outcome that a journal keeps.
    #[must_use]
    pub fn from_outcome(outcome: &[u8]) -> Self {
        Self::from(String::from_utf8_lossy(outcome).as_ref())
    }

    /// Returns the outcome that a journal keeps.
    pub(crate) fn to_outcome(&self) -> Bytes {
        Bytes::copy_from_slice(self.as_str().as_bytes())
    }

    /// Returns the text that the ending is kept as.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Approved => "approved",
            Self::Failed => "failed",
            Self::Gone => "gone",
            Self::Inquired => "inquired",
            Self::NoHandler => "no handler",
            Self::NotOurs => "not ours",
            Self::NothingUsed => "nothing used",
            Self::Reported => "reported",
            Self::Revoked => "revoked",
            Self::Scheduled => "scheduled",
            Self::SettledElsewhere => "settled elsewhere",
            Self::Skipped => "skipped",
            Self::Submitted => "submitted",
            Self::Migration(text) | Self::Other(text) => text,
        }
    }
}

impl From<&str> for Ending {
    fn from(text: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|known| known.as_str() == text);
        let is_migration = text.starts_with(MIGRATION) && text.ends_with(UNTAKEN);
        let other = if is_migration { Self::Migration } else { Self::Other };
        known.unwrap_or_else(|| other(text.to_owned()))
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Shows the text, as logs have always had it.
impl fmt::Debug for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Ending {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
