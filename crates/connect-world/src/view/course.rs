//! What all requests show of their course.

use connect_model::{DateTime, UserId};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::course::{Course, Turn};
use crate::party::parties::Parties;
use crate::state::State;
use crate::view::AtView;

/// The moments of a request, by the platform's words for them.
pub(crate) struct EventsView<'w> {
    pub(crate) state: &'w State,
    pub(crate) course: Course<'w>,
}

impl<'w> EventsView<'w> {
    fn at(&self, at: DateTime, by: Option<&'w UserId>) -> AtView<'w> {
        AtView::new(at, by, &self.state.shared.parties)
    }

    /// Whether a later turn goes by the same word.
    fn is_latest(&self, place: usize, turn: &Turn) -> bool {
        self.course.turns.iter().skip(place + 1).all(|later| later.word() != turn.word())
    }
}

impl Serialize for EventsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let course = &self.course;
        let mut events = serializer.serialize_map(None)?;
        events.serialize_entry("created", &self.at(course.created, course.creator))?;
        events.serialize_entry("updated", &self.at(course.updated, None))?;
        for (place, turn) in course.turns.iter().enumerate() {
            if let Some(word) = turn.word().filter(|_| self.is_latest(place, turn)) {
                events.serialize_entry(word, &self.at(turn.at, turn.by.as_ref()))?;
            }
        }
        events.end()
    }
}

/// A person who works on a request.
#[derive(Serialize)]
pub(crate) struct PersonView<'w> {
    id: &'w UserId,
    name: &'w str,
    email: &'w str,
}

impl<'w> PersonView<'w> {
    pub(crate) fn new(id: &'w UserId, parties: &'w Parties) -> Self {
        let person = parties.people.iter().find(|person| person.id == *id);
        let email = person.map_or("", |person| &person.email);
        Self { id, name: parties.name_of(id), email }
    }
}
