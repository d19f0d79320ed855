//! The dialogs that ask for one thing at most: a reason, a day, or just a yes.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_model::{DateTime, RequestId};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::page::{ErrorPage, Page, go, reason, show, show_with};
use crate::ui::rows::RequestRow;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

/// One of these dialogs.
struct Dialog {
    operation: Operation,
    input: Input,
    /// A class of `ui.css` for the button.
    tone: &'static str,
    /// The text that says what will happen.
    overview: &'static str,
}

/// The one thing that a dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Nothing,
    Reason,
    Day,
}

impl Input {
    /// Returns the member of the operation's body.
    fn field(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Reason => Some("reason"),
            Self::Day => Some("planned_date"),
        }
    }
}

/// The text that says where drafts go, whatever their type.
const ORDERED: &str = "The draft is ordered, and goes to the vendor or, when values are missing, \
                       back to the customer.";

const DIALOGS: [Dialog; 9] = [
    Dialog {
        operation: Operation::Fail,
        input: Input::Reason,
        tone: "danger",
        overview: "The request fails for good, and the distributor and the customer read your \
                   reason. A purchase ends its subscription; every other request leaves it as it \
                   was.",
    },
    Dialog {
        operation: Operation::Pend,
        input: Input::Nothing,
        tone: "primary",
        overview: "The request waits for the vendor again; a processor finds it within moments.",
    },
    Dialog {
        operation: Operation::Schedule,
        input: Input::Day,
        tone: "primary",
        overview: "The request is accepted for a later day. Until then the distributor may ask to \
                   take it back, and the vendor may set it to pending again.",
    },
    Dialog {
        operation: Operation::Revoke,
        input: Input::Reason,
        tone: "danger",
        overview: "This asks the vendor to take the scheduled request back. There is no way back \
                   from there.",
    },
    Dialog {
        operation: Operation::Confirm,
        input: Input::Nothing,
        tone: "primary",
        overview: "The request is revoked for good.",
    },
    Dialog {
        operation: Operation::Purchase,
        input: Input::Nothing,
        tone: "primary",
        overview: ORDERED,
    },
    Dialog {
        operation: Operation::Submit,
        input: Input::Nothing,
        tone: "primary",
        overview: ORDERED,
    },
    Dialog {
        operation: Operation::Validate,
        input: Input::Nothing,
        tone: "primary",
        overview: "The vendor is asked whether the values are good. The request stays where it is.",
    },
    Dialog {
        operation: Operation::Unassign,
        input: Input::Nothing,
        tone: "primary",
        overview: "Nobody works on the request any more; its status stays as it is.",
    },
];

#[derive(Template)]
#[template(path = "request_dialog.html")]
struct DialogPage {
    shell: Shell,
    dialog: &'static Dialog,
    request: RequestRow,
    /// The reason why there is no button.
    hindrance: Option<String>,
    /// The reason why the last try did not work.
    refused: Option<String>,
    typed: String,
    /// The first minute that can be planned for, as such a field has it.
    earliest: String,
}

fn named(visitor: &Visitor, verb: &str) -> Result<&'static Dialog, ErrorPage> {
    let found = DIALOGS.iter().find(|dialog| dialog.operation.verb() == verb);
    found.ok_or_else(|| visitor.error_page(Denial::not_found()))
}

fn form(visitor: &Visitor, subject: &Subject, dialog: &'static Dialog) -> DialogPage {
    let shell = subject.shell(visitor, dialog.operation.title());
    DialogPage {
        dialog,
        request: subject.row(&shell),
        hindrance: subject.hindrance(visitor.role, dialog.operation),
        refused: None,
        typed: String::new(),
        earliest: next_minute(shell.now),
        shell,
    }
}

fn next_minute(now: Timestamp) -> String {
    const MINUTES: usize = "2024-07-01T00:00".len();
    let mut text = DateTime(now + SignedDuration::from_mins(1)).to_string();
    text.truncate(MINUTES);
    text
}

/// Answers `GET /requests/{id}/{verb}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, verb)): Path<(RequestId, String)>,
) -> Page {
    let dialog = named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    Ok(show(&form(&visitor, &subject, dialog)))
}

/// Answers `POST /requests/{id}/{verb}`.
pub(in crate::ui) async fn send(
    visitor: Visitor,
    Path((id, verb)): Path<(RequestId, String)>,
    fields: Fields,
) -> Page {
    let dialog = named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    let typed = dialog.input.field().map(|field| (field, fields.text(field)));
    let body = match typed {
        Some((field, text)) if !text.is_empty() => json!({ field: text }),
        _ => json!({}),
    };
    match visitor.operate(&id, dialog.operation, body).await {
        Ok(_) => Ok(go(&subject.address())),
        Err(denied) => {
            let page = DialogPage {
                refused: Some(reason(&denied)),
                typed: typed.map(|(_, text)| text.to_owned()).unwrap_or_default(),
                ..form(&visitor, &subject, dialog)
            };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
