//! The beginning of a new request.

use std::sync::Arc;

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{
    AssetId, AssetRequestType, AssetStatus, ConversationId, DateTime, Refusal, RequestId,
    RequestStatus, WebhookObjectClass,
};
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::asset::record::{AssetRecord, TierRow};
use crate::body;
use crate::conversation::turn::conversation_of;
use crate::course::Turn;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::product::view::TemplateRef;
use crate::render::fill_for_request;
use crate::request::abandon::next_number;
use crate::request::conclude::conclude;
use crate::request::params;
use crate::request::record::RequestRecord;
use crate::request::turn::{first_status, verdict};
use crate::row::{Items, Params};
use crate::state::State;
use crate::tier_config_request::set_up::set_up;
use crate::webhook::event::queue_changed;

/// The platform's words when a product without Administrative Hold is asked for it.
const NO_HOLD: &str = "The product doesn't support suspend/resume operations.";

/// A request that was accepted and is about to be made.
pub(crate) struct Draft {
    pub(crate) kind: AssetRequestType,
    pub(crate) is_draft: bool,
    pub(crate) before: AssetStatus,
    pub(crate) items: Items,
    pub(crate) params: Params,
    pub(crate) tiers: Arc<TierRow>,
    pub(crate) planned_date: Option<DateTime>,
}

/// Refuses a second request on an asset, unless it is an adjustment beside a change and the
/// product lets them stand together.
pub(crate) fn must_be_free(
    state: &State,
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
) -> Result<(), Denial> {
    let is_on = |capability| product.is_on(capability);
    let is_beside = |open: &AssetRequestType| lifecycle::may_stand_beside(kind, open, is_on);
    match state.open_requests(&asset.id).find(|open| !is_beside(&open.kind)) {
        Some(open) => {
            let text = format!("Asset has open request {}.", open.id);
            Err(conflict_with(state, open, asset, product, text))
        }
        None => Ok(()),
    }
}

/// Refuses with 409 and all that a hub wants to know of the request that is in the way.
pub(crate) fn conflict_with(
    state: &State,
    request: &RequestRecord,
    asset: &AssetRecord,
    product: &ProductRecord,
    text: String,
) -> Denial {
    let template = request.template.as_ref().map(|id| {
        let mut shown = json!(TemplateRef::new(id, product));
        let body = product.template(id).map_or("", |template| &template.body);
        shown["message"] = fill_for_request(state, &request.id, body, &[]).into();
        shown
    });
    let refusal = Refusal::new("REQ_002", text)
        .with("request_id", request.id.as_str())
        .with("request_status", request.status.as_str())
        .with("asset_id", asset.id.as_str())
        .with("asset_status", asset.status.as_str())
        .with("fail_message", &*request.reason)
        .with("template", template)
        .with("params_form_url", state.form_url(request.course()));
    Denial::conflict(refusal)
}

/// Makes the request and sends it on its way: to its first status, or to rest as a draft.
pub(crate) fn begin(
    state: &mut State,
    who: &Actor,
    asset: &AssetId,
    product: &ProductRecord,
    draft: Draft,
    body: &Value,
) -> RequestId {
    let status = match state.assets.get(asset.as_str()) {
        Some(asset) if !draft.is_draft => {
            first_status(state, &draft.kind, asset, product, (&draft.params, &draft.tiers))
        }
        _ => RequestStatus::Draft,
    };
    let mut request = blank(state, asset, draft, status.clone());
    request.creator = who.signature();
    request.template = product.for_assets().template_at(&status);
    request.note = body::text(body, "note").unwrap_or_default().into();
    request.external_attributes =
        body.get("external_attributes").filter(|it| it.is_object()).cloned().map(Box::new);
    match status {
        RequestStatus::Inquiring => {
            request.params = params::with_demands(&product.for_assets(), &request.params);
            request.form_code = Some(state.numbers.code());
        }
        RequestStatus::Failed => request.reason = NO_HOLD.into(),
        _ => {}
    }
    if !matches!(status, RequestStatus::Draft | RequestStatus::Pending) {
        let by = request.creator.clone();
        request.turns.push(Turn { to: status.clone(), at: state.now, by });
    }
    let conversation = conversation_of(state, request.course());
    state.add(conversation);
    let (id, tiers) = (request.id.clone(), Arc::clone(&request.tiers));
    state.add(request);
    queue_changed(state, &WebhookObjectClass::FulfillmentRequest, product.id(), status.as_str());
    if let Some(asset) =
        state.assets.get(asset.as_str()).filter(|_| status == RequestStatus::TiersSetup)
    {
        set_up(state, product, Arc::clone(asset).channel(), &tiers);
    }
    if let Some(verdict) = verdict(&status) {
        conclude(state, &id, verdict);
    }
    id
}

/// Returns a request as it is made, before anybody wrote to it.
pub(crate) fn blank(
    state: &mut State,
    asset: &AssetId,
    draft: Draft,
    status: RequestStatus,
) -> RequestRecord {
    let number = next_number(state, asset.as_str());
    let held = state.assets.get(asset.as_str());
    let approved = held.and_then(|asset| asset.approved.clone());
    let moved = held.map(|asset| asset.tiers.differences(&draft.tiers)).unwrap_or_default();
    RequestRecord {
        id: RequestId::of(asset, number),
        kind: draft.kind,
        status,
        asset: asset.clone(),
        before: draft.before,
        created: state.now,
        creator: None,
        updated: state.now,
        turns: Vec::new(),
        items: draft.items,
        params: draft.params,
        tiers: draft.tiers,
        moved,
        conversation: ConversationId::from_number(state.numbers.issue()),
        note: "".into(),
        reason: "".into(),
        answered: false,
        assignee: None,
        activation_key: "".into(),
        template: None,
        form_code: None,
        effective_date: None,
        planned_date: draft.planned_date,
        previous_approved: approved,
        external_attributes: None,
    }
}

pub(crate) fn newest_versions(state: &State, tiers: &Arc<TierRow>) -> Arc<TierRow> {
    let newest = |tier: &Option<crate::asset::record::TierRef>| {
        tier.as_ref().and_then(|tier| state.shared.tier_account(tier)).map(|it| it.reference())
    };
    let row = TierRow {
        customer: newest(&tiers.customer),
        tier1: newest(&tiers.tier1),
        tier2: newest(&tiers.tier2),
    };
    if row == **tiers { Arc::clone(tiers) } else { Arc::new(row) }
}
