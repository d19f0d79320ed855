//! What the API was asked, and what it answered.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;

use super::curl::Curl;
use super::listing::{Choice, Listing, Pager};
use super::mark::Mark;
use super::page::{Page, show};
use super::secrets::Secrets;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use crate::activity::{Call, Kept};
use crate::auth::without_secret;
use crate::fault::Effect;
use crate::rest::PREFIX;
use crate::world::{Actor, Denied, Side};

const PATH: &str = "/activity";
/// Calls on a page.
const SHOWN: usize = 200;
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];
const FILTERS: [&str; 4] = ["method", "path", "changes", "errors"];

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    shell: Shell,
    methods: Vec<Choice>,
    path: String,
    only_changes: bool,
    only_errors: bool,
    is_narrowed: bool,
    /// Whether older calls are looked at, which stay as they are.
    is_past: bool,
    calls: Vec<CallRow>,
    pager: Pager,
}

/// A call as pages show it.
struct CallRow {
    seq: u64,
    at: When,
    who: String,
    method: Method,
    address: String,
    object: Option<Object>,
    mark: Mark,
    duration: String,
    fault: Option<String>,
    /// What the platform had answered before a fault replaced it.
    lost: Option<String>,
}

/// What a call was about.
struct Object {
    id: String,
    /// Its page, when it has one.
    href: Option<String>,
}

impl CallRow {
    fn new(call: &Call, shell: &Shell) -> Self {
        Self {
            seq: call.seq,
            at: When::new(call.at, shell.now),
            who: who(call),
            method: call.method.clone(),
            address: without_secret(&call.uri),
            object: object(call),
            mark: Mark::of_answer(call.status),
            duration: millis(call.duration),
            fault: call.fault.as_ref().map(struck),
            lost: call.lost.map(|status| status.as_u16().to_string()),
        }
    }

    /// The path as the API's reference names it.
    fn path(&self) -> &str {
        let path = self.address.split_once('?').map_or(self.address.as_str(), |(path, _)| path);
        path.strip_prefix(PREFIX).unwrap_or(path)
    }

    fn query(&self) -> Option<&str> {
        self.address.split_once('?').map(|(_, query)| query)
    }
}

fn who(call: &Call) -> String {
    match &call.actor {
        None => "Nobody known".to_owned(),
        Some(Actor::Customer) => "Customer".to_owned(),
        Some(Actor::Token(token)) => {
            let side = match token.side {
                Side::Vendor => "Vendor",
                Side::Distributor => "Distributor",
            };
            format!("{side} · {}", token.name)
        }
    }
}

/// The object in the path; for a call that made one, that.
fn object(call: &Call) -> Option<Object> {
    let id = call.object().map(str::to_owned).or_else(|| made(call))?;
    Some(Object { href: page_of(&id), id })
}

fn made(call: &Call) -> Option<String> {
    if call.status.is_none_or(|status| status != http::StatusCode::CREATED) {
        return None;
    }
    let body: Value = serde_json::from_slice(&call.response.bytes).ok()?;
    Some(body.get("id")?.as_str()?.to_owned())
}

fn page_of(id: &str) -> Option<String> {
    let (prefix, _) = id.split_once('-')?;
    let section = match prefix {
        "PR" => "requests",
        "AS" => "subscriptions",
        "PRD" if id.matches('-').count() == 3 => "products",
        _ => return None,
    };
    Some(format!("/{section}/{id}"))
}

fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

/// What a fault did, in words.
fn struck(effect: &Effect) -> String {
    match effect {
        Effect::Answer(canned) => format!("{} instead of a call", canned.status.as_u16()),
        Effect::AnswerAfter(canned) => format!("{} instead of the answer", canned.status.as_u16()),
        Effect::Drop => "hung up before the call".to_owned(),
        Effect::DropAfter => "hung up after the call".to_owned(),
        Effect::Delay { millis } => format!("{millis} ms late"),
    }
}

/// What a visitor wants to see of the log.
struct Filter<'a> {
    method: &'a str,
    path: String,
    only_changes: bool,
    only_errors: bool,
}

impl<'a> Filter<'a> {
    fn of(listing: &'a Listing) -> Self {
        Self {
            method: listing.text("method"),
            path: listing.text("path").to_lowercase(),
            only_changes: !listing.text("changes").is_empty(),
            only_errors: !listing.text("errors").is_empty(),
        }
    }

    fn lets_through(&self, call: &Call) -> bool {
        (self.method.is_empty() || call.method == *self.method)
            && (!self.only_changes || changes(&call.method))
            && (!self.only_errors || is_error(call))
            && (self.path.is_empty() || self.is_in_path(call))
    }

