//! Operations on requests for tier configurations: who may do what when is in
//! [`connect_model::lifecycle`], what it does is here.

use bytes::Bytes;
use connect_model::lifecycle::Operation;
use connect_model::{RequestStatus, TierConfigRequestId};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::denial::Denial;
use crate::request::operate::assignee;
use crate::request::params;
use crate::state::State;
use crate::tier_config_request::approve::approve;
use crate::tier_config_request::begin::{first_status, must_be_free, must_be_in_state, occupy};
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::turn::{turn, write_params};
use crate::tier_config_request::update::write_update;
use crate::tier_config_request::validate;
use crate::tier_config_request::view::show;

/// The most characters of a reason (OpenAPI 37.0).
const LONGEST_REASON: usize = 500;

/// Carries out `POST /tier/config-requests/{id}/{verb}`, and `PUT /tier/config-requests/{id}`.
/// Most answer without a body (OpenAPI 37.0).
pub(crate) fn operate(
    state: &mut State,
    who: &Actor,
    id: &TierConfigRequestId,
    operation: Operation,
    body: &Value,
    code: Option<&str>,
) -> Result<Bytes, Denial> {
    let subject = Subject::seen_by(state, who, id.as_str(), code)?;
    subject.must_allow(who, operation)?;
    let by = who.signature();
    match operation {
        Operation::Approve => return approve(state, who, &subject, body),
        Operation::Fail => {
            let reason = reason(body)?;
            turn(state, by, &subject, &RequestStatus::Failed, |request| {
                request.reason = Some(reason.into());
            });
        }
        Operation::Inquire => {
            params::must_be_wrong(&subject.request.params)?;
            turn(state, by, &subject, &RequestStatus::Inquiring, |_| ());
        }
        Operation::Pend => pend(state, who, &subject, body, code.is_some())?,
        Operation::Assign => {
            let person = assignee(state, who, body)?;
            state.change::<TierConfigRequestRecord>(id, |it| it.assignee = Some(person));
        }
        Operation::Unassign => {
            state.change::<TierConfigRequestRecord>(id, |it| it.assignee = None);
        }
        Operation::Submit => order(state, who, &subject)?,
        Operation::Update => write_update(state, who, &subject, body)?,
        Operation::Validate => validate::validate(state, who, &subject, body)?,
        _ => {}
    }
    match operation {
        Operation::Submit | Operation::Update | Operation::Validate => show(state, who, id),
        _ => Ok(Bytes::new()),
    }
}

fn reason(body: &Value) -> Result<String, Denial> {
    let reason = body::filled_within(body, "reason", LONGEST_REASON)?;
    reason.ok_or_else(|| Denial::missing("reason"))
}

/// Sends the request back to the vendor; through the form, with the reseller's answers.
fn pend(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
    is_form: bool,
) -> Result<(), Denial> {
    if is_form {
        let answered = validate::answered(state, subject, body)?;
        write_params(state, &subject.request.id, answered);
    }
    turn(state, who.signature(), subject, &RequestStatus::Pending, |_| ());
    Ok(())
}

/// Orders a draft: it takes its first status, as if it were created now.
fn order(state: &mut State, who: &Actor, subject: &Subject) -> Result<(), Denial> {
    let Subject { request, config, product } = subject;
    must_be_in_state(&request.kind, config)?;
    must_be_free(config)?;
    let status = first_status(state, config, product, &request.kind, &request.params);
    if status == RequestStatus::Inquiring {
        let demands = params::with_demands(&subject.scope(), &request.params);
        write_params(state, &request.id, demands);
    }
    occupy(state, &config.id, &request.id);
    turn(state, who.signature(), subject, &status, |_| ());
    Ok(())
}
