//! A request as its asset mentions it.

use connect_model::{AssetRequestType, RequestId, RequestStatus, UserId};
use serde::{Serialize, Serializer};

use crate::product::view::TemplateRef;
use crate::request::record::RequestRecord;
use crate::state::State;
use crate::view::course::{EventsView, PersonView};

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
            events: EventsView { state, course: request.course() },
            assignee: AssigneeView { state, id: request.assignee.as_ref() },
            template: None,
        }
    }

    pub(crate) fn with_template(self, template: Option<TemplateRef<'w>>) -> Self {
        Self { template, ..self }
    }
}

/// The assignee; `""` for nobody, as the platform writes it.
pub(crate) struct AssigneeView<'w> {
    pub(crate) state: &'w State,
    pub(crate) id: Option<&'w UserId>,
}

impl Serialize for AssigneeView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(id) = self.id else { return serializer.serialize_str("") };
        PersonView::new(id, &self.state.shared.parties).serialize(serializer)
    }
}
