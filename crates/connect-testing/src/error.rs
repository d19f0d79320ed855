//! The reasons for which a test has no world, or no answer from it.

use connect_client::BoxError;
use connect_model::Refusal;
use connect_world::Denial;

/// A reason why a world could not be made, asked or worked in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestError {
    /// The platform did not start.
    #[error("the platform did not start: {0}")]
    Emulator(#[from] connect_emulator::StartError),
    /// The platform refused, or could not be asked.
    #[error("{doing}: {source}")]
    Platform {
        /// What was being done.
        doing: String,
        /// The client's error.
        #[source]
        source: Box<connect_client::Error>,
    },
    /// The platform refused what a test asked of it directly.
    #[error("{doing}: {refusal}")]
    Refused {
        /// What was being done.
        doing: String,
        /// What the platform says.
        refusal: Box<Refusal>,
    },
    /// The platform's answer lacks what a test builds on.
    #[error("{doing}: the answer has no `{field}`")]
    Unsaid {
        /// What was being done.
        doing: String,
        /// The missing field.
        field: &'static str,
    },
    /// The test's own function made no processor.
    #[error("the test made no processor: {0}")]
    NoProcessor(#[source] BoxError),
    /// The processor did not start, or ended by itself.
    #[error("the processor ended: {0}")]
    Processor(#[from] connect_processor::Error),
    /// The journal could not be read.
    #[error("the journal: {0}")]
    Journal(#[from] connect_journal::JournalError),
    /// The vendor of the test did not answer.
    #[error("the vendor of the test did not answer: {0}")]
    Vendor(#[source] BoxError),
    /// Nothing was asked for.
    #[error("no request to explore: name some with `CrashExplorer::requests`")]
    NothingToExplore,
    /// A thread could not be started, or broke.
    #[error("the stories cannot be told on a thread of their own: {0}")]
    Thread(String),
}

impl TestError {
    /// Returns a stable word for machines, such as `TST_PLATFORM`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Emulator(_) => "TST_EMULATOR",
            Self::Platform { .. } => "TST_PLATFORM",
            Self::Refused { .. } => "TST_REFUSED",
            Self::Unsaid { .. } => "TST_UNSAID",
            Self::NoProcessor(_) => "TST_NO_PROCESSOR",
            Self::Processor(_) => "TST_PROCESSOR",
            Self::Journal(_) => "TST_JOURNAL",
            Self::Vendor(_) => "TST_VENDOR",
            Self::NothingToExplore => "TST_NOTHING",
            Self::Thread(_) => "TST_THREAD",
        }
    }

    pub(crate) fn refused(doing: &str) -> impl FnOnce(Denial) -> Self {
        let doing = doing.to_owned();
        move |denied| Self::Refused { doing, refusal: Box::new(denied.refusal) }
    }

    pub(crate) fn platform(doing: impl Into<String>) -> impl FnOnce(connect_client::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Platform { doing, source: Box::new(source) }
    }
}
