//! One call: with its bodies, and as a command.

use askama::Template;
use axum::extract::Path;
use http::header::HOST;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;

use super::CallRow;
use crate::activity::{LoggedBody, LoggedCall};
use crate::auth::form_code;
use crate::ui::curl::Curl;
use crate::ui::page::{Page, show};
use crate::ui::secrets::Secrets;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::{Actor, Denial, Side};

#[derive(Template)]
#[template(path = "call.html")]
struct CallPage {
    shell: Shell,
    call: CallRow,
    content_type: Option<String>,
    content_range: Option<String>,
    request: Body,
    response: Body,
    /// The call as a command, or why there is none.
    curl: Result<String, &'static str>,
    /// The side whose key the command needs.
    key: Option<&'static str>,
}

/// A body as a page shows it.
struct Body {
    /// The text; none when it cannot be shown without a secret that may stand in it.
    text: Option<String>,
    /// Whether a secret was taken out of it.
    masked: bool,
    truncated: bool,
}

impl Body {
    fn of(logged: &LoggedBody, secrets: &Secrets) -> Self {
        let (text, masked) = match serde_json::from_slice::<Value>(&logged.bytes) {
            Ok(mut body) => {
                let masked = secrets.hide(&mut body);
                (Some(format!("{body:#}")), masked)
            }
            Err(_) if logged.bytes.is_empty() || !secrets.may_be_in(&logged.text()) => {
                (Some(logged.text().into_owned()), false)
            }
            Err(_) => (None, true),
        };
        Self { text, masked, truncated: logged.truncated }
    }

    /// Returns the body as it can be sent again, or why it cannot.
    fn whole(&self) -> Result<&str, &'static str> {
        match &self.text {
            _ if self.truncated => Err("its body was not kept as a whole"),
            Some(text) if !self.masked => Ok(text),
            _ => Err("its body holds a secret"),
        }
    }
}

/// Answers `GET /activity/{seq}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    headers: HeaderMap,
    Path(seq): Path<u64>,
) -> Page {
    let calls = visitor.ui.activity.page(seq.saturating_sub(1), 1);
    let Some(call) = calls.first().filter(|call| call.seq == seq) else {
        let text =
            format!("Call {seq} is not in the log: it is not yet made, or already forgotten.");
        return Err(visitor.error_page(Denial { refusal: refusal(text), ..Denial::not_found() }));
    };
    let secrets = Secrets::of(&visitor);
    let shell = visitor.shell(Section::Activity, format!("Call {seq}"));
    let request = Body::of(&call.request, &secrets);
    let host = text(headers.get(HOST)).unwrap_or_default();
    Ok(show(&CallPage {
        call: CallRow::new(call, &shell),
        content_type: text(call.content_type.as_ref()),
        content_range: text(call.content_range.as_ref()),
        curl: curl(call, &host, &request),
        key: key(call),
        response: Body::of(&call.response, &secrets),
        request,
        shell,
    }))
}

fn refusal(text: String) -> connect_model::Refusal {
    connect_model::Refusal::new("NOT_FOUND", text)
}

fn text(value: Option<&HeaderValue>) -> Option<String> {
    value.and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn curl(call: &LoggedCall, host: &str, request: &Body) -> Result<String, &'static str> {
    let body = request.whole()?;
    if form_code(&call.uri).is_some() {
        return Err("its address holds the secret of a form");
    }
    let url = format!("http://{host}{}", call.uri);
    Ok(Curl { method: &call.method, url, with_key: key(call).is_some(), body }.command())
}

fn key(call: &LoggedCall) -> Option<&'static str> {
    match call.actor.as_ref()? {
        Actor::Token(token) if token.side == Side::Vendor => Some("vendor"),
        Actor::Token(_) => Some("distributor"),
        Actor::Customer => None,
    }
}
