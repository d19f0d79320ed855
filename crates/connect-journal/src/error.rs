//! The reasons for which a journal says no.

use std::error::Error;
use std::path::PathBuf;

use crate::control::Control;
use crate::names::RunId;
use crate::run::RunState;

/// The reasons for which a journal says no.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The claim is over: its lease ran out and the run was claimed again, or the claim was already
    /// finished in another way. Nothing was written. Stop working on the run.
    #[error(
        "fenced: this claim of the run is over, it was finished before or claimed again after \
         its lease ran out; stop working on it, its present claim carries on"
    )]
    Fenced,

    /// The store could not answer. The call may or may not have been carried out; making the same
    /// call again is always safe.
    #[error("the journal is unavailable; the same call may be repeated")]
    Unavailable {
        /// The store's own error.
        source: Box<dyn Error + Send + Sync>,
    },

    /// The store holds something this version cannot read. Repeating the call will not help.
    #[error("the journal holds something this version cannot read; restore it from a backup")]
    Corrupt {
        /// The error met when reading.
        source: Box<dyn Error + Send + Sync>,
    },

    /// A file of the journal was removed or replaced while it was open. What was answered with `Ok`
    /// before may be lost, and every call from now on fails like this: stop working.
    #[error(
        "a file of the journal {} was removed or replaced while it was open; stop, and restore the \
         journal before you start again: which effects have happened stood in it",
        file.display()
    )]
    Gone {
        /// The journal's main file.
        file: PathBuf,
    },

    /// There is no run of this id.
    #[error("there is no run `{run}`; list the runs to find its id")]
    NoSuchRun {
        /// The id that was asked for.
        run: RunId,
    },

    /// The run is not parked, dead or waiting for a later time, so it cannot be revived.
    #[error("run `{run}` is {state}; only a parked, dead or waiting run can be revived")]
    NotRevivable {
        /// The run that was to be revived.
        run: RunId,
        /// Its state.
        state: RunState,
    },

    /// The journal was bound to another owner before, and keeps that one.
    #[error("this journal belongs to `{owner}`, not to `{asked}`; use another journal")]
    OtherOwner {
        /// The owner it has.
        owner: String,
        /// The owner it was to be bound to.
        asked: String,
    },

    /// The text is not fit to name an owner.
    #[error("the owner of a journal is named by 1 to 512 bytes without control characters")]
    InvalidOwner,

    /// The control does not fit. Nothing was set.
    #[error(
        "a control is named by 1 to 512 bytes, set by up to 512, both without control characters, \
         and holds at most {} bytes",
        Control::LARGEST
    )]
    InvalidControl,

    /// The journal has as many controls as it can have. Nothing was set.
    #[error("the journal has {} controls already; take one back first", Control::MOST)]
    TooManyControls,
}

impl JournalError {
    /// A name that stays the same over releases, for logs and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fenced => "JRN_FENCED",
            Self::Unavailable { .. } => "JRN_UNAVAILABLE",
            Self::Corrupt { .. } => "JRN_CORRUPT",
            Self::Gone { .. } => "JRN_GONE",
            Self::NoSuchRun { .. } => "JRN_NO_SUCH_RUN",
            Self::NotRevivable { .. } => "JRN_NOT_REVIVABLE",
            Self::OtherOwner { .. } => "JRN_OTHER_OWNER",
            Self::InvalidOwner => "JRN_INVALID_OWNER",
            Self::InvalidControl => "JRN_INVALID_CONTROL",
            Self::TooManyControls => "JRN_TOO_MANY_CONTROLS",
        }
    }

    pub(crate) fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable { source: source.into() }
    }
}
