//! The turns of a request: from its first status to its last.

use std::sync::Arc;

use connect_model::lifecycle::asset_request::RequestResult;
use connect_model::lifecycle::{self, FirstStatus};
use connect_model::{
    AssetRequestType, DateTime, ParameterPhase, RequestId, RequestStatus, UserId,
    WebhookObjectClass,
};
use serde_json::Value;

use crate::actor::Actor;
use crate::asset::record::{AssetRecord, TierRow};
use crate::body;
use crate::conversation::turn::say_turn;
use crate::course::Turn;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::read::{Visible, visible};
use crate::request::conclude::conclude;
use crate::request::record::RequestRecord;
use crate::request::{editable, params};
use crate::row::Params;
use crate::state::State;
use crate::tier_config::needed::{is_one_missing, needed};
use crate::webhook::event::queue_changed;

/// A request with what it is about, as they were before the operation.
pub(crate) struct Subject {
    pub(crate) request: Arc<RequestRecord>,
    pub(crate) asset: Arc<AssetRecord>,
    pub(crate) product: Arc<ProductRecord>,
}

impl Subject {
    /// Returns a request with what it is about, whoever may see it.
    pub(crate) fn find(state: &State, id: &RequestId) -> Option<Self> {
        let request = Arc::clone(state.requests.get(id.as_str())?);
        let asset = Arc::clone(state.assets.get(request.asset.as_str())?);
        let product = Arc::clone(state.shared.product(asset.product.as_str())?);
        Some(Self { request, asset, product })
    }
}

/// Returns a [`Visible`] request, held on to while the world changes.
pub(crate) fn subject(
    state: &State,
    who: &Actor,
    id: &RequestId,
    code: Option<&str>,
) -> Result<Subject, Denial> {
    let Visible { request, asset, product } = visible(state, who, id.as_str(), code)?;
    let (request, asset) = (Arc::clone(request), Arc::clone(asset));
    Ok(Subject { request, asset, product: Arc::clone(product) })
}

/// Takes a request to another status, with all that goes with it: its template, the
/// customer's form, a message in its conversation, and its asset when it is over. It is signed by
/// who did it; by nobody, when it is the platform itself.
pub(crate) fn turn(
    state: &mut State,
    by: Option<UserId>,
    subject: &Subject,
    to: &RequestStatus,
    write: impl FnOnce(&mut RequestRecord),
) {
    let turn = Turn { to: to.clone(), at: state.now, by };
    let form_code = (*to == RequestStatus::Inquiring).then(|| state.numbers.code());
    let template = subject.product.for_assets().template_at(to);
    state.change::<RequestRecord>(&subject.request.id, |request| {
        request.status = to.clone();
        request.turns.push(turn);
        request.form_code = form_code;
        request.template = template.or(request.template.take());
        write(request);
    });
    say_turn(state, &subject.request.conversation, to.clone());
    queue_changed(
        state,
        &WebhookObjectClass::FulfillmentRequest,
        subject.product.id(),
        to.as_str(),
    );
    if let Some(verdict) = verdict(to) {
        conclude(state, &subject.request.id, verdict);
    }
}

/// Replaces the values of a request. Until it is over, a purchase shares them with its asset.
pub(crate) fn write_params(state: &mut State, subject: &Subject, params: Params) {
    if subject.request.kind == AssetRequestType::Purchase {
        state.change::<AssetRecord>(&subject.asset.id, |asset| asset.params = Arc::clone(&params));
    }
    state.change::<RequestRecord>(&subject.request.id, |request| request.params = params);
}

/// Reads the day a body plans something for, which is not over yet.
pub(crate) fn planned_date(state: &State, body: &Value) -> Result<Option<DateTime>, Denial> {
    let planned = body::instant(body, "planned_date")?;
    if planned.is_some_and(|planned| planned <= state.now) {
        return Err(Denial::invalid("planned_date: The date must be in the future."));
    }
    Ok(planned)
}

/// Returns the first status of a request with these values.
pub(crate) fn first_status(
    state: &State,
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    (params, tiers): (&Params, &TierRow),
) -> RequestStatus {
    let hold = kind.hold_capability();
    let resellers = needed(product, &asset.connection, &asset.marketplace, tiers);
    let is_purchase = *kind == AssetRequestType::Purchase;
    let edits = editable::brings(kind, &ParameterPhase::Ordering, product);
    lifecycle::first_status(FirstStatus {
        hold_missing: hold.is_some_and(|hold| !product.is_on(hold)),
        tier_config_missing: is_purchase && is_one_missing(state, &resellers),
        ordering_value_missing: (is_purchase || edits)
            && params::customer_owes(&product.for_assets(), params),
    })
}

/// Returns how a request ended, when this status ends it.
pub(crate) fn verdict(status: &RequestStatus) -> Option<RequestResult> {
    match status {
        RequestStatus::Approved => Some(RequestResult::Approved),
        RequestStatus::Failed => Some(RequestResult::Failed),
        RequestStatus::Revoked => Some(RequestResult::Revoked),
        _ => None,
    }
}
