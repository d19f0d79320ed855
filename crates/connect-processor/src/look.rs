//! What came of looking for requests.

use jiff::Timestamp;
use tracing::debug;

use crate::head::Head;
use crate::report::Leftover;

/// What a [`Source`](crate::Source) saw when it looked, and what came of it.
#[derive(Debug, Default)]
pub struct Look {
    /// How many runs it brought to work that had not been there, or not often.
    pub(crate) news: u32,
    /// Requests that could not be read at all.
    pub(crate) unreadable: Vec<String>,
    /// What the platform says there is and does not show. It may have gone while it was looked at.
    pub(crate) missing: Vec<String>,
    /// Requests that are pending, it is said, and that nobody works on now.
    pub(crate) waiting: Vec<Leftover>,
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
        debug!(request = head.id, why, "not woken");
        let (request, why) = (head.id.clone(), why.to_owned());
        self.waiting.push(Leftover { request, state: "waiting", due, why });
    }
}
