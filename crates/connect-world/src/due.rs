//! What the platform does by itself when its time comes: without a command, at a date that a record
//! has. A kind of records says when, and what then: [`Stored::due`](crate::stored::Stored::due) and
//! [`come_due`](crate::stored::Stored::come_due).

use crate::event::Event;
use crate::kinds::come_due;
use crate::state::State;

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
