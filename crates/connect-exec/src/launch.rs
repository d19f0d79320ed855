//! How workers are started.

use std::ffi::OsString;
use std::sync::Arc;

use connect_clock::Clock;

use crate::command::{Channel, CommandLine};
use crate::package::Package;

/// How workers are started.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) line: CommandLine,
    pub(crate) channel: Channel,
    /// What a worker finds in its environment besides.
    pub(crate) variables: Vec<(&'static str, OsString)>,
    /// What a template's project imports, kept for as long as workers are started.
    pub(crate) _package: Option<Arc<Package>>,
    pub(crate) clock: Arc<dyn Clock>,
}
