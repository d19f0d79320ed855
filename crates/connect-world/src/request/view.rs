//! A request as the platform shows it.

use connect_model::{AssetRequestType, DateTime, RequestId, RequestStatus, UserId};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::asset::record::AssetRecord;
use crate::asset::view::{AssetView, MarketplaceRef, Snapshot};
use crate::product::record::ProductRecord;
use crate::product::view::TemplateRef;
use crate::request::record::{RequestRecord, Turn};
use crate::state::State;
use crate::view::parts::RequestParts;
use crate::view::{AtView, IdView, NameView};

/// A request with the asset as it would be.
#[derive(Serialize)]
pub(crate) struct RequestView<'w> {
    id: &'w RequestId,
    #[serde(rename = "type")]
    kind: &'w AssetRequestType,
    status: &'w RequestStatus,
    created: DateTime,
    updated: DateTime,
    events: EventsView<'w>,
    note: &'w str,
    reason: &'w str,
    answered: bool,
    assignee: AssigneeView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_key: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<TemplateRef<'w>>,
    params_form_url: String,
    effective_date: Option<DateTime>,
    planned_date: Option<DateTime>,
    previous_approved_request: Option<IdView<'w>>,
    marketplace: MarketplaceRef<'w>,
    contract: NameView<'w>,
    external_attributes: AttributesView<'w>,
    asset: AssetView<'w>,
}

impl<'w> RequestView<'w> {
    pub(crate) fn new(
        state: &'w State,
        request: &'w RequestRecord,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
        parts: RequestParts,
    ) -> Self {
        let rows = Snapshot {
            items: &request.items,
            params: &request.params,
            tiers: Some(&request.tiers),
        };
        let template = request.template.as_ref().filter(|_| parts.template);
        let asset = AssetView::of(state, asset, product, rows, parts.asset);
        Self {
            id: &request.id,
            kind: &request.kind,
            status: &request.status,
            created: request.created,
            updated: request.updated,
            events: EventsView { state, request },
            note: &request.note,
            reason: &request.reason,
            answered: request.answered,
            assignee: AssigneeView { state, id: request.assignee.as_ref() },
            activation_key: parts.activation_key.then_some(&request.activation_key),
            template: template.map(|id| TemplateRef::new(id, product)),
            params_form_url: state.form_url(request),
            effective_date: request.effective_date,
            planned_date: request.planned_date,
            previous_approved_request: request.previous_approved.as_ref().map(IdView::of),
            marketplace: asset.marketplace,
            contract: asset.contract,
            external_attributes: AttributesView(request.external_attributes.as_deref()),
            asset,
        }
    }
}

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

struct EventsView<'w> {
    state: &'w State,
    request: &'w RequestRecord,
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

/// `""` for nobody, as the platform writes it.
struct AssigneeView<'w> {
    state: &'w State,
    id: Option<&'w UserId>,
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

struct AttributesView<'w>(Option<&'w Value>);

impl Serialize for AttributesView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(attributes) => attributes.serialize(serializer),
            None => serializer.serialize_map(Some(0))?.end(),
        }
    }
}
