//! The calls of webhooks: which are due, what they say, and what became of them.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::time::Duration;

use connect_model::{DateTime, WebhookId};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::state::State;
use crate::stored::Stored;
use crate::table::Place;
use crate::webhook::record::{Delivery, Due, WebhookRecord};
use crate::webhook::schedule::farthest;
use crate::webhook::view::api_url;

/// The time that a receiver is told it has until the queue is looked at again, in seconds.
const PROCESSING_TIMEOUT: u32 = 600;
/// The time for which the token of a call is valid, in seconds.
const TOKEN_LIFE: i64 = 60;
/// The most bytes that are kept of the answer of a validator.
const KEPT: usize = 4096;

/// A call of a webhook that is due. It has no `Debug`, because it holds a key.
pub struct WebhookCall {
    /// The webhook.
    pub webhook: WebhookId,
    /// The address.
    pub url: String,
    /// The headers that its owner added, by name.
    pub headers: Vec<(String, String)>,
    /// The key that signs the token.
    pub secret: Box<str>,
    /// The claims of the token.
    pub claims: Value,
    /// The body.
    pub body: Value,
    attempt: u32,
    answered: u64,
}

impl WebhookCall {
    /// The word for webhooks in events, which tell that calls may be due.
    pub const KIND: &'static str = WebhookRecord::KIND;
}

/// The calls that are due, and when others will be.
pub struct DueCalls {
    /// Some of the calls that are due, those that wait longest first.
    pub calls: Vec<WebhookCall>,
    /// The time until the next call is due that is not among them; none when there is none.
    pub wait: Option<Duration>,
}

/// The end of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// The moment it began.
    pub began: Timestamp,
    /// The time it took.
    pub duration: Duration,
    /// The status of the answer; the reason when there was none.
    pub status: Result<u16, String>,
    /// The beginning of the answer's body.
    pub body: String,
}

/// Returns at most so many calls that are due at a moment, leaving out webhooks that are called
/// already.
pub(crate) fn due_calls(
    state: &State,
    now: Timestamp,
    is_called: impl Fn(&WebhookId) -> bool,
    most: usize,
) -> DueCalls {
    let idle = |place: Place| {
        let webhook = state.webhooks.at(place).filter(|webhook| !is_called(&webhook.id))?;
        Some((webhook.calls.due?, webhook))
    };
    let mut waiting = by_wait(&state.webhook_calls, now).filter_map(idle).peekable();
    let mut calls = Vec::new();
    while calls.len() < most
        && let Some((due, webhook)) = waiting.next_if(|(due, _)| due.wait(now).is_zero())
    {
        calls.push(call(state, webhook, due, now));
    }
    let wait = waiting.peek().map(|(due, _)| due.wait(now));
    DueCalls { calls, wait }
}

/// Returns the places of the webhooks whose calls are due, in the order of their waits. A moment too
/// far ahead to be waited for is one that has come (see [`Due::wait`]).
fn by_wait(calls: &BTreeSet<(Timestamp, Place)>, now: Timestamp) -> impl Iterator<Item = Place> {
    let at_end_of = |at: Timestamp| (at, Place::MAX);
    let (now, farthest) = (at_end_of(now), at_end_of(farthest(now)));
    let come = calls.range(..=now).chain(calls.range((Excluded(farthest), Unbounded)));
    let to_come = calls.range((Excluded(now), Included(farthest)));
    come.chain(to_come).map(|(_, place)| *place)
}

fn call(state: &State, webhook: &WebhookRecord, due: Due, now: Timestamp) -> WebhookCall {
    let WebhookRecord { id, owner, settings, calls, .. } = webhook;
    let last = |delivery: &Option<Delivery>| delivery.as_ref().map(|it| DateTime::from(it.began));
    let body = json!({
        "webhook_id": id,
        "webhook_name": settings.label,
        "object_class": settings.object_class,
        "account_id": owner,
        "product_id": settings.product,
        "api_url": api_url(state),
        "triggered_at": DateTime::from(now),
        "last_success_at": last(&calls.last_success),
        "last_failure_at": last(&calls.last_failure),
        "processing_timeout": PROCESSING_TIMEOUT,
        "data": settings.data,
    });
    WebhookCall { attempt: due.attempt, answered: calls.asked, ..signed(webhook, body, now) }
}

/// Returns the call of a validator, with the request that it is asked about.
pub(crate) fn validator(webhook: &WebhookRecord, request: Value, now: Timestamp) -> WebhookCall {
    signed(webhook, request, now)
}

/// Returns a call with a body, and a token for it.
fn signed(webhook: &WebhookRecord, body: Value, now: Timestamp) -> WebhookCall {
    let WebhookRecord { id, owner, settings, .. } = webhook;
    let claims = json!({
        "webhook_id": id,
        "account_id": owner,
        "product_id": settings.product,
        "object_class": settings.object_class,
        "iat": now.as_second(),
        "exp": now.as_second() + TOKEN_LIFE,
    });
    let headers = settings.headers.iter();
    let headers = headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.into())));
    WebhookCall {
        webhook: id.clone(),
        url: settings.external_url.to_string(),
        headers: headers.collect(),
        secret: settings.jwt_secret.clone(),
        claims,
        body,
        attempt: 1,
        answered: 0,
    }
}

/// Notes how a call ended. A webhook that is gone since has no more calls.
pub(crate) fn note_answer(state: &mut State, call: &WebhookCall, answer: WebhookAnswer) {
    let now = state.moment;
    state.change::<WebhookRecord>(&call.webhook, |webhook| {
        let is_heard = webhook.settings.hears_events();
        let error = match &answer.status {
            Ok(status) if (200..300).contains(status) => None,
            Ok(status) => Some(format!("The answer has the status {status}.")),
            Err(why) => Some(why.clone()),
        };
        let delivery = delivery(webhook, call, answer, error);
        webhook.calls.note_delivery(delivery, call.answered, now);
        if !is_heard {
            webhook.calls.cease();
        }
    });
}

/// Notes how the call of a validator ended, and why it failed, if it did. Of an answer that counts,
/// nothing is kept: the request shows it. Of others, the beginning is, without the request's secrets.
pub(crate) fn note_question(
    state: &mut State,
    call: &WebhookCall,
    mut answer: WebhookAnswer,
    failure: Option<&str>,
    secrets: &[String],
) {
    answer.body = match failure {
        None => String::new(),
        Some(_) => secrets.iter().fold(answer.body, |text, secret| text.replace(secret, "***")),
    };
    answer.body.truncate(answer.body.floor_char_boundary(KEPT));
    state.change::<WebhookRecord>(&call.webhook, |webhook| {
        let delivery = delivery(webhook, call, answer, failure.map(str::to_owned));
        webhook.calls.log(delivery);
    });
}

fn delivery(
    webhook: &WebhookRecord,
    call: &WebhookCall,
    answer: WebhookAnswer,
    error: Option<String>,
) -> Delivery {
    Delivery {
        number: webhook.calls.stats.triggers + 1,
        began: answer.began,
        duration: u64::try_from(answer.duration.as_millis()).unwrap_or(u64::MAX),
        attempt: call.attempt,
        status_code: answer.status.ok(),
        error: error.map(Into::into),
        response: answer.body.into(),
    }
}
