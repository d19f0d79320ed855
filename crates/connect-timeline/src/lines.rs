//! A timeline as lines of text.

use jiff::SignedDuration;

use crate::duration::in_words;
use crate::timeline::{End, Entry, Kind, Lane, Timeline, Tone};

/// A wait that is shorter is nothing that anybody waited for.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_millis(100);

/// One line: when it was since the beginning, where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The time since the first entry, in words.
    pub when: String,
    /// Where it happened.
    pub lane: Lane,
    /// How it went.
    pub tone: Tone,
    /// What happened, with how long it took; one line that steers no terminal.
    pub text: String,
    /// The entry that it is of.
    pub entry: &'a Entry,
}

impl Timeline {
    /// Returns what happened, a line each. Waits that nobody would notice are left out.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let entries = self.entries();
        let first = entries.first().map_or(self.now, |entry| entry.at);
        entries.iter().filter(|entry| self.is_told(entry)).map(move |entry| Line {
            when: in_words(entry.at.duration_since(first)),
            lane: entry.lane,
            tone: entry.tone,
            text: plain::text(&self.told(entry)).into_owned(),
            entry,
        })
    }

    /// Returns whether an entry is told in lists. All are but waits that nobody would notice.
    pub(crate) fn is_told(&self, entry: &Entry) -> bool {
        entry.kind != Kind::Wait
            || entry.end == End::Open
            || self.lasting(entry).is_some_and(|end| end.duration_since(entry.at) >= SHORTEST_WAIT)
    }

    /// Returns what happened, and how long it took.
    pub(crate) fn told(&self, entry: &Entry) -> String {
        let lasting = self.lasting(entry).map(|end| in_words(end.duration_since(entry.at)));
        match (entry.end, lasting) {
            (End::Open, Some(so_far)) => format!("{}, {so_far} so far", entry.text),
            (_, Some(took)) => format!("{}, {took}", entry.text),
            (_, None) => entry.text.clone(),
        }
    }
}
