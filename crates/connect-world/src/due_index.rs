//! The records for which the platform does something by itself, by when.

use std::collections::BTreeSet;

use connect_model::DateTime;
use jiff::Timestamp;

use crate::table::Place;

/// The records for which something is due, by when, kind and place. It follows from the records, so
/// a world that is read back has lost nothing.
#[derive(Default)]
pub(crate) struct DueIndex(BTreeSet<(DateTime, &'static str, Place)>);

impl DueIndex {
    /// Files a record anew that was due at one date and is at another.
    pub(crate) fn refile(
        &mut self,
        kind: &'static str,
        place: Place,
        before: Option<DateTime>,
        now: Option<DateTime>,
    ) {
        if before == now {
            return;
        }
        if let Some(before) = before {
            self.0.remove(&(before, kind, place));
        }
        self.0.extend(now.map(|now| (now, kind, place)));
    }

    /// Returns when something is due next; `None` when nothing is.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.0.first().map(|(at, ..)| at.timestamp())
    }

    /// Takes out what has been due longest at a moment.
    pub(crate) fn pop(&mut self, moment: Timestamp) -> Option<(&'static str, Place)> {
        let (at, ..) = self.0.first()?;
        let is_due = at.timestamp() <= moment;
        is_due.then(|| self.0.pop_first()).flatten().map(|(_, kind, place)| (kind, place))
    }
}
