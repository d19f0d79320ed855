//! The errors that keep a processor from starting or going on.

use connect_client::Error as ClientError;
use connect_journal::JournalError;

use crate::controls::BadVendorName;
use crate::finding::Finding;

/// The reasons for which a processor cannot start, or has to stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The platform refused the key, could not be reached, or answered with something else than
    /// Connect does.
    #[error("Connect cannot be used: {0}")]
    Platform(#[source] ClientError),
    /// The platform lacks something without which work cannot begin.
    #[error("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NotReady {
        /// Everything that it lacks.
        findings: Vec<Finding>,
    },
    /// The journal is about the requests of another platform or account.
    #[error(
        "this journal belongs to {owner}, and these are the requests of {here}: what it says of \
         steps and requests is about others. Use another journal file; when that platform is \
         gone, as a local world that was ended, this file can be removed"
    )]
    OtherJournal {
        /// The platform and account it was made with.
        owner: String,
        /// The platform and account that were to be worked for.
        here: String,
    },
    /// Another processor of this process works for the same account.
    #[error(
        "the key is of {here}, which `{by}` works for already in this process: neither would know of \
         the other's steps. Give it the key of another account, or leave one of both out"
    )]
    SameAccount {
        /// The platform and account.
        here: String,
        /// The name of the processor that works for it.
        by: String,
    },
    /// The journal failed.
    #[error("the journal cannot be used: {0}")]
    Journal(#[source] JournalError),
    /// The part of the processor that works on requests has broken off.
    #[error("the processor broke off; see its error output, then start it again")]
    Broken,
    /// Nothing was registered.
    #[error("no handler is registered: call `on` or `validate` for at least one request type")]
    NoHandlers,
    /// The request that alone was to be worked on is not there.
    #[error(
        "there is no request {request:?} that the key sees among {collections}, for which there are \
         handlers; check its id, and with `--check` the rights of the key"
    )]
    NoSuchRequest {
        /// The id that was given.
        request: String,
        /// The collections that were looked through.
        collections: String,
    },
    /// Nobody knows how the request is that alone was to be worked on.
    #[error("the request {request} cannot be read, so nothing is done; try again: {why}")]
    UnreadRequest {
        /// Its id.
        request: String,
        /// The reason.
        why: String,
    },
    /// Runs are open that have taken steps of names that no handler declares.
    #[error(
        "runs are open that have taken steps which no handler of {collection} declares: {runs}. What \
         they did would not be found, and might be done again. Declare the names with \
         `Processor::steps`, say with `StepNames::renamed` what they are called now, or finish these \
         runs with the version that began them"
    )]
    UndeclaredSteps {
        /// The collection of the requests.
        collection: &'static str,
        /// The runs, each with its steps, and how many more there are.
        runs: String,
    },
    /// Migrations have a handler, and the requests that may be some have none.
    #[error(
        "migrations of {collection} have a handler, and the requests that may be some have none: \
         call `on` for their type, too, with a handler for those that are no migrations"
    )]
    UnlistedMigrations {
        /// The collection of the requests.
        collection: &'static str,
    },
    /// A vendor has a name by which it cannot be paused, nor its breaker be kept.
    #[error("no vendor can have the name {name:?}: {BadVendorName}; give another to `Vendor::new`")]
    VendorName {
        /// The name, or its beginning.
        name: String,
    },
}

impl Error {
    /// Returns whether it is senseless for the whole processor to go on: no other look finds it better.
    pub(crate) fn ends_processor(&self) -> bool {
        matches!(self, Self::OtherJournal { .. } | Self::SameAccount { .. })
    }

    /// A stable code for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Platform(error) => error.code(),
            Self::NotReady { findings } => findings.first().map_or("PRC_NOT_READY", |it| it.code),
            Self::OtherJournal { .. } => "PRC_OTHER_JOURNAL",
            Self::SameAccount { .. } => "PRC_SAME_ACCOUNT",
            Self::Journal(error) => error.code(),
            Self::Broken => "PRC_BROKEN",
            Self::UndeclaredSteps { .. } => "PRC_STEPS",
            Self::NoSuchRequest { .. } => "PRC_NO_REQUEST",
            Self::UnreadRequest { .. } => "PRC_REQUEST_UNREAD",
            Self::VendorName { .. } => "PRC_VENDOR_NAME",
            Self::NoHandlers | Self::UnlistedMigrations { .. } => "PRC_HANDLERS",
        }
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        Self::Platform(error)
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}
