//! Operations on requests: who may do what when is in [`connect_model::lifecycle`], what it does
//! is here.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::asset_request::{self as lifecycle, FirstStatus, Refused, Verdict};
use connect_model::lifecycle::{Next, Operation};
use connect_model::{
    AssetRequestType, Capabilities, DateTime, RequestId, RequestStatus, TemplateId, TemplateType,
};
use serde_json::Value;

use super::asset::AssetRecord;
use super::product::{ProductRecord, is_for_assets};
use super::read::Visible;
use super::request::{RequestRecord, Turn};
use super::{Actor, Denied, World, body, params};

/// A request with what it is about, as they were before the operation.
pub(super) struct Subject {
    pub(super) request: Arc<RequestRecord>,
    pub(super) asset: Arc<AssetRecord>,
    pub(super) product: Arc<ProductRecord>,
}

impl World {
    /// `POST /requests/{id}/{verb}`, and `PUT /requests/{id}`.
    pub(super) fn operate(
        &mut self,
        who: &Actor,
        id: &RequestId,
        operation: Operation,
        body: &Value,
        code: Option<&str>,
    ) -> Result<Bytes, Denied> {
        let subject = self.subject(who, id, code)?;
        let next = subject.allowed(who, operation)?;
        match operation {
            Operation::Approve => self.approve(who, &subject, body)?,
            Operation::Fail => self.fail(who, &subject, body)?,
            Operation::Inquire => self.inquire(who, &subject, body)?,
            Operation::Pend => self.pend(who, &subject, body, code.is_some())?,
            Operation::Assign => self.assign(who, &subject, body)?,
            Operation::Unassign => self.write_request(id, |request| request.assignee = None),
            Operation::Schedule => self.schedule(who, &subject, body)?,
            Operation::Revoke => self.revoke(who, &subject, body)?,
            Operation::Confirm => self.turn(who, &subject, &RequestStatus::Revoked, |_| ()),
            Operation::Purchase | Operation::Submit => self.order(who, &subject)?,
            Operation::Update | Operation::Validate => self.write_update(who, &subject, body)?,
            Operation::Render => {}
        }
        debug_assert!(self.arrived(id, &next), "{operation:?} did not lead where the table says");
        self.show_request(id)
    }

    /// A [`Visible`] request, held on to while the world changes.
    pub(super) fn subject(
        &self,
        who: &Actor,
        id: &RequestId,
        code: Option<&str>,
    ) -> Result<Subject, Denied> {
        let Visible { request, asset, product } = self.visible(who, id.as_str(), code)?;
        let (request, asset) = (Arc::clone(request), Arc::clone(asset));
        Ok(Subject { request, asset, product: Arc::clone(product) })
    }

    fn arrived(&self, id: &RequestId, next: &Next) -> bool {
        let Some(request) = self.requests.get(id.as_str()) else { return false };
        match next {
            Next::To(status) => request.status == *status,
            Next::First => request.status != RequestStatus::Draft,
            Next::Stay => true,
        }
    }

