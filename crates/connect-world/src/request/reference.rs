//! A request as its asset mentions it.

use connect_model::{AssetRequestType, DateTime, RequestId, RequestStatus, UserId};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::product::view::TemplateRef;
use crate::request::record::{RequestRecord, Turn};
use crate::state::State;
use crate::view::AtView;

/// A request as its asset mentions it.
#[derive(Serialize)]
pub(crate) struct RequestRef<'w> {
    id: &'w RequestId,
    #[serde(rename = "type")]
    kind: &'w AssetRequestType,
    status: &'w RequestStatus,
    events: EventsView<'w>,
    assignee: AssigneeView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<TemplateRef<'w>>,
}

impl<'w> RequestRef<'w> {
    pub(crate) fn new(state: &'w State, request: &'w RequestRecord) -> Self {
        Self {
            id: &request.id,
            kind: &request.kind,
            status: &request.status,
            events: EventsView { state, request },
            assignee: AssigneeView { state, id: request.assignee.as_ref() },
            template: None,
        }
    }

    pub(crate) fn with_template(self, template: Option<TemplateRef<'w>>) -> Self {
        Self { template, ..self }
    }
}

/// The moments of a request, by the platform's words for them.
pub(crate) struct EventsView<'w> {
    pub(crate) state: &'w State,
    pub(crate) request: &'w RequestRecord,
}

impl<'w> EventsView<'w> {
    fn at(&self, at: DateTime, by: Option<&'w UserId>) -> AtView<'w> {
        AtView::new(at, by, &self.state.shared.parties)
    }

    /// Whether a later turn goes by the same word.
    fn is_latest(&self, place: usize, turn: &Turn) -> bool {
        self.request.turns.iter().skip(place + 1).all(|later| later.word() != turn.word())
    }
}

impl Serialize for EventsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let request = self.request;
        let mut events = serializer.serialize_map(None)?;
        events.serialize_entry("created", &self.at(request.created, request.creator.as_ref()))?;
        events.serialize_entry("updated", &self.at(request.updated, None))?;
        for (place, turn) in request.turns.iter().enumerate() {
            if let Some(word) = turn.word().filter(|_| self.is_latest(place, turn)) {
                events.serialize_entry(word, &self.at(turn.at, turn.by.as_ref()))?;
            }
        }
        events.end()
    }
}

/// The assignee; `""` for nobody, as the platform writes it.
pub(crate) struct AssigneeView<'w> {
    pub(crate) state: &'w State,
    pub(crate) id: Option<&'w UserId>,
}

#[derive(Serialize)]
struct PersonView<'w> {
    id: &'w UserId,
    name: &'w str,
    email: &'w str,
}

impl Serialize for AssigneeView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(id) = self.id else { return serializer.serialize_str("") };
        let parties = &self.state.shared.parties;
        let person = parties.people.iter().find(|person| person.id == *id);
        let email = person.map_or("", |person| &person.email);
        PersonView { id, name: parties.name_of(id), email }.serialize(serializer)
    }
}
