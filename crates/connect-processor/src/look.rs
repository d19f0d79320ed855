//! The result of looking for requests.

use jiff::Timestamp;
use tracing::debug;

use crate::head::Head;
use crate::report::OpenRun;

/// The requests that a [`Source`](crate::Source) saw when it looked, and what came of them.
#[derive(Debug, Default)]
pub struct Look {
    /// The number of runs it brought to work that had not been there, or not often.
    pub(crate) news: u32,
    /// Requests that could not be read at all.
    pub(crate) unreadable: Vec<String>,
    /// Requests that the platform counts and does not show. They may have gone while it was looked
    /// at.
    pub(crate) missing: Vec<String>,
    /// Requests that are pending, it is said, and that nobody works on now.
    pub(crate) waiting: Vec<OpenRun>,
}

impl Look {
    /// Adds what another look saw.
    pub fn add(&mut self, other: Self) {
        self.news += other.news;
        self.unreadable.extend(other.unreadable);
        self.missing.extend(other.missing);
        self.waiting.extend(other.waiting);
    }

    pub(crate) fn waiting(&mut self, head: &Head, due: Option<Timestamp>, why: &str) {
        debug!(request = head.id, why, "the run is not woken");
        let (request, why) = (head.id.clone(), why.to_owned());
        self.waiting.push(OpenRun { request, state: "waiting", due, why });
    }
}
