//! The beginning of a new request for a tier configuration.

use std::sync::Arc;

use connect_model::lifecycle::{
    Caller, FirstStatus, first_status as first_of, tier_config_request as lifecycle,
};
use connect_model::{
    ConversationId, RequestStatus, TierConfigId, TierConfigRequestId, TierConfigRequestType,
    TierConfigStatus, UserId, WebhookObjectClass,
};
use serde_json::Value;

use crate::asset::record::TierRow;
use crate::body;
use crate::conversation::turn::conversation_of;
use crate::course::Turn;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::request::params;
use crate::row::Params;
use crate::state::State;
use crate::tier_config::needed::{is_one_missing, needed};
use crate::tier_config::record::TierConfigRecord;
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::webhook::event::queue_changed;

/// The most characters of the notes (OpenAPI 37.0).
const LONGEST_NOTES: usize = 2000;

/// A request that was accepted and is about to be made.
pub(crate) struct Draft {
    pub(crate) kind: TierConfigRequestType,
    pub(crate) is_draft: bool,
    pub(crate) params: Params,
    pub(crate) tiers: Arc<TierRow>,
    pub(crate) notes: Box<str>,
    /// Who asks; nobody, when it is the platform itself.
    pub(crate) creator: Option<UserId>,
}

/// Makes the request and sends it on its way: to its first status, or to rest as a draft.
pub(crate) fn begin(
    state: &mut State,
    config: &TierConfigRecord,
    product: &ProductRecord,
    draft: Draft,
) -> TierConfigRequestId {
    let status = match draft.is_draft {
        true => RequestStatus::Draft,
        false => first_status(state, config, product, &draft.kind, &draft.params),
    };
    let scope = product.for_tier(config.key.level);
    let mut request = TierConfigRequestRecord {
        id: TierConfigRequestId::of(&config.id, config.requests + 1),
        kind: draft.kind,
        status: status.clone(),
        config: config.id.clone(),
        params: draft.params,
        tiers: draft.tiers,
        conversation: ConversationId::from_number(state.numbers.issue()),
        created: state.now,
        creator: draft.creator,
        updated: state.now,
        turns: Vec::new(),
        notes: draft.notes,
        reason: None,
        assignee: None,
        template: scope.template_at(&status),
        tile: None,
        form_code: None,
        effective_date: None,
        previous_approved: config.approved.clone(),
    };
    if status == RequestStatus::Inquiring {
        request.params = params::with_demands(&scope, &request.params);
        request.form_code = Some(state.numbers.code());
    }
    if !matches!(status, RequestStatus::Draft | RequestStatus::Pending) {
        let by = request.creator.clone();
        request.turns.push(Turn { to: status.clone(), at: state.now, by });
    }
    let conversation = conversation_of(state, request.course());
    state.add(conversation);
    let id = request.id.clone();
    let is_open = request.status.is_open();
    state.add(request);
    state.change::<TierConfigRecord>(&config.id, |config| config.requests += 1);
    queue_changed(state, &WebhookObjectClass::TierConfigRequest, product.id(), status.as_str());
    if is_open {
        occupy(state, &config.id, &id);
    }
    id
}

/// Lets a request keep others of its configuration out.
pub(crate) fn occupy(state: &mut State, config: &TierConfigId, request: &TierConfigRequestId) {
    state.change::<TierConfigRecord>(config, |config| {
        config.status = TierConfigStatus::Processing;
        config.open = Some(request.clone());
    });
}

/// Returns the first status of a request with these values. Set-ups wait for the level above; an
/// adjustment asks nobody, because it is the vendor's own.
pub(crate) fn first_status(
    state: &State,
    config: &TierConfigRecord,
    product: &ProductRecord,
    kind: &TierConfigRequestType,
    params: &Params,
) -> RequestStatus {
    let key = &config.key;
    let mut above = needed(product, &key.connection, &key.marketplace, &config.tiers);
    above.retain(|other| other.level > key.level);
    let asks = *kind != TierConfigRequestType::Adjustment;
    first_of(FirstStatus {
        hold_missing: false,
        tier_config_missing: *kind == TierConfigRequestType::Setup && is_one_missing(state, &above),
        ordering_value_missing: asks && params::customer_owes(&product.for_tier(key.level), params),
    })
}

/// Refuses a second set-up, and anything else before the first.
pub(crate) fn must_be_in_state(
    kind: &TierConfigRequestType,
    config: &TierConfigRecord,
) -> Result<(), Denial> {
    let text = match (kind, &config.approved) {
        (TierConfigRequestType::Setup, Some(_)) => "is set up already",
        (TierConfigRequestType::Setup, None) | (_, Some(_)) => return Ok(()),
        (_, None) => "is not set up yet",
    };
    Err(Denial::refused("REQ_003", format!("Tier configuration {} {text}.", config.id)))
}

/// Refuses a second open request on a configuration; the document lists no conflict (OpenAPI 37.0).
pub(crate) fn must_be_free(config: &TierConfigRecord) -> Result<(), Denial> {
    match &config.open {
        Some(open) => {
            let text = format!("Tier configuration has open request {open}.");
            Err(Denial::refused("REQ_003", text))
        }
        None => Ok(()),
    }
}

/// Returns the notes that a body has.
pub(crate) fn notes(body: &Value) -> Result<Option<String>, Denial> {
    body::text_within(body, "notes", LONGEST_NOTES)
}

/// Refuses values that are not the caller's to write.
pub(crate) fn must_be_writable(caller: Caller, updates: &[params::Update]) -> Result<(), Denial> {
    let mut foreign = updates.iter().filter(|it| !lifecycle::may_write(caller, it.phase()));
    foreign.try_for_each(params::Update::must_be_ordering)
}
