//! A request as the platform shows it.

use connect_model::{AssetRequestType, DateTime, RequestId, RequestStatus, ServiceLevel};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::asset::record::AssetRecord;
use crate::asset::view::{AssetView, Snapshot};
use crate::product::record::ProductRecord;
use crate::product::view::TemplateRef;
use crate::request::record::RequestRecord;
use crate::request::reference::AssigneeView;
use crate::state::State;
use crate::view::channel::MarketplaceRef;
use crate::view::course::EventsView;
use crate::view::parts::RequestParts;
use crate::view::{IdView, NameView};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    sli: Option<ServiceLevel>,
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
    /// Returns a request as it is shown at a moment.
    pub(crate) fn new(
        (state, now): (&'w State, DateTime),
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
            events: EventsView { state, course: request.course() },
            sli: state.setting.zones.level(request.course(), now),
            note: &request.note,
            reason: &request.reason,
            answered: request.answered,
            assignee: AssigneeView { state, id: request.assignee.as_ref() },
            activation_key: parts.activation_key.then_some(&request.activation_key),
            template: template.map(|id| TemplateRef::new(id, product)),
            params_form_url: state.form_url(request.course()),
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

struct AttributesView<'w>(Option<&'w Value>);

impl Serialize for AttributesView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(attributes) => attributes.serialize(serializer),
            None => serializer.serialize_map(Some(0))?.end(),
        }
    }
}
