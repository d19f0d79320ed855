//! The dialogs of a record of usage: the distributor approves, rejects and closes it.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::usage_record::{
    UsageRecordOperation as Operation, UsageRecordRefused, allow,
};
use connect_model::{ConnectionType, UsageRecordId};
use connect_world::Denial;
use connect_world::command::UsageRecordCommand;
use serde_json::json;

use super::address;
use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Facts, Html};
use crate::ui::mark::Mark;
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::role::Role;
use crate::ui::shell::Section;
use crate::ui::visitor::Visitor;

/// Something that can be done to a record.
pub(super) struct RecordAction {
    pub(super) operation: Operation,
    /// The title of its dialog.
    title: &'static str,
    pub(super) button: &'static str,
    /// A class of `ui.css`.
    pub(super) tone: &'static str,
    /// The text that says what will happen.
    overview: &'static str,
}

/// All of them, in the order of [`Operation::ALL`].
pub(super) static ACTIONS: [RecordAction; 3] = [
    RecordAction {
        operation: Operation::Approve,
        title: "Approve Record",
        button: "Approve",
        tone: "primary",
        overview: "The record is taken over to be billed.",
    },
    RecordAction {
        operation: Operation::Reject,
        title: "Reject Record",
        button: "Reject",
        tone: "danger",
        overview: "The record is not billed. It may be approved after all, until its file is closed.",
    },
    RecordAction {
        operation: Operation::Close,
        title: "Close Record",
        button: "Close Record",
        tone: "primary",
        overview: "The record ends for good. Its file is closed with the last of its approved records.",
    },
];

#[derive(Template)]
#[template(path = "usage/bill.html")]
struct Bill<'a> {
    id: &'a str,
    note: &'a str,
}

impl RecordAction {
    pub(super) fn of(operation: Operation) -> &'static Self {
        let found = ACTIONS.iter().find(|action| action.operation == operation);
        found.unwrap_or(&ACTIONS[0])
    }

    fn named(visitor: &Visitor, verb: &str) -> Result<&'static Self, ErrorPage> {
        let found = ACTIONS.iter().find(|action| action.operation.verb() == verb);
        found.ok_or_else(|| visitor.error_page(Denial::not_found()))
    }

    /// Returns the reason why a role cannot do it now.
    pub(super) fn hindrance(&self, role: Role, subject: &Subject) -> Option<String> {
        let Subject { record, file } = subject;
        let caller = role.caller(file.environment == ConnectionType::Preview);
        match allow(&file.status, &record.status, self.operation, caller) {
            Ok(()) => None,
            Err(UsageRecordRefused::Side) => Some("Only the distributor can.".to_owned()),
            Err(other) => Some(other.to_string()),
        }
    }

    fn fields(&self, fields: &Fields) -> Html {
        match self.operation {
            Operation::Close => Html::of(&Bill {
                id: fields.text("external_billing_id"),
                note: fields.text("external_billing_note"),
            }),
            Operation::Approve | Operation::Reject => Html::default(),
        }
    }

    fn command(&self, id: UsageRecordId, fields: &Fields) -> UsageRecordCommand {
        match self.operation {
            Operation::Close => UsageRecordCommand::Close {
                id,
                body: json!({
                    "external_billing_id": fields.text("external_billing_id"),
                    "external_billing_note": fields.lines("external_billing_note"),
                }),
            },
            operation => {
                UsageRecordCommand::Update { id, body: json!({"status": operation.leads_to()}) }
            }
        }
    }

    fn dialog(&self, visitor: &Visitor, subject: &Subject, fields: &Fields) -> Dialog {
        let Subject { record, file } = subject;
        let hindrance = self.hindrance(visitor.role, subject);
        let facts = Facts::beside()
            .id("Record", &record.id, subject.address(), None)
            .id("File", &file.id, address(&file.id), None)
            .mark("Status", Mark::from(&record.status));
        let shell = visitor.shell(Section::Usage, self.title).live(&[file.id.as_str()]);
        let action = format!("{}/{}", subject.address(), self.operation.verb());
        Dialog {
            facts: Some(facts),
            overview: self.overview.to_owned(),
            fields: match hindrance {
                None => self.fields(fields),
                Some(_) => Html::default(),
            },
            closed: hindrance.map(|why| Html::text(&why)),
            buttons: vec![
                DialogButton::leave("Close", subject.address()),
                DialogButton::send(self.button, self.tone),
            ],
            ..Dialog::new(shell, self.title, action)
        }
    }
}

/// Answers `GET /usage/records/{id}/{verb}`.
pub(super) async fn page(
    visitor: Visitor,
    Path((id, verb)): Path<(UsageRecordId, String)>,
) -> Page {
    let action = RecordAction::named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    Ok(action.dialog(&visitor, &subject, &Fields::of_query("")).show())
}

/// Answers `POST /usage/records/{id}/{verb}`.
pub(super) async fn send(
    visitor: Visitor,
    Path((id, verb)): Path<(UsageRecordId, String)>,
    fields: Fields,
) -> Page {
    let action = RecordAction::named(&visitor, &verb)?;
    let done = visitor.apply(action.command(id.clone(), &fields)).await;
    let subject = Subject::read(&visitor, &id).await?;
    match done {
        Ok(_) => Ok(go(&subject.address())),
        Err(denied) => Ok(action.dialog(&visitor, &subject, &fields).refuse(denied.refusal.errors)),
    }
}
