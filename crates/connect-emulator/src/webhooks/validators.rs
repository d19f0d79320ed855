//! The validators of vendors: asked while somebody waits for the answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_world::{WebhookAnswer, WebhookCall};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::exchange::{Exchange, Limits, exchange};
use super::receivers::Receivers;
use crate::json_text::{DEEPEST, fits};

/// The limits of a question. As much is read as the emulator reads of a caller's body.
const LIMITS: Limits = Limits { time: Duration::from_secs(30), bytes: 1024 * 1024 };

/// The most questions that are asked at the same time; others wait for their turn, no longer than one
/// question may take.
const MOST: usize = 16;

/// The way to all validators.
pub(crate) struct Validators {
    receivers: Arc<dyn Receivers>,
    clock: Arc<dyn Clock>,
    places: Semaphore,
}

impl Validators {
    pub(crate) fn new(receivers: Arc<dyn Receivers>, clock: Arc<dyn Clock>) -> Self {
        Self { receivers, clock, places: Semaphore::new(MOST) }
    }

    /// Asks a validator. Returns how the call ended, and its answer; or why there is none, in words.
    pub(crate) async fn ask(&self, call: &WebhookCall) -> (WebhookAnswer, Result<Value, String>) {
        let clock = &*self.clock;
        let (began, start) = (clock.now(), clock.monotonic());
        let place = clock.limit_until(start + LIMITS.time, self.places.acquire()).await;
        let Ok(Ok(_place)) = place else {
            let why = format!(
                "{MOST} other validations took longer than {LIMIT} s.",
                LIMIT = LIMITS.time.as_secs()
            );
            let status = Err(why.clone());
            let body = String::new();
            return (WebhookAnswer { began, duration: clock.since(start), status, body }, Err(why));
        };
        // Who waited has all the time there is, as everybody else.
        let exchange = exchange(call, &*self.receivers, clock, LIMITS).await;
        let said = said(&exchange);
        (exchange.answer, said)
    }
}

impl fmt::Debug for Validators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validators").finish_non_exhaustive()
    }
}

/// Returns the JSON of an answer. Only one with the status 200 counts (a redirect leads nowhere).
fn said(Exchange { answer, body, cut }: &Exchange) -> Result<Value, String> {
    match &answer.status {
        Err(why) => return Err(why.clone()),
        Ok(200) => {}
        Ok(status) => return Err(format!("The answer has the status {status}.")),
    }
    if let Some(why) = cut {
        return Err(why.clone());
    }
    let value = serde_json::from_slice(body);
    let value = value.map_err(|_| "The answer is not one JSON object.".to_owned())?;
    match value {
        Value::Object(_) if fits(&value, DEEPEST) => Ok(value),
        Value::Object(_) => Err(format!("The answer nests deeper than {DEEPEST} levels.")),
        _ => Err("The answer is not one JSON object.".to_owned()),
    }
}