    fn is_in_path(&self, call: &Call) -> bool {
        without_secret(&call.uri).to_lowercase().contains(&self.path)
    }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_error(call: &Call) -> bool {
    call.status.is_none_or(|status| status.is_client_error() || status.is_server_error())
}

/// `GET /activity`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let listing = Listing::of(&visitor, PATH);
    let shell = visitor.shell(Section::Activity, "Activity").live(&["calls"]);
    let filter = Filter::of(&listing);
    let mut calls = visitor.ui.activity.since(0);
    calls.retain(|call| filter.lets_through(call));
    calls.reverse();
    let start = start(&listing, &calls);
    let shown = calls.iter().skip(start).take(SHOWN);
    Ok(show(&ActivityPage {
        methods: listing.choices("method", METHODS),
        path: listing.text("path").to_owned(),
        only_changes: filter.only_changes,
        only_errors: filter.only_errors,
        is_narrowed: listing.is_narrowed(&FILTERS),
        is_past: start > 0,
        calls: shown.map(|call| CallRow::new(call, &shell)).collect(),
        pager: pager(&listing, &calls, start),
        shell,
    }))
}

/// Where the page begins among the calls, newest first. A place in the log is a number, not an
/// offset: older pages stay what they are while calls come in.
fn start(listing: &Listing, calls: &[Arc<Call>]) -> usize {
    let before: Option<u64> = listing.text("before").parse().ok();
    before.map_or(0, |before| calls.partition_point(|call| call.seq >= before))
}

fn pager(listing: &Listing, calls: &[Arc<Call>], start: usize) -> Pager {
    let end = calls.len().min(start + SHOWN);
    let from = |place: usize| match place.checked_sub(1).and_then(|newer| calls.get(newer)) {
        Some(newer) => listing.with("before", &newer.seq.to_string()),
        None => listing.with("before", ""),
    };
    Pager {
        first: if end > start { start + 1 } else { start },
        last: end,
        total: calls.len(),
        previous: (start > 0).then(|| from(start.saturating_sub(SHOWN))),
        next: (end < calls.len()).then(|| from(end)),
    }
}

#[derive(Template)]
#[template(path = "call.html")]
struct CallPage {
    shell: Shell,
    call: CallRow,
    content_type: Option<String>,
    content_range: Option<String>,
    request: Body,
    response: Body,
    /// The call as a command; none when its body was not kept as a whole.
    curl: Option<String>,
    /// Whose key the command needs.
    key: Option<&'static str>,
}

/// A body as a page shows it.
struct Body {
    /// Nothing when it cannot be shown without a secret that may stand in it.
    text: Option<String>,
    truncated: bool,
}

impl Body {
    fn of(kept: &Kept, secrets: &Secrets) -> Self {
        let text = match serde_json::from_slice::<Value>(&kept.bytes) {
            Ok(mut body) => {
                secrets.hide(&mut body);
                Some(format!("{body:#}"))
            }
            Err(_) if kept.bytes.is_empty() || secrets.is_empty() => Some(kept.text().into_owned()),
            Err(_) => None,
        };
        Self { text, truncated: kept.truncated }
    }

    /// The whole body as it can be sent again.
    fn whole(&self) -> Option<&str> {
        self.text.as_deref().filter(|_| !self.truncated)
    }
}

/// `GET /activity/{seq}`.
pub(super) async fn call(visitor: Visitor, headers: HeaderMap, Path(seq): Path<u64>) -> Page {
    let kept = visitor.ui.activity.page(seq.saturating_sub(1), 1);
    let Some(call) = kept.first().filter(|call| call.seq == seq) else {
        let text =
            format!("Call {seq} is not in the log: it is not yet made, or already forgotten.");
        return Err(visitor.trouble(Denied { refusal: refusal(text), ..Denied::not_found() }));
    };
    let secrets = Secrets::of(&visitor).await?;
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

fn curl(call: &Call, host: &str, request: &Body) -> Option<String> {
    let body = request.whole()?;
    let url = format!("http://{host}{}", without_secret(&call.uri));
    Some(Curl { method: &call.method, url, with_key: key(call).is_some(), body }.command())
}

fn key(call: &Call) -> Option<&'static str> {
    match call.actor.as_ref()? {
        Actor::Token(token) if token.side == Side::Vendor => Some("vendor"),
        Actor::Token(_) => Some("distributor"),
        Actor::Customer => None,
    }
}
