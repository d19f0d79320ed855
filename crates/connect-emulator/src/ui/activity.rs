//! The calls to the API, and its answers.

pub(super) mod call;

use std::ops::Range;
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
const NEWS: &str = "/activity/news";
/// Rows on a page.
const SHOWN: usize = 200;
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];
const FILTERS: [&str; 3] = ["method", "path", "errors"];
/// The value of the field `show` for all calls, not only those that could change something.
const ALL: &str = "all";

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    shell: Shell,
    methods: Vec<Choice>,
    path: String,
    shows_all: bool,
    only_errors: bool,
    is_narrowed: bool,
    /// The number of calls that changed nothing, when they are what is not shown.
    reads: usize,
    /// The address of the calls after a number, which is left to be added; empty when older calls
    /// are looked at.
    follow: String,
    /// The topic of the calls that are shown.
    topic: &'static str,
    /// Whether calls are wanted that the log no longer keeps.
    is_forgotten: bool,
    /// Whether older calls are looked at, which stay as they are.
    is_past: bool,
    calls: Vec<CallGroup>,
    pager: Pager,
}

/// The rows of calls that came in while a page was open.
#[derive(Template)]
#[template(path = "fragments/calls.html")]
struct CallRows {
    calls: Vec<CallGroup>,
}

/// Calls that came after each other and are alike: any number that changed nothing, or one.
struct CallGroup {
    /// The latest of them.
    latest: CallRow,
    /// The number of the first, by which a page knows the group again.
    first: u64,
    count: usize,
}

/// A call as pages show it.
struct CallRow {
    seq: u64,
    at: When,
    who: String,
    /// The program that called, as it names itself.
    program: String,
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
            program: call.user_agent.split(' ').next().unwrap_or_default().to_owned(),
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
        "TC" => "tier-configs",
        "TCR" => "tier-requests",
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
            only_changes: listing.text("show") != ALL && !is_read(listing.text("method")),
            only_errors: !listing.text("errors").is_empty(),
        }
    }

    fn lets_through(&self, call: &LoggedCall) -> bool {
        (self.method.is_empty() || call.method == *self.method)
            && (!self.only_changes || call.is_change())
            && (!self.only_errors || is_error(call))
            && (self.path.is_empty() || self.is_in_path(call))
    }

    fn is_in_path(&self, call: &LoggedCall) -> bool {
        without_secret(&call.uri).to_lowercase().contains(&self.path)
    }
}

/// Whether who asks for this method wants to see what changes nothing.
fn is_read(method: &str) -> bool {
    method == Method::GET.as_str()
}

fn is_error(call: &LoggedCall) -> bool {
    call.status.is_none_or(|status| status.is_client_error() || status.is_server_error())
}

/// Answers `GET /activity`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let listing = ListQuery::of(&visitor, PATH);
    let shell = visitor.shell(Section::Activity, "Activity");
    let filter = Filter::of(&listing);
    let mut calls = visitor.ui.activity.since(0);
    let kept = calls.len();
    calls.retain(|call| filter.lets_through(call));
    calls.reverse();
    let start = start(&listing, &calls);
    let (shown, end) = groups(&calls, start, &shell);
    Ok(show(&ActivityPage {
        methods: listing.choices("method", METHODS),
        path: listing.text("path").to_owned(),
        shows_all: !filter.only_changes,
        only_errors: filter.only_errors,
        is_narrowed: listing.has_any(FILTERS),
        reads: if filter.only_changes { kept - calls.len() } else { 0 },
        follow: if start == 0 { follow(&listing) } else { String::new() },
        topic: if filter.only_changes { "changing_calls" } else { "calls" },
        is_forgotten: start >= calls.len() && !listing.text("before").is_empty(),
        is_past: start > 0,
        calls: shown,
        pager: pager(&listing, &calls, start..end),
        shell,
    }))
}

/// Answers `GET /activity/news?after=SEQ` with the rows of the calls after a number.
pub(super) async fn news(visitor: Visitor) -> Page {
    let listing = ListQuery::of(&visitor, NEWS);
    let filter = Filter::of(&listing);
    let after = listing.text("after").parse().unwrap_or(u64::MAX);
    let mut calls = visitor.ui.activity.since(after);
    calls.retain(|call| filter.lets_through(call));
    calls.reverse();
    let shell = visitor.shell(Section::Activity, "Activity");
    let (calls, _) = groups(&calls, 0, &shell);
    Ok(show(&CallRows { calls }))
}

/// Returns where the calls after a number are found, with the filters of the page; the number is to
/// be added.
fn follow(listing: &ListQuery) -> String {
    let address = listing.with("after", "");
    address.replacen(PATH, NEWS, 1)
}

/// Returns a page of groups, and where it ends among the calls.
fn groups(calls: &[Arc<LoggedCall>], start: usize, shell: &Shell) -> (Vec<CallGroup>, usize) {
    let mut groups: Vec<CallGroup> = Vec::new();
    let mut end = start;
    for call in calls.iter().skip(start) {
        let is_same = end > start && is_alike(&calls[end - 1], call);
        if !is_same && groups.len() == SHOWN {
            break;
        }
        match groups.last_mut() {
            Some(group) if is_same => {
                group.first = call.seq;
                group.count += 1;
            }
            _ => {
                let latest = CallRow::new(call, shell);
                groups.push(CallGroup { latest, first: call.seq, count: 1 });
            }
        }
        end += 1;
    }
    (groups, end)
}

/// Whether two calls ask the same, of the same, with the same end, and change nothing.
fn is_alike(one: &LoggedCall, other: &LoggedCall) -> bool {
    let key = |call: &LoggedCall| {
        (call.method.clone(), call.uri.clone(), call.status, call.user_agent.clone())
    };
    let is_plain = |call: &LoggedCall| !call.is_change() && call.fault.is_none();
    is_plain(one) && is_plain(other) && one.actor == other.actor && key(one) == key(other)
}

/// Returns where the page begins among the calls, newest first. A place in the log is a number, not
/// an offset: older pages stay what they are while calls come in.
fn start(listing: &ListQuery, calls: &[Arc<LoggedCall>]) -> usize {
    let before: Option<u64> = listing.text("before").parse().ok();
    before.map_or(0, |before| calls.partition_point(|call| call.seq >= before))
}

fn pager(listing: &ListQuery, calls: &[Arc<LoggedCall>], shown: Range<usize>) -> Pager {
    let Range { start, end } = shown;
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
