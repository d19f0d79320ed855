//! The reasons that a playground does not start, go on, or tell its story.

use std::io;
use std::path::PathBuf;

/// The reason that a playground does not start, go on, or tell its story.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client could not, or the platform would not.
    #[error(transparent)]
    Platform(#[from] connect_client::Error),
    /// A file cannot be read or written.
    #[error("{} cannot be {doing}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The work on it that failed, as a participle.
        doing: &'static str,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A file that is somebody else's.
    #[error("{} is not a ready file of cnct's, so it is left alone", .0.display())]
    ForeignFile(PathBuf),
    /// The emulator did not start.
    #[error("the emulator did not start: {0}")]
    Emulator(#[from] connect_emulator::StartError),
    /// The demo vendor did not start.
    #[error(transparent)]
    Vendor(#[from] connect_demo_vendor::StartError),
    /// The demo vendor could not be given its tenants back.
    #[error(transparent)]
    Tenants(#[from] connect_demo_vendor::TenantExists),
    /// The demo vendor cannot be called.
    #[error(transparent)]
    VendorApi(#[from] connect_vendor::ApiError),
    /// The processor's journal could not be opened.
    #[error("the journal cannot be opened: {0}")]
    Journal(#[from] connect_journal::OpenError),
    /// The processor could not start or go on.
    #[error("the processor ended: {0}")]
    Processor(#[from] connect_processor::Error),
    /// A part ended although nobody asked it to.
    #[error("{0} ended unexpectedly")]
    Died(&'static str),
    /// The story saw something else than it tells.
    #[error("the demo is wrong: {0}")]
    Story(String),
}