    fn fail(&mut self, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denied> {
        let reason = body::needed(body, "reason")?;
        self.turn(who, subject, &RequestStatus::Failed, |request| request.reason = reason.into());
        Ok(())
    }

    fn inquire(&mut self, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denied> {
        const NOTHING_WRONG: &str = "For marking request to inquiring status at least one \
                                     parameter should be marked as invalid.";
        if subject.request.params.iter().all(|row| row.value_error.is_empty()) {
            return Err(Denied::refused("REQ_003", NOTHING_WRONG));
        }
        let template = subject.inquiry_template(body)?;
        self.turn(who, subject, &RequestStatus::Inquiring, |request| {
            request.template = template.or(request.template.take());
        });
        if let Some(tile) = body::filled(body, "activation_tile") {
            self.set_activation_key(&subject.request.id, &tile);
        }
        Ok(())
    }

    /// Back to the vendor. Through the form, with the customer's answers.
    fn pend(
        &mut self,
        who: &Actor,
        subject: &Subject,
        body: &Value,
        is_form: bool,
    ) -> Result<(), Denied> {
        if !is_form {
            self.turn(who, subject, &RequestStatus::Pending, |_| ());
            return Ok(());
        }
        let updates = params::updates(&subject.product, &subject.request.params, body)?;
        updates.iter().try_for_each(params::Update::must_be_ordering)?;
        self.must_be_unique(&subject.product, Some(&subject.asset.id), &updates)?;
        let answered = params::answered(&subject.request.params, &updates);
        self.write_params(subject, answered);
        self.turn(who, subject, &RequestStatus::Pending, |request| request.answered = true);
        Ok(())
    }

    /// Gives the request to a person of the caller's own account.
    fn assign(&mut self, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denied> {
        let account = &who.token()?.account;
        let mut people = self.shared.ground.people.iter().filter(|it| it.account == *account);
        let person = match (body::filled(body, "id"), body::filled(body, "email")) {
            (Some(id), _) => people.find(|person| person.id == *id),
            (None, Some(email)) => people.find(|person| person.email == email),
            (None, None) => return Err(Denied::missing("id")),
        };
        let id = person.map(|person| person.id.clone());
        let id = id.ok_or_else(|| Denied::invalid("id: User does not exist."))?;
        self.write_request(&subject.request.id, |request| request.assignee = Some(id));
        Ok(())
    }

    fn schedule(&mut self, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denied> {
        let planned = self.planned_date(body)?;
        let planned = planned.ok_or_else(|| Denied::missing("planned_date"))?;
        self.turn(who, subject, &RequestStatus::Scheduled, |request| {
            request.planned_date = Some(planned);
        });
        Ok(())
    }

    /// The day a body plans something for, which is not over yet.
    pub(super) fn planned_date(&self, body: &Value) -> Result<Option<DateTime>, Denied> {
        let planned = body::instant(body, "planned_date")?;
        if planned.is_some_and(|planned| planned <= self.now) {
            return Err(Denied::invalid("planned_date: The date must be in the future."));
        }
        Ok(planned)
    }

    fn revoke(&mut self, who: &Actor, subject: &Subject, body: &Value) -> Result<(), Denied> {
        let reason = body::needed(body, "reason")?;
        self.turn(who, subject, &RequestStatus::Revoking, |request| request.reason = reason.into());
        Ok(())
    }

    /// Takes a request to another status, with all that goes with it: its template, the
    /// customer's form, a message in its conversation, and its asset when it is over.
    pub(super) fn turn(
        &mut self,
        who: &Actor,
        subject: &Subject,
        to: &RequestStatus,
        write: impl FnOnce(&mut RequestRecord),
    ) {
        let turn = Turn { to: to.clone(), at: self.now, by: who.signature() };
        let form_code = (*to == RequestStatus::Inquiring).then(|| self.numbers.code());
        let template = subject.product.template_at(to);
        self.write_request(&subject.request.id, |request| {
            request.status = to.clone();
            request.turns.push(turn);
            request.form_code = form_code;
            request.template = template.or(request.template.take());
            write(request);
        });
        self.say_turn(&subject.request.conversation, to.clone());
        if let Some(verdict) = verdict(to) {
            self.conclude(&subject.request.id, verdict);
        }
    }

    /// Replaces the values of a request. Until it is over, a purchase shares them with its asset.
    pub(super) fn write_params(&mut self, subject: &Subject, params: super::row::Params) {
        if subject.request.kind == AssetRequestType::Purchase {
            self.write_asset(&subject.asset.id, |asset| asset.params = Arc::clone(&params));
        }
        self.write_request(&subject.request.id, |request| request.params = params);
    }
}

impl Subject {
    /// Where the operation leads, or why it is refused.
    pub(super) fn allowed(&self, who: &Actor, operation: Operation) -> Result<Next, Denied> {
        let caller = who.caller(self.asset.is_preview());
        let (kind, status) = (&self.request.kind, &self.request.status);
        let allowed = lifecycle::allow(kind, status, operation, caller)?;
        match allowed.needs {
            Some(capability) if !self.product.is_on(&capability) => {
                Err(Refused::Capability { operation, capability: capability.into_owned() }.into())
            }
            _ => Ok(allowed.next),
        }
    }

    fn inquiry_template(&self, body: &Value) -> Result<Option<TemplateId>, Denied> {
        let Some(id) = body::filled(body, "template_id") else { return Ok(None) };
        match self.product.living_template(&id) {
            Some(template) if is_for_assets(template, &TemplateType::Inquire) => {
                Ok(Some(template.id.clone()))
            }
            _ => Err(Denied::invalid("template_id: Template does not exist.")),
        }
    }
}

impl ProductRecord {
    /// The template that requests show in a status; none: they keep what they have.
    pub(super) fn template_at(&self, status: &RequestStatus) -> Option<TemplateId> {
        let turn = match status {
            RequestStatus::Inquiring => TemplateType::Inquire,
            RequestStatus::Draft | RequestStatus::TiersSetup | RequestStatus::Pending => {
                TemplateType::Pending
            }
            _ => return None,
        };
        self.default_template(&turn).map(|template| template.id.clone())
    }
}

/// The first status of a request with these values.
pub(super) fn first_status(
    kind: &AssetRequestType,
    product: &ProductRecord,
    params: &super::row::Params,
) -> RequestStatus {
    use AssetRequestType::{Change, Purchase, Resume, Suspend};
    let holds = matches!(kind, Suspend | Resume);
    let asks = match kind {
        Purchase => true,
        Change => product.is_on(Capabilities::EDITABLE_ORDERING),
        _ => false,
    };
    lifecycle::first_status(FirstStatus {
        hold_missing: holds && !product.is_on(Capabilities::HOLD),
        tier_config_missing: false,
        ordering_value_missing: asks && params::customer_owes(product, params),
    })
}

/// How a request ended, when this status ends it.
pub(super) fn verdict(status: &RequestStatus) -> Option<Verdict> {
    match status {
        RequestStatus::Approved => Some(Verdict::Approved),
        RequestStatus::Failed => Some(Verdict::Failed),
        RequestStatus::Revoked => Some(Verdict::Revoked),
        _ => None,
    }
}
