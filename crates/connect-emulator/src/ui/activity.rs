//! The calls to the API, and its answers.

pub(super) mod call;

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use http::Method;
use serde_json::Value;

use super::kit::{Choice, ListQuery, Pager};
use super::mark::Mark;
use super::page::{Page, show};
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use crate::activity::LoggedCall;
use crate::auth::without_secret;
use crate::fault::FaultEffect;
use crate::rest::PREFIX;
use connect_world::{Actor, Side};

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
    /// Whether calls are wanted that the log no longer keeps.
    is_forgotten: bool,
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
    /// The answer the platform had given before a fault replaced it.
    lost: Option<String>,
}

/// The object a call was about.
struct Object {
    id: String,
    /// Its page, when it has one.
    href: Option<String>,
}

impl CallRow {
    fn new(call: &LoggedCall, shell: &Shell) -> Self {
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

    /// Returns the path as the API's reference names it.
    fn path(&self) -> &str {
        let path = self.address.split_once('?').map_or(self.address.as_str(), |(path, _)| path);
        path.strip_prefix(PREFIX).unwrap_or(path)
    }

    fn query(&self) -> Option<&str> {
        self.address.split_once('?').map(|(_, query)| query)
    }
}

fn who(call: &LoggedCall) -> String {
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

/// Returns the object in the path; for a call that made one, that.
fn object(call: &LoggedCall) -> Option<Object> {
    let id = call.object().map(str::to_owned).or_else(|| made(call))?;
    Some(Object { href: page_of(&id), id })
}

fn made(call: &LoggedCall) -> Option<String> {
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

/// Says in words what a fault did.
fn struck(effect: &FaultEffect) -> String {
    match effect {
        FaultEffect::Answer(canned) => format!("{} instead of a call", canned.status.as_u16()),
        FaultEffect::AnswerAfter(canned) => {
            format!("{} instead of the answer", canned.status.as_u16())
        }
        FaultEffect::Refuse(refuse) => format!("refused: {}", refuse.reason),
        FaultEffect::LoseCall => "hung up before the call".to_owned(),
        FaultEffect::LoseAnswer => "hung up after the call".to_owned(),
        FaultEffect::Delay { millis } => format!("{millis} ms late"),
    }
}

/// The part of the log that a visitor wants to see.
struct Filter<'a> {
    method: &'a str,
    path: String,
    only_changes: bool,
    only_errors: bool,
}

impl<'a> Filter<'a> {
    fn of(listing: &'a ListQuery) -> Self {
        Self {
            method: listing.text("method"),
            path: listing.text("path").to_lowercase(),
            only_changes: !listing.text("changes").is_empty(),
            only_errors: !listing.text("errors").is_empty(),
        }
    }

    fn lets_through(&self, call: &LoggedCall) -> bool {
        (self.method.is_empty() || call.method == *self.method)
            && (!self.only_changes || changes(&call.method))
            && (!self.only_errors || is_error(call))
            && (self.path.is_empty() || self.is_in_path(call))
    }

    fn is_in_path(&self, call: &LoggedCall) -> bool {
        without_secret(&call.uri).to_lowercase().contains(&self.path)
    }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_error(call: &LoggedCall) -> bool {
    call.status.is_none_or(|status| status.is_client_error() || status.is_server_error())
}

/// Answers `GET /activity`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let listing = ListQuery::of(&visitor, PATH);
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
        is_narrowed: listing.has_any(FILTERS),
        is_forgotten: start >= calls.len() && !listing.text("before").is_empty(),
        is_past: start > 0,
        calls: shown.map(|call| CallRow::new(call, &shell)).collect(),
        pager: pager(&listing, &calls, start),
        shell,
    }))
}

/// Returns where the page begins among the calls, newest first. A place in the log is a number, not
/// an offset: older pages stay what they are while calls come in.
fn start(listing: &ListQuery, calls: &[Arc<LoggedCall>]) -> usize {
    let before: Option<u64> = listing.text("before").parse().ok();
    before.map_or(0, |before| calls.partition_point(|call| call.seq >= before))
}

fn pager(listing: &ListQuery, calls: &[Arc<LoggedCall>], start: usize) -> Pager {
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
