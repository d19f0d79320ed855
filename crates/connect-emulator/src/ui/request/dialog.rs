//! The dialogs of requests, of whatever family: one for each operation, at `{id}/{verb}`.

use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_world::Denial;

use super::closed::closed;
use super::family::Family;
use super::parts::Parts;
use super::subject::Subject;
use super::{approve, assign, edit, inquire, simple};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton};
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::visitor::Visitor;

/// A dialog of a request.
pub(super) struct RequestDialog {
    pub(super) operation: Operation,
    /// A class of `ui.css` for the button.
    tone: &'static str,
    /// The text that says what will happen.
    overview: &'static str,
    form: Form,
}

/// The things that a dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Nothing,
    Reason,
    Day,
    /// A template, a date, and the values that approval needs.
    Approval,
    /// What is wrong with the customer's values.
    Inquiry,
    /// Values.
    Values,
    /// One of the visitor's colleagues.
    Person,
}

/// The text that says where drafts go, whatever their type.
const ORDERED: &str = "The draft is ordered, and goes to the vendor or, when values are missing, \
                       back to the customer.";

const fn dialog(
    operation: Operation,
    form: Form,
    tone: &'static str,
    overview: &'static str,
) -> RequestDialog {
    RequestDialog { operation, tone, overview, form }
}

const DIALOGS: [RequestDialog; 15] = [
    dialog(
        Operation::Approve,
        Form::Approval,
        "primary",
        "The request is granted, and what it is about moves on. The customer sees the template, \
         filled with the request’s values.",
    ),
    dialog(
        Operation::Fail,
        Form::Reason,
        "danger",
        "The request fails for good, and the distributor and the customer read your reason. A \
         purchase ends its subscription; every other request leaves it as it was.",
    ),
    dialog(
        Operation::Accept,
        Form::Nothing,
        "primary",
        "You say that you have taken the change over. The account has the data already.",
    ),
    dialog(
        Operation::Ignore,
        Form::Reason,
        "danger",
        "You say that you have not taken the change over. The account keeps the data all the same, \
         and its distributor reads your reason.",
    ),
    dialog(
        Operation::Inquire,
        Form::Inquiry,
        "primary",
        "The request goes back to the customer, who is asked to correct the parameters you mark, \
         and reads what you write beside them.",
    ),
    dialog(Operation::Pend, Form::Nothing, "primary", "The request waits for the vendor again."),
    dialog(
        Operation::Schedule,
        Form::Day,
        "primary",
        "The request is accepted for a later day. Until then the distributor may ask to take it \
         back, and the vendor may set it to pending again.",
    ),
    dialog(
        Operation::Revoke,
        Form::Reason,
        "danger",
        "This asks the vendor to take the scheduled request back. There is no way back from there.",
    ),
    dialog(Operation::Confirm, Form::Nothing, "primary", "The request is revoked for good."),
    dialog(Operation::Purchase, Form::Nothing, "primary", ORDERED),
    dialog(Operation::Submit, Form::Nothing, "primary", ORDERED),
    dialog(
        Operation::Validate,
        Form::Nothing,
        "primary",
        "The vendor is asked whether the values are good. The request stays where it is.",
    ),
    dialog(Operation::Update, Form::Values, "primary", ""),
    dialog(Operation::Assign, Form::Person, "primary", ""),
    dialog(
        Operation::Unassign,
        Form::Nothing,
        "primary",
        "Nobody works on the request any more; its status stays as it is.",
    ),
];

