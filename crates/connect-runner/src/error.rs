//! The errors that end a program, and its exit codes.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use connect_journal::OpenError;
use connect_processor::BoxError;

use crate::exit::Exit;
use crate::settings::{AccountName, SettingsError};

/// The reason that a program could not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A setting is missing or cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The vendor cannot use its own settings.
    #[error(transparent)]
    Vendor(BoxError),
    /// Endpoint and key cannot be used as they are.
    #[error(transparent)]
    Client(#[from] connect_client::Error),
    /// The address of the listener cannot be listened on.
    #[error("cannot listen on {address}; choose another one with --listen (port 0: a free one)")]
    Listen {
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
    /// The journal's file cannot be opened.
    #[error(transparent)]
    Journal(#[from] OpenError),
    /// The journal is about another platform or account.
    #[error("{}", journal.display())]
    OtherJournal {
        journal: PathBuf,
        #[source]
        source: connect_processor::Error,
    },
    /// The processor could not start or go on.
    #[error(transparent)]
    Processor(connect_processor::Error),
    /// One account of several cannot be worked for.
    #[error("account `{account}`")]
    Account {
        account: AccountName,
        #[source]
        source: Box<Error>,
    },
    /// The system gives no threads or timers.
    #[error("the program cannot start: {0}")]
    Runtime(#[source] io::Error),
}

impl Error {
    /// Says of which account it is, where there are several.
    pub(crate) fn of_account(self, account: Option<AccountName>) -> Self {
        match account {
            Some(account) => Self::Account { account, source: Box::new(self) },
            None => self,
        }
    }

    /// Returns a misuse for what the settings are to blame for: values that cannot be used, a journal
    /// of another platform or account, and one account under two names.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Settings(_) | Self::Vendor(_) | Self::Client(_) | Self::OtherJournal { .. } => {
                Exit::Misuse
            }
            Self::Processor(connect_processor::Error::SameAccount { .. }) => Exit::Misuse,
            Self::Account { source, .. } => source.exit(),
            Self::Listen { .. } | Self::Journal(_) | Self::Processor(_) | Self::Runtime(_) => {
                Exit::Failure
            }
        }
    }

    /// A stable code for machines.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Settings(_) | Self::Vendor(_) => "RUN_SETTINGS",
            Self::Client(error) => error.code(),
            Self::Listen { .. } => "RUN_LISTEN",
            Self::Journal(_) => "JRN_OPEN",
            Self::OtherJournal { source, .. } => source.code(),
            Self::Processor(error) => error.code(),
            Self::Account { source, .. } => source.code(),
            Self::Runtime(_) => "RUN_SYSTEM",
        }
    }
}
