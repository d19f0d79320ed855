//! Validation of requests for tier configurations: of drafts, and of the answers to an inquiry.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::Operation;
use connect_model::lifecycle::validation::of_tier_config_request;
use connect_model::{RequestStatus, TierConfigRequestId};
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::request::params;
use crate::row::Params;
use crate::state::State;
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::turn::{turn, write_params};
use crate::tier_config_request::update::{updated, write_update};
use crate::tier_config_request::view::{TierConfigRequestParts, TierConfigRequestView, show};
use crate::validation::answer;
use crate::validation::question::{Question, Seen, webhook};
use crate::validation::refusal::{changed, must_be_right};
use crate::webhook::record::WebhookRecord;

/// An operation on a request: its id, the operation, the body, and the code of a form.
pub(crate) type Operated<'c> = (&'c TierConfigRequestId, Operation, &'c Value, Option<&'c str>);

/// Returns what the vendor is asked before an operation, and by which webhook; none when there is
/// none to ask.
pub(crate) fn question<'s>(
    state: &'s State,
    who: &Actor,
    (id, operation, body, code): Operated<'_>,
) -> Result<Option<(&'s WebhookRecord, Question)>, Denial> {
    let subject = Subject::seen_by(state, who, id.as_str(), code)?;
    subject.must_allow(who, operation)?;
    let Subject { request, config, product } = &subject;
    let is_on = |switch| product.is_on(switch);
    let level = config.key.level;
    let validator = of_tier_config_request(&request.kind, &request.status, level, is_on);
    let Some(webhook) = webhook(state, product, validator) else { return Ok(None) };
    let trial = trial(state, who, &subject, (operation, body))?;
    let parts = TierConfigRequestParts::default().for_vendor();
    let shown = json!(TierConfigRequestView::new((state, state.now), &trial, parts)?);
    let seen = Seen::TierConfig(Arc::clone(request));
    Ok(Some((webhook, Question { shown, params: trial.params, seen })))
}

/// Returns the request as it would be after the operation.
fn trial(
    state: &State,
    who: &Actor,
    subject: &Subject,
    (operation, body): (Operation, &Value),
) -> Result<TierConfigRequestRecord, Denial> {
    let mut trial = (*subject.request).clone();
    if operation == Operation::Pend {
        trial.params = answered(state, subject, body)?;
        return Ok(trial);
    }
    let (params, notes) = updated(state, who, subject, body)?;
    let is_draft = trial.status == RequestStatus::Draft;
    trial.params = if is_draft { params::without_errors(&params) } else { params };
    trial.notes = notes;
    Ok(trial)
}

/// Returns the values of a request with what a validator says of them.
pub(crate) fn merged(
    state: &State,
    id: &TierConfigRequestId,
    params: &Params,
    said: &Value,
) -> Result<Params, String> {
    let subject = Subject::find(state, id.as_str());
    let subject = subject.ok_or_else(|| format!("Request {id} is gone."))?;
    answer::merged(&subject.scope(), params, id.as_str(), said)
}

/// Carries out an operation with the values that a validator has returned.
pub(crate) fn carry_out(
    state: &mut State,
    who: &Actor,
    (id, operation, body, code): Operated<'_>,
    seen: &Seen,
    params: Params,
) -> Result<Bytes, Denial> {
    let subject = match Subject::seen_by(state, who, id.as_str(), code) {
        Ok(subject) if Seen::TierConfig(Arc::clone(&subject.request)) == *seen => subject,
        // The code of a form is gone with the inquiry.
        Ok(_) | Err(_) => return Err(changed(id.as_str())),
    };
    subject.must_allow(who, operation)?;
    if operation == Operation::Pend {
        must_be_right(subject.scope(), &params)?;
        write_params(state, id, params);
        turn(state, who.signature(), &subject, &RequestStatus::Pending, |_| ());
        return Ok(Bytes::new());
    }
    write_update(state, who, &subject, body)?;
    write_params(state, id, params);
    show(state, who, id)
}

/// Returns the values of an inquired request with the answers in the body of its form.
pub(crate) fn answered(state: &State, subject: &Subject, body: &Value) -> Result<Params, Denial> {
    params::answered(&subject.scope(), &subject.request.params, body, |updates| {
        params::must_differ(updates, &subject.values_beside(state))
    })
}

/// Writes what is sent to be validated where no validator is asked: a draft then shows which values
/// are owed.
pub(crate) fn validate(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    let (params, _) = updated(state, who, subject, body)?;
    write_update(state, who, subject, body)?;
    if subject.request.status == RequestStatus::Draft {
        let demands = params::with_demands(&subject.scope(), &params::without_errors(&params));
        write_params(state, &subject.request.id, demands);
    }
    Ok(())
}