impl RequestDialog {
    fn named(visitor: &Visitor, verb: &str) -> Result<&'static Self, ErrorPage> {
        let found = DIALOGS.iter().find(|dialog| dialog.operation.verb() == verb);
        found.ok_or_else(|| visitor.error_page(Denial::not_found()))
    }

    fn title(&self) -> &'static str {
        match self.operation {
            Operation::Update => "Edit Parameters",
            operation => operation.title(),
        }
    }

    fn button(&self) -> &'static str {
        match self.operation {
            Operation::Update => "Save",
            operation => operation.title(),
        }
    }

    async fn parts<F: Family>(
        &self,
        visitor: &Visitor,
        subject: &Subject<F>,
        fields: &Fields,
    ) -> Result<Parts, ErrorPage> {
        Ok(match self.form {
            Form::Nothing => Parts::default(),
            Form::Reason => simple::reason(fields),
            Form::Day => simple::day(visitor, fields),
            Form::Approval => approve::parts(visitor, subject, fields).await?,
            Form::Inquiry => inquire::parts(visitor, subject, fields).await?,
            Form::Values => edit::parts(visitor, subject, fields),
            Form::Person => assign::parts(visitor, subject),
        })
    }

    async fn carry_out<F: Family>(
        &self,
        visitor: &Visitor,
        subject: &Subject<F>,
        fields: &Fields,
    ) -> Result<(), Denial> {
        let body = match self.form {
            Form::Approval => approve::body(visitor, subject, fields).await?,
            Form::Inquiry => inquire::body(visitor, subject, fields).await?,
            Form::Values => return edit::carry_out(visitor, subject, fields).await,
            Form::Person => assign::body(fields),
            Form::Reason => simple::body("reason", fields),
            Form::Day => simple::body("planned_date", fields),
            Form::Nothing => serde_json::json!({}),
        };
        subject.operate(visitor, self.operation, body).await.map(drop)
    }

    async fn page<F: Family>(
        &self,
        visitor: &Visitor,
        subject: &Subject<F>,
        fields: &Fields,
    ) -> Result<Dialog, ErrorPage> {
        let shell = subject.shell(visitor, self.title());
        let action = format!("{}/{}", subject.address(), self.operation.verb());
        let hindrance = subject.hindrance(visitor.role, self.operation);
        let parts = match &hindrance {
            None => self.parts(visitor, subject, fields).await?,
            Some(_) => Parts::default(),
        };
        let overview = subject.request.outlook(self.operation).unwrap_or(self.overview);
        let send = DialogButton::send(self.button(), self.tone);
        let buttons = [DialogButton::leave("Close", subject.address())].into_iter();
        Ok(Dialog {
            facts: Some(subject.request.facts(&shell)),
            overview: overview.to_owned(),
            closed: hindrance.map(|it| closed(&subject.request, &it, &shell)),
            fields: parts.fields,
            below: parts.below,
            buttons: buttons.chain((!parts.is_useless).then_some(send)).collect(),
            ..Dialog::new(shell, self.title(), action)
        })
    }
}

/// Answers `GET {ADDRESS}/{id}/{verb}`.
pub(in crate::ui) async fn page<F: Family>(
    visitor: Visitor,
    Path((id, verb)): Path<(String, String)>,
) -> Page {
    let dialog = RequestDialog::named(&visitor, &verb)?;
    let subject = Subject::<F>::read(&visitor, &id).await?;
    Ok(dialog.page(&visitor, &subject, &Fields::of_query("")).await?.show())
}

/// Answers `POST {ADDRESS}/{id}/{verb}`.
pub(in crate::ui) async fn send<F: Family>(
    visitor: Visitor,
    Path((id, verb)): Path<(String, String)>,
    fields: Fields,
) -> Page {
    let dialog = RequestDialog::named(&visitor, &verb)?;
    let subject = Subject::<F>::read(&visitor, &id).await?;
    if fields.has("preview") {
        return Ok(dialog.page(&visitor, &subject, &fields).await?.show());
    }
    match dialog.carry_out(&visitor, &subject, &fields).await {
        Ok(()) => Ok(go(&subject.address())),
        Err(denied) => {
            // Some values may be written by now, and somebody else may have been faster.
            let subject = Subject::<F>::read(&visitor, &id).await?;
            let page = dialog.page(&visitor, &subject, &fields).await?;
            Ok(page.refuse(denied.refusal.errors))
        }
    }
}
