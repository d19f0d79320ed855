//! Operations on requests: who may do what when is in [`connect_model::lifecycle`], what it does
//! is here.

use bytes::Bytes;
use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::lifecycle::{Next, Operation};
use connect_model::{RequestId, RequestStatus, TemplateId, TemplateType, UserId};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::denial::Denial;
use crate::read::show_request;
use crate::request::approve::{approve, approve_by_itself, set_activation_key};
use crate::request::draft::order;
use crate::request::params;
use crate::request::record::RequestRecord;
use crate::request::turn::Subject;
use crate::request::turn::planned_date;
use crate::request::turn::subject;
use crate::request::turn::turn;
use crate::request::update::write_update;
use crate::request::validate;
use crate::state::State;

/// Carries out `POST /requests/{id}/{verb}`, and `PUT /requests/{id}`.
pub(crate) fn operate(
    state: &mut State,
    who: &Actor,
    id: &RequestId,
    operation: Operation,
    body: &Value,
    code: Option<&str>,
) -> Result<Bytes, Denial> {
    let subject = subject(state, who, id, code)?;
    let next = subject.allowed(who, operation)?;
    match operation {
        Operation::Approve => approve(state, who, &subject, body)?,
        Operation::Fail => fail(state, who, &subject, body)?,
        Operation::Inquire => inquire(state, who, &subject, body)?,
        Operation::Pend => pend(state, who, &subject, body, code.is_some())?,
        Operation::Assign => {
            let person = assignee(state, who, body)?;
            state.change::<RequestRecord>(id, |request| request.assignee = Some(person));
        }
        Operation::Unassign => state.change::<RequestRecord>(id, |request| request.assignee = None),
        Operation::Schedule => schedule(state, who, &subject, body)?,
        Operation::Revoke => revoke(state, who, &subject, body)?,
        Operation::Confirm => {
            turn(state, who.signature(), &subject, &RequestStatus::Revoked, |_| ());
        }
        Operation::Purchase | Operation::Submit => order(state, who, &subject)?,
        Operation::Update => write_update(state, who, &subject, body)?,
        Operation::Validate => validate::validate(state, who, &subject, body)?,
        // The table refuses what other families alone have.
        Operation::Render | Operation::Accept | Operation::Ignore => {}
    }
    debug_assert!(arrived(state, id, &next), "{operation:?} did not lead where the table says");
    if operation == Operation::Pend {
        approve_by_itself(state, id);
    }
    show_request(state, who, id)
}

fn arrived(state: &State, id: &RequestId, next: &Next) -> bool {
    let Some(request) = state.requests.get(id.as_str()) else { return false };
    match next {
        Next::To(status) => request.status == *status,
        Next::First => request.status != RequestStatus::Draft,
        Next::Stay => true,
    }
}

fn fail(state: &mut State, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denial> {
    let reason = body::needed(body, "reason")?;
    turn(state, who.signature(), subject, &RequestStatus::Failed, |request| {
        request.reason = reason.into();
    });
    Ok(())
}

fn inquire(state: &mut State, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denial> {
    params::must_be_wrong(&subject.request.params)?;
    let template = subject.inquiry_template(body)?;
    turn(state, who.signature(), subject, &RequestStatus::Inquiring, |request| {
        request.template = template.or(request.template.take());
    });
    if let Some(tile) = body::filled(body, "activation_tile") {
        set_activation_key(state, &subject.request.id, &tile);
    }
    Ok(())
}

/// Sends the request back to the vendor; through the form, with the customer's answers.
fn pend(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
    is_form: bool,
) -> Result<(), Denial> {
    if is_form {
        let answered = validate::answered(state, subject, body)?;
        validate::pend(state, who, subject, answered);
    } else {
        turn(state, who.signature(), subject, &RequestStatus::Pending, |_| ());
    }
    Ok(())
}

/// Returns the person of the caller's own account that a body names.
pub(crate) fn assignee(state: &State, who: &Actor, body: &Value) -> Result<UserId, Denial> {
    let account = &who.token()?.account;
    let mut people = state.shared.parties.people.iter().filter(|it| it.account == *account);
    let person = match (body::filled(body, "id"), body::filled(body, "email")) {
        (Some(id), _) => people.find(|person| person.id == *id),
        (None, Some(email)) => people.find(|person| person.email == email),
        (None, None) => return Err(Denial::missing("id")),
    };
    let id = person.map(|person| person.id.clone());
    id.ok_or_else(|| Denial::invalid("id: User does not exist."))
}

fn schedule(state: &mut State, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denial> {
    let planned = planned_date(state, body)?;
    let planned = planned.ok_or_else(|| Denial::missing("planned_date"))?;
    turn(state, who.signature(), subject, &RequestStatus::Scheduled, |request| {
        request.planned_date = Some(planned);
    });
    Ok(())
}

fn revoke(state: &mut State, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denial> {
    let reason = body::needed(body, "reason")?;
    turn(state, who.signature(), subject, &RequestStatus::Revoking, |request| {
        request.reason = reason.into();
    });
    Ok(())
}

impl Subject {
    /// Returns where the operation leads, or why it is refused.
    pub(crate) fn allowed(&self, who: &Actor, operation: Operation) -> Result<Next, Denial> {
        let caller = who.caller(self.asset.is_preview());
        let (kind, status) = (&self.request.kind, &self.request.status);
        let allowed = lifecycle::allow(kind, status, operation, caller)?;
        Ok(allowed.with(|capability| self.product.is_on(capability))?)
    }

    fn inquiry_template(&self, body: &Value) -> Result<Option<TemplateId>, Denial> {
        let Some(id) = body::filled(body, "template_id") else { return Ok(None) };
        let template = self.product.for_assets().template(&id, &TemplateType::Inquire);
        let missing = || Denial::invalid("template_id: Template does not exist.");
        template.map(|template| Some(template.id.clone())).ok_or_else(missing)
    }
}
