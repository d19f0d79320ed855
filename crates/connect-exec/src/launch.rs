//! How workers are started.

use std::ffi::OsString;
use std::sync::Arc;

use connect_clock::Clock;

use crate::command::{Channel, CommandLine};
use crate::template::Project;

/// How workers are started.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) line: CommandLine,
    pub(crate) channel: Channel,
    /// What a worker finds in its environment besides.
    pub(crate) variables: Vec<(&'static str, OsString)>,
    /// Kept for as long as workers are started.
    pub(crate) _project: Option<Arc<Project>>,
    pub(crate) clock: Arc<dyn Clock>,
}
