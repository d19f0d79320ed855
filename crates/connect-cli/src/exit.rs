//! The end of a command: exit codes for shells, error codes for machines, words for people.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use connect_client::StatusCode;
use connect_console::AnswerError;
use connect_journal::{JournalError, RunId};
use connect_model::{ProductId, RequestStatus, UsageFileId, UsageFileStatus};
use connect_playground::Error as Local;
use serde_json::{Value, json};

/// The end of `cnct --help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done
  1    could not be done: no network, no answer, a file, a port
  2    wrong usage or settings
  3    the platform or the journal refused
  4    the platform or the journal does not have it
  5    with --wait: the request was not approved
  6    with --wait: the request was not decided in time
  7    some rows of a list could not be shown; the others were
  8    a promise was broken in a crash test
  9    workers do not keep to the protocol
  130  interrupted

A first look:  cnct demo
The same world to play with:  cnct up, then in another terminal cnct request list";

/// The reason that a command did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The client could not, or the platform would not.
    #[error(transparent)]
    Platform(#[from] connect_client::Error),
    /// An action got no answer, and reading its request showed that it has not happened.
    #[error("{source}; read again, {request} is still {status}")]
    NotSettled {
        request: String,
        status: RequestStatus,
        #[source]
        source: Box<connect_client::Error>,
    },
    /// The platform does not know an item.
    #[error("{source} ({product} has {})", items.join(", "))]
    NoSuchItem { source: Box<connect_client::Error>, product: ProductId, items: Vec<String> },
    /// An argument or a setting cannot be used.
    #[error("{message}")]
    Usage { message: String, remedy: &'static str },
    /// Neither arguments nor settings say where Connect is.
    #[error("no Connect to talk to: {0}")]
    NoPlatform(String),
    /// A file cannot be read or written.
    #[error("{} cannot be {doing}: {source}", path.display())]
    File {
        path: PathBuf,
        doing: &'static str,
        #[source]
        source: io::Error,
    },
    /// The emulator did not start.
    #[error("the emulator did not start: {0}")]
    Emulator(#[from] connect_emulator::StartError),
    /// The local world did not start, or could not go on.
    #[error(transparent)]
    Playground(#[from] Local),
    /// The processor's journal could not be opened.
    #[error("the journal cannot be opened: {0}")]
    Journal(#[from] connect_journal::OpenError),
    /// The processor's journal could not be read, or refused.
    #[error("the journal: {0}")]
    Runs(#[from] JournalError),
    /// A run that somebody is at work on, which cannot be parked now.
    #[error("{run} cannot be parked now: it is at work, or another request of its subscription is")]
    BusyRun {
        /// The run.
        run: RunId,
    },
    /// The processor's journal could not be backed up or restored.
    #[error("{0}")]
    Backup(#[from] connect_journal::BackupError),
    /// Data could not be erased from the processor's journal.
    #[error("{0}")]
    Erase(#[from] connect_journal::EraseError),
    /// The machine has no usable HTTP client.
    #[error("calls over HTTP are impossible on this machine: {0}")]
    Http(#[source] reqwest::Error),
    /// The request was decided, but not approved.
    #[error("{request} ended as {status}{}", because(reason))]
    NotApproved { request: String, status: RequestStatus, reason: String },
    /// Nobody decided the request in time.
    #[error("{request} is still {status} after {}", seconds(*after))]
    StillOpen { request: String, status: RequestStatus, after: Duration },
    /// The request was accepted for a later day.
    #[error("{request} is scheduled for a later day")]
    Scheduled { request: String },
    /// A row of a list says too little to be shown.
    #[error("{collection} {id}: it comes without `{field}`")]
    Unsaid { collection: &'static str, id: String, field: &'static str },
    /// The platform found records of a usage file wrong.
    #[error("records of {file} are wrong")]
    WrongRecords { file: UsageFileId },
    /// A usage file has no workbook that the platform has looked at.
    #[error("{file} has no processed workbook: it is {status}")]
    NotProcessed { file: UsageFileId, status: UsageFileStatus },
    /// The workbook that the platform made of a usage file cannot be had.
    #[error("the processed workbook of {file} cannot be downloaded: {problem}")]
    Download { file: UsageFileId, problem: String },
    /// The workbook that the platform made of a usage file is none.
    #[error("the processed workbook of {file} cannot be read: {source}")]
    Workbook {
        file: UsageFileId,
        #[source]
        source: usage_sheet::SheetError,
    },
    /// The vendor, or the platform, finds values of a request wrong.
    #[error("values of {request} are wrong")]
    WrongValues { request: String },
    /// Some rows of a list were not shown.
    #[error("{missing} of the rows could not be shown; they are named above")]
    NotAllShown { missing: usize },
    /// Some of the runs that were to be revived have changed meanwhile.
    #[error("{left} of the runs could not be revived; they are named above")]
    NotAllRevived { left: usize },
    /// A crash test cannot be run.
    #[error("the crash test cannot be run: {0}")]
    CrashTest(#[from] connect_playground::TestError),
    /// A crash test found something.
    #[error("{findings} promises were broken; the certificate names them")]
    Broken { findings: usize },
    /// Workers cannot be checked.
    #[error(transparent)]
    Workers(#[from] connect_exec::StartError),
    /// Workers do not keep to the protocol.
    #[error("{failed} of {cases} cases failed; they are shown above")]
    NotConforming { failed: usize, cases: usize },
    /// Nobody there, or nobody who takes faults.
    #[error("{place} takes no faults: {problem}")]
    Faults { place: &'static str, problem: String },
    /// The result could not be printed.
    #[error("the result cannot be printed: {0}")]
    Output(#[source] io::Error),
    /// Nobody could tell this process to stop.
    #[error("signals cannot be listened to: {0}")]
    Signals(#[source] io::Error),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl From<AnswerError> for Error {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Busy { run } => Self::BusyRun { run },
            AnswerError::Journal(error) => Self::Runs(error),
        }
    }
}

impl Error {
    pub(crate) fn usage(message: impl Into<String>, remedy: &'static str) -> Self {
        Self::Usage { message: message.into(), remedy }
    }

    /// A stable word for machines.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Platform(error) => error.code(),
            Self::NotSettled { source, .. } | Self::NoSuchItem { source, .. } => source.code(),
            Self::Usage { .. } => "CLI_USAGE",
            Self::NoPlatform(_) => "CLI_NO_PLATFORM",
            Self::File { .. } => "CLI_FILE",
            Self::Emulator(error) => of_emulator(error),
            Self::Playground(error) => of_playground(error),
            Self::Journal(error) => error.code(),
            Self::Runs(error) => error.code(),
            Self::BusyRun { .. } => "CLI_BUSY_RUN",
            Self::Backup(error) => error.code(),
            Self::Erase(error) => error.code(),
            Self::Http(_) => "CLI_HTTP",
            Self::NotApproved { .. } => "CLI_NOT_APPROVED",
            Self::StillOpen { .. } => "CLI_STILL_OPEN",
            Self::Scheduled { .. } => "CLI_SCHEDULED",
            Self::Unsaid { .. } => "CLI_UNSAID",
            Self::WrongRecords { .. } => "CLI_WRONG_RECORDS",
            Self::NotProcessed { .. } => "CLI_NOT_PROCESSED",
            Self::Download { .. } => "CLI_DOWNLOAD",
            Self::Workbook { .. } => "CLI_WORKBOOK",
            Self::WrongValues { .. } => "CLI_WRONG_VALUES",
            Self::NotAllShown { .. } => "CLI_NOT_ALL_SHOWN",
            Self::NotAllRevived { .. } => "CLI_NOT_ALL_REVIVED",
            Self::CrashTest(error) => error.code(),
            Self::Broken { .. } => "CLI_BROKEN",
            Self::Workers(_) => "CLI_WORKERS",
            Self::NotConforming { .. } => "CLI_NOT_CONFORMING",
            Self::Faults { .. } => "CLI_FAULTS",
            Self::Output(_) => "CLI_OUTPUT",
            Self::Signals(_) => "CLI_SIGNALS",
            Self::Interrupted => "CLI_INTERRUPTED",
        }
    }

    /// Returns the exit code for the shell.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Self::Platform(error) => of_platform(error),
            Self::NoSuchItem { source, .. } => of_platform(source),
            Self::Playground(Local::Platform(error)) => of_platform(error),
            Self::Usage { .. } | Self::NoPlatform(_) => 2,
            Self::Playground(Local::ForeignFile(_)) => 2,
            Self::Runs(JournalError::NoSuchRun { .. }) => 4,
            Self::Runs(JournalError::NotRevivable { .. }) | Self::BusyRun { .. } => 3,
            Self::Erase(connect_journal::EraseError::Open(_)) => 3,
            Self::Erase(connect_journal::EraseError::Nothing(_)) => 4,
            Self::WrongRecords { .. } | Self::WrongValues { .. } | Self::NotAllRevived { .. } => 3,
            Self::NotProcessed { .. } => 4,
            Self::NotApproved { .. } => 5,
            Self::StillOpen { .. } | Self::Scheduled { .. } => 6,
            Self::NotAllShown { .. } => 7,
            Self::Broken { .. } => 8,
            Self::NotConforming { .. } => 9,
            Self::Interrupted => 130,
            _ => 1,
        }
    }

    /// Returns the remedy, where the message does not name it itself.
    pub(crate) fn remedy(&self) -> Option<&str> {
        match self {
            Self::Usage { remedy, .. } => Some(remedy),
            Self::BusyRun { .. } => Some("try again in a moment; `cnct run show` says who has it"),
            Self::NoSuchItem { .. } => Some("`cnct product show PRD-…` says what can be ordered"),
            Self::Playground(Local::ForeignFile(_)) => {
                Some("name another file, or remove this one yourself")
            }
            Self::Faults { .. } => Some(
                "only the emulator and the demo vendor take faults: start them with `cnct up`, and \
                 name them with --ready FILE (CONNECT_READY) when their ports are not the usual ones",
            ),
            Self::NoPlatform(_) => Some(
                "start a local one with `cnct up`, or name one: --endpoint and --api-key \
                 (CONNECT_ENDPOINT, CONNECT_API_KEY), --ready FILE (CONNECT_READY), or a --config \
                 FILE (CONNECT_CONFIG)",
            ),
            Self::File { .. } | Self::Playground(Local::File { .. }) => {
                Some("check the path and its permissions, or name another file")
            }
            Self::Scheduled { .. } => Some("`cnct request show` has the day"),
            Self::StillOpen { status: RequestStatus::Inquiring, .. } => Some(
                "its customer is asked something: `cnct request show` says what, and where the form is",
            ),
            Self::StillOpen { .. } => Some(
                "wait longer with --wait=5m, and check that a processor runs or decide it yourself",
            ),
            Self::WrongRecords { .. } => Some(
                "`cnct usage errors UF-…` says which, and why; upload the workbook again once they \
                 are right",
            ),
            Self::NotProcessed { .. } => Some("upload a workbook first: `cnct usage upload`"),
            Self::NotConforming { .. } => Some(
                "docs/worker-conformance.md says what the program is to do; --case NAME plays one alone",
            ),
            Self::WrongValues { .. } => Some(
                "they are named above; write others with `cnct request set`, and validate again",
            ),
            Self::Playground(Local::Died(_) | Local::Story(_)) => {
                Some("run it again with -vv and report what it says")
            }
            _ => None,
        }
    }

    /// Returns the root cause, where the message does not name it itself.
    pub(crate) fn cause(&self) -> Option<String> {
        let sources = std::iter::successors(std::error::Error::source(self), |it| it.source());
        let cause = sources.last()?.to_string();
        (!self.to_string().contains(&cause)).then_some(cause)
    }

    /// The error as one JSON document.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = json!({"code": self.code(), "message": self.to_string()});
        if let Some(cause) = self.cause() {
            error["cause"] = json!(cause);
        }
        if let Some(remedy) = self.remedy() {
            error["remedy"] = json!(remedy);
        }
        let refused = match self {
            Self::Platform(error) => Some(error),
            Self::Playground(Local::Platform(error)) => Some(error),
            Self::NoSuchItem { source, .. } => Some(source.as_ref()),
            _ => None,
        };
        if let Some(connect_client::Error::Refused { status, refusal, .. }) = refused {
            error["status"] = json!(status.as_u16());
            error["refusal"] = json!(refusal);
        }
        json!({"error": error})
    }
}

fn of_emulator(error: &connect_emulator::StartError) -> &'static str {
    match error {
        connect_emulator::StartError::Store(error) => error.code(),
        _ => "CLI_EMULATOR",
    }
}

fn of_playground(error: &Local) -> &'static str {
    match error {
        Local::Platform(error) => error.code(),
        Local::File { .. } => "CLI_FILE",
        Local::ForeignFile(_) => "CLI_FOREIGN_FILE",
        Local::Emulator(error) => of_emulator(error),
        Local::Vendor(_) | Local::Tenants(_) => "CLI_VENDOR",
        Local::VendorApi(error) => error.code(),
        Local::Journal(error) => error.code(),
        Local::Processor(error) => error.code(),
        Local::Died(_) => "CLI_DIED",
        Local::Story(_) => "CLI_DEMO",
    }
}

fn of_platform(error: &connect_client::Error) -> u8 {
    use connect_client::Error as Client;
    match error {
        Client::Refused { status: StatusCode::NOT_FOUND, .. } => 4,
        Client::Refused { .. } => 3,
        Client::Config { .. } | Client::Query { .. } => 2,
        _ => 1,
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f32())
}
