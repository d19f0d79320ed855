//! Validation of requests for assets: of drafts, and of the answers to an inquiry.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::Operation;
use connect_model::lifecycle::validation::of_asset_request;
use connect_model::{AssetRequestType, RequestId, RequestStatus};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::actor::{Actor, Side};
use crate::denial::Denial;
use crate::read::show_request;
use crate::request::approve::approve_by_itself;
use crate::request::params;
use crate::request::params::must_be_unique;
use crate::request::purchase::must_be_new;
use crate::request::turn::{Subject, subject, turn, write_params};
use crate::request::update::{must_be_free_values, write_update};
use crate::request::view::RequestView;
use crate::row::Params;
use crate::state::State;
use crate::validation::answer;
use crate::validation::question::{Question, Seen, webhook};
use crate::validation::refusal::{changed, must_be_right};
use crate::view::parts::RequestParts;
use crate::webhook::record::WebhookRecord;

/// An operation on a request: its id, the operation, the body, and the code of a form.
pub(crate) type Operated<'c> = (&'c RequestId, Operation, &'c Value, Option<&'c str>);

/// Returns what the vendor is asked before an operation, and by which webhook; none when there is
/// none to ask.
pub(crate) fn question<'s>(
    state: &'s State,
    at: Timestamp,
    who: &Actor,
    (id, operation, body, code): Operated<'_>,
) -> Result<Option<(&'s WebhookRecord, Question)>, Denial> {
    let subject = subject(state, who, id, code)?;
    subject.allowed(who, operation)?;
    let Subject { request, product, .. } = &subject;
    let validator = of_asset_request(&request.kind, &request.status);
    let Some(webhook) = webhook(state, product, validator) else { return Ok(None) };
    let trial = trial(state, at, who, &subject, (operation, body))?;
    let of = |id| (trial.requests.get(id), trial.assets.get(subject.asset.id.as_str()));
    let (Some(request), Some(asset)) = of(id.as_str()) else { return Err(Denial::broken()) };
    let mut parts = RequestParts::default();
    parts.asset.side = Some(Side::Vendor);
    let shown = json!(RequestView::new((&trial, trial.now), request, asset, product, parts));
    let params = Arc::clone(&request.params);
    Ok(Some((webhook, Question { shown, params, seen: subject.seen() })))
}

/// Returns a world of this one request, as it would be after the operation. The world itself stays
/// as it is.
fn trial(
    state: &State,
    at: Timestamp,
    who: &Actor,
    subject: &Subject,
    (operation, body): (Operation, &Value),
) -> Result<State, Denial> {
    let Subject { request, asset, product } = subject;
    let mut trial = state.aside(at);
    trial.insert((**asset).clone());
    trial.insert((**request).clone());
    if operation == Operation::Pend {
        let answered = answered(state, subject, body)?;
        write_params(&mut trial, subject, answered);
        return Ok(trial);
    }
    must_be_free_values(state, subject, body)?;
    if request.kind == AssetRequestType::Purchase {
        must_be_new(state, product, &asset.connection, Some(&asset.id), body)?;
    }
    write_update(&mut trial, who, subject, body)?;
    rewrite_draft(&mut trial, subject, params::without_errors);
    Ok(trial)
}

/// Returns the values of a request with what a validator says of them.
pub(crate) fn merged(
    state: &State,
    id: &RequestId,
    params: &Params,
    said: &Value,
) -> Result<Params, String> {
    let gone = || format!("Request {id} is gone.");
    let request = state.requests.get(id.as_str()).ok_or_else(gone)?;
    let asset = state.assets.get(request.asset.as_str()).ok_or_else(gone)?;
    let product = state.shared.product(asset.product.as_str()).ok_or_else(gone)?;
    answer::merged(&product.for_assets(), params, id.as_str(), said)
}

/// Carries out an operation with the values that a validator has returned.
pub(crate) fn carry_out(
    state: &mut State,
    who: &Actor,
    (id, operation, body, code): Operated<'_>,
    seen: &Seen,
    params: Params,
) -> Result<Bytes, Denial> {
    let subject = match subject(state, who, id, code) {
        Ok(subject) if subject.seen() == *seen => subject,
        // The code of a form is gone with the inquiry.
        Ok(_) | Err(_) => return Err(changed(id.as_str())),
    };
    subject.allowed(who, operation)?;
    if operation == Operation::Pend {
        must_be_right(subject.product.for_assets(), &params)?;
        pend(state, who, &subject, params);
        approve_by_itself(state, id);
    } else {
        write_update(state, who, &subject, body)?;
        write_params(state, &subject, params);
    }
    show_request(state, who, id)
}

/// Returns the values of an inquired request with the answers in the body of its form.
pub(crate) fn answered(state: &State, subject: &Subject, body: &Value) -> Result<Params, Denial> {
    let (scope, held) = (subject.product.for_assets(), &subject.request.params);
    params::answered(&scope, held, body, |updates| {
        must_be_unique(state, &subject.product, Some(&subject.asset.id), updates)
    })
}

/// Sends a request back to the vendor with the customer's answers.
pub(crate) fn pend(state: &mut State, who: &Actor, subject: &Subject, answered: Params) {
    write_params(state, subject, answered);
    turn(state, who.signature(), subject, &RequestStatus::Pending, |request| {
        request.answered = true;
    });
}

/// Writes what is sent to be validated where no validator is asked: a draft then shows which values
/// its buyer owes.
pub(crate) fn validate(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    write_update(state, who, subject, body)?;
    let scope = subject.product.for_assets();
    rewrite_draft(state, subject, |written| {
        params::with_demands(&scope, &params::without_errors(written))
    });
    Ok(())
}

/// Rewrites the values of a request, if it is a draft.
fn rewrite_draft(state: &mut State, subject: &Subject, rewrite: impl FnOnce(&Params) -> Params) {
    let held = state.requests.get(subject.request.id.as_str());
    if let Some(draft) = held.filter(|request| request.status == RequestStatus::Draft) {
        let params = rewrite(&draft.params);
        write_params(state, subject, params);
    }
}

impl Subject {
    /// Returns what an answer about the request has to find as it is now.
    fn seen(&self) -> Seen {
        let is_purchase = self.request.kind == AssetRequestType::Purchase;
        let asset = is_purchase.then(|| Arc::clone(&self.asset));
        Seen::Asset { request: Arc::clone(&self.request), asset }
    }
}
