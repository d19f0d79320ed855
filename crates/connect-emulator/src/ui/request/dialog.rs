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
use crate::ui::page::{Page, Trouble, go, reason, show, show_with};
use crate::ui::rows::RequestRow;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

/// What one of these dialogs says.
struct Words {
    verb: &'static str,
    operation: Operation,
    title: &'static str,
    /// What will happen.
    overview: &'static str,
    asked: Asked,
    /// A class of `ui.css` for the button.
    tone: &'static str,
}

/// What a dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    Reason,
    Day,
}

impl Asked {
    /// The member of the operation's body.
    fn field(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Reason => Some("reason"),
            Self::Day => Some("planned_date"),
        }
    }
}

const fn words(
    (verb, title): (&'static str, &'static str),
    operation: Operation,
    asked: Asked,
    tone: &'static str,
    overview: &'static str,
) -> Words {
    Words { verb, operation, title, overview, asked, tone }
}

const DIALOGS: [Words; 9] = [
    words(
        ("reject", "Reject"),
        Operation::Fail,
        Asked::Reason,
        "danger",
        "The request fails for good, and the distributor and the customer read your reason. A \
         purchase ends its subscription; every other request leaves it as it was.",
    ),
    words(
        ("pend", "Set to Pending"),
        Operation::Pend,
        Asked::Nothing,
        "primary",
        "The request waits for the vendor again; a processor finds it within moments.",
    ),
    words(
        ("schedule", "Schedule"),
        Operation::Schedule,
        Asked::Day,
        "primary",
        "The request is accepted for a later day. Until then the distributor may ask to take it \
         back, and the vendor may set it to pending again.",
    ),
    words(
        ("revoke", "Revoke"),
        Operation::Revoke,
        Asked::Reason,
        "danger",
        "This asks the vendor to take the scheduled request back. There is no way back from \
         there.",
    ),
    words(
        ("confirm", "Confirm Revocation"),
        Operation::Confirm,
        Asked::Nothing,
        "primary",
        "The request is revoked for good.",
    ),
    words(
        ("purchase", "Purchase"),
        Operation::Purchase,
        Asked::Nothing,
        "primary",
        "The draft is ordered, and goes to the vendor or, when values are missing, back to the \
         customer.",
    ),
    words(
        ("submit", "Submit"),
        Operation::Submit,
        Asked::Nothing,
        "primary",
        "The draft is ordered, and goes to the vendor or, when values are missing, back to the \
         customer.",
    ),
    words(
        ("validate", "Validate"),
        Operation::Validate,
        Asked::Nothing,
        "primary",
        "The vendor is asked whether the values are good. The request stays where it is.",
    ),
    words(
        ("unassign", "Unassign"),
        Operation::Unassign,
        Asked::Nothing,
        "primary",
        "Nobody works on the request any more; its status stays as it is.",
    ),
];

#[derive(Template)]
#[template(path = "request_dialog.html")]
struct DialogPage {
    shell: Shell,
    words: &'static Words,
    request: RequestRow,
    /// Why there is no button.
    hindrance: Option<String>,
    /// Why the last try did not work.
    refused: Option<String>,
    typed: String,
    /// The first minute that can be planned for, as such a field has it.
    earliest: String,
}

fn named(visitor: &Visitor, verb: &str) -> Result<&'static Words, Trouble> {
    let found = DIALOGS.iter().find(|words| words.verb == verb);
    found.ok_or_else(|| visitor.trouble(Denial::not_found()))
}

fn dialog(visitor: &Visitor, subject: &Subject, words: &'static Words) -> DialogPage {
    let shell = subject.shell(visitor, words.title);
    DialogPage {
        words,
        request: subject.row(&shell),
        hindrance: subject.hindrance(visitor.role, words.operation),
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

/// `GET /requests/{id}/{verb}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, verb)): Path<(RequestId, String)>,
) -> Page {
    let words = named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    Ok(show(&dialog(&visitor, &subject, words)))
}

/// `POST /requests/{id}/{verb}`.
pub(in crate::ui) async fn send(
    visitor: Visitor,
    Path((id, verb)): Path<(RequestId, String)>,
    fields: Fields,
) -> Page {
    let words = named(&visitor, &verb)?;
    let subject = Subject::read(&visitor, &id).await?;
    let typed = words.asked.field().map(|field| (field, fields.text(field)));
    let body = match typed {
        Some((field, text)) if !text.is_empty() => json!({ field: text }),
        _ => json!({}),
    };
    match visitor.operate(&id, words.operation, body).await {
        Ok(_) => Ok(go(&subject.address())),
        Err(denied) => {
            let page = DialogPage {
                refused: Some(reason(&denied)),
                typed: typed.map(|(_, text)| text.to_owned()).unwrap_or_default(),
                ..dialog(&visitor, &subject, words)
            };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
