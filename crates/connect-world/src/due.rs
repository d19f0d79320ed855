//! What the platform does by itself when its time comes: without a command, at a date that a record
//! has. A kind of records says when, and what then: [`Stored::due`] and [`Stored::come_due`].

use std::collections::BTreeSet;

use connect_model::DateTime;
use jiff::Timestamp;

use crate::event::Event;
use crate::kinds::come_due;
use crate::state::State;
use crate::stored::Stored;
use crate::table::Place;

/// The records for which something is due, by when, kind and place. It follows from the records, so
/// a world that is read back has lost nothing.
#[derive(Default)]
pub(crate) struct DueIndex(BTreeSet<(DateTime, &'static str, Place)>);

impl DueIndex {
    /// Files a record anew that was due at one date and is at another.
    pub(crate) fn refile<R: Stored>(
        &mut self,
        place: Place,
        before: Option<DateTime>,
        now: Option<DateTime>,
    ) {
        if before == now {
            return;
        }
        if let Some(before) = before {
            self.0.remove(&(before, R::KIND, place));
        }
        self.0.extend(now.map(|now| (now, R::KIND, place)));
    }

    /// Takes out what has been due longest at a moment.
    fn pop(&mut self, moment: Timestamp) -> Option<(&'static str, Place)> {
        let (at, ..) = self.0.first()?;
        let is_due = at.timestamp() <= moment;
        is_due.then(|| self.0.pop_first()).flatten().map(|(_, kind, place)| (kind, place))
    }
}

/// Returns when something is due next; `None` when nothing is.
pub(crate) fn next(state: &State) -> Option<Timestamp> {
    state.due.0.first().map(|(at, ..)| at.timestamp())
}

/// Does what is due by the present moment, for so many records at most and those first that wait
/// longest. Returns the changes.
pub(crate) fn do_due(state: &mut State, most: usize) -> Vec<Event> {
    let moment = state.moment.max(state.now.timestamp());
    let mut events = Vec::new();
    for _ in 0..most {
        let Some((kind, place)) = state.due.pop(moment) else { break };
        come_due(state, kind, place);
        events.append(&mut state.events);
    }
    events
}
