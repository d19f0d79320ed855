//! The turns of a request for a tier configuration, and the effect of the last one on its
//! configuration and on all that waits for it.

use std::sync::Arc;

use connect_model::{
    RequestStatus, TierConfigRequestId, TierConfigRequestType, TierConfigStatus, UserId,
    WebhookObjectClass,
};

use crate::conversation::turn::say_turn;
use crate::course::Turn;
use crate::request::params;
use crate::request::waiting;
use crate::row::Params;
use crate::state::State;
use crate::tier_config::record::TierConfigRecord;
use crate::tier_config_request::begin::first_status;
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::set_up::set_up;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::waiting::{purchases_through, set_ups_below};
use crate::webhook::event::queue_changed;

/// Takes a request to another status, with all that goes with it: its template, the reseller's
/// form, a message in its conversation, and its configuration when it is over. It is signed by who
/// did it; by nobody, when it is the platform itself.
pub(crate) fn turn(
    state: &mut State,
    by: Option<UserId>,
    subject: &Subject,
    to: &RequestStatus,
    write: impl FnOnce(&mut TierConfigRequestRecord),
) {
    let turn = Turn { to: to.clone(), at: state.now, by };
    let form_code = (*to == RequestStatus::Inquiring).then(|| state.numbers.code());
    let template = subject.scope().template_at(to);
    state.change::<TierConfigRequestRecord>(&subject.request.id, |request| {
        request.status = to.clone();
        request.turns.push(turn);
        request.form_code = form_code;
        request.template = template.or(request.template.take());
        write(request);
    });
    say_turn(state, &subject.request.conversation, to.clone());
    queue_changed(state, &WebhookObjectClass::TierConfigRequest, subject.product.id(), to.as_str());
    if to.is_final() {
        conclude(state, &subject.request.id);
    }
}

/// Lets the end of a request take effect. A configuration whose set-up was refused is active, too
/// (CloudBlue's workflow), but purchases go on asking for one that was approved.
fn conclude(state: &mut State, id: &TierConfigRequestId) {
    let Some(Subject { request, config, .. }) = Subject::find(state, id.as_str()) else { return };
    let is_approved = request.status == RequestStatus::Approved;
    state.change::<TierConfigRecord>(&config.id, |config| {
        config.status = TierConfigStatus::Active;
        config.open = None;
        if is_approved {
            config.params = Arc::clone(&request.params);
            config.template.clone_from(&request.template);
            config.approved = Some(request.id.clone());
        }
    });
    if request.kind != TierConfigRequestType::Setup {
        return;
    }
    let reason = refusal(&request);
    for id in purchases_through(state, &config.key) {
        match is_approved {
            true => waiting::go_on(state, &id),
            false => waiting::fail(state, &id, &reason),
        }
    }
    for id in set_ups_below(state, &config.key) {
        let Some(subject) = Subject::find(state, id.as_str()) else { continue };
        match is_approved {
            true => go_on(state, &subject),
            false => turn(state, None, &subject, &RequestStatus::Failed, |request| {
                request.reason = Some(reason.as_str().into());
            }),
        }
    }
}

/// Returns why all that waits for a refused set-up is refused: in the words of the one that somebody
/// refused, when it was refused for want of that one.
fn refusal(request: &TierConfigRequestRecord) -> String {
    let reason = request.reason.as_deref().unwrap_or_default();
    match request.turns.last().is_some_and(|turn| turn.by.is_none()) {
        true => reason.to_owned(),
        false => format!("Tier configuration request {} failed: {reason}", request.id),
    }
}

/// Sends a set-up that waited on, unless it waits for another.
fn go_on(state: &mut State, subject: &Subject) {
    let Subject { request, config, product } = subject;
    let status = first_status(state, config, product, &request.kind, &request.params);
    match status {
        RequestStatus::TiersSetup => {
            return set_up(state, product, config.channel(), &config.tiers);
        }
        RequestStatus::Inquiring => {
            let demands = params::with_demands(&subject.scope(), &request.params);
            write_params(state, &request.id, demands);
        }
        _ => {}
    }
    turn(state, None, subject, &status, |_| ());
}

/// Replaces the values of a request.
pub(crate) fn write_params(state: &mut State, id: &TierConfigRequestId, params: Params) {
    state.change::<TierConfigRequestRecord>(id, |request| request.params = params);
}
