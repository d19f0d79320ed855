//! What became of one request.

use std::fmt;

use connect_model::RequestStatus;
use jiff::Timestamp;

use crate::ending::Ending;

/// What a request has come to that alone was [worked on](crate::Processor::work_on). It prints as
/// one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestReport {
    /// Its run came to an end: for good, or until there is news of it.
    Ended(Ending),
    /// It does not wait for the vendor, and nothing was left to be done for it.
    NotPending(RequestStatus),
    /// It is not among the requests that are worked on. The ending says why.
    NotTaken(Ending),
    /// It is looked at again.
    Waiting {
        /// The time of that, if it is known.
        due: Option<Timestamp>,
        /// The reason.
        why: String,
        /// Whether its handler has put it off, so nothing is wrong.
        is_planned: bool,
    },
    /// It waits for a person.
    Parked {
        /// The reason.
        why: String,
    },
}

impl RequestReport {
    /// Returns whether all is well: it has ended, waits as planned, or nothing was to be done.
    #[must_use]
    pub fn is_well(&self) -> bool {
        matches!(
            self,
            Self::Ended(_) | Self::NotPending(_) | Self::Waiting { is_planned: true, .. }
        )
    }
}

impl fmt::Display for RequestReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(ending) => write!(f, "{ending}"),
            Self::NotPending(status) => {
                write!(f, "it is {status} on the platform, so nothing is to be done")
            }
            Self::NotTaken(ending) => write!(f, "it is not worked on here: {ending}"),
            Self::Waiting { due: Some(due), why, .. } => write!(f, "waits until {due:.0}: {why}"),
            Self::Waiting { due: None, why, .. } => write!(f, "waits: {why}"),
            Self::Parked { why } => write!(
                f,
                "parked for a person: {why}. Once that is seen to, `cnct run revive` lets it go on"
            ),
        }
    }
}
