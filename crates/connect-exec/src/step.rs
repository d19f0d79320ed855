//! A step that a worker takes: the conversation about it, from `step.begin` to its end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use connect_processor::{Exchange, ExchangeLog, Failure, Step, StepKey};
use connect_vendor::redacted;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex as TurnMutex, mpsc};

use crate::protocol::{
    self, Begin, Class, Completed, Failed, Found, NextCall, Refused, StepCall, code,
};
use crate::worker::Reply;

/// What a worker says of a step that it has begun, what it said to the vendor, and the way to answer.
pub(crate) struct StepMessage {
    pub(crate) call: StepCall,
    pub(crate) calls: Vec<Exchange>,
    pub(crate) reply: Reply,
}

/// What the worker is to do about a step.
#[derive(Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum StepState<'a> {
    Act { key: &'a str },
    Look { key: &'a str },
    Done { value: &'a Value },
    Refused { reason: &'a str },
}

/// The conversation about one step.
struct Conversation {
    /// The way to answer what was said last; none while the worker acts.
    reply: Mutex<Option<Reply>>,
    said: TurnMutex<mpsc::Receiver<StepMessage>>,
    /// The worker has said that nothing is known of the effect.
    has_failed: AtomicBool,
}

/// What the end of a worker's call says of the attempt.
pub(crate) enum Verdict {
    /// It must not go on.
    Stop(Failure),
    /// It can have no outcome: nobody knows what became of a step.
    NoOutcome(Failure),
}

/// Takes a step for a worker.
pub(crate) async fn take(
    step: Step<'_>,
    begin: Begin,
    reply: Reply,
    said: mpsc::Receiver<StepMessage>,
) -> Option<Verdict> {
    let talk = Conversation {
        reply: Mutex::new(Some(reply)),
        said: TurnMutex::new(said),
        has_failed: AtomicBool::new(false),
    };
    let step = begin.time_limit.into_iter().fold(step, |step, limit| step.time_limit(limit));
    let taken: Result<Value, Failure> = match begin.class {
        Class::Keyed => step.run(|key| talk.act(key)).await,
        Class::Probed => step.recover(|key| talk.look(key)).run(|key| talk.act(key)).await,
        Class::Once => {
            let about = begin.call.into_iter().map(told);
            let once = about.fold(step.once(), |once, about| once.about(about));
            once.run(|key| talk.act(key)).await
        }
    };
    talk.end(taken).await
}

/// Names a call to a person, on one line and without what may be secret in it.
fn told(NextCall { method, address }: NextCall) -> String {
    let call = redacted(Exchange { method, address, ..Exchange::default() });
    plain::text(&format!("{} {}", call.method, call.address)).into_owned()
}

impl Conversation {
    /// Has the worker look whether it has happened.
    async fn look(&self, key: StepKey) -> Result<Option<Value>, Failure> {
        match self.ask(&StepState::Look { key: key.as_str() }).await? {
            StepCall::Found(Found { found, value }) => Ok(found.then_some(value)),
            StepCall::Failed(failed) => Err(self.failed(failed)),
            StepCall::Complete(_) | StepCall::Refused(_) => Err(Failure::retry(
                "the worker was to look whether the step has happened, and did not",
            )),
        }
    }

    /// Has the worker act.
    async fn act(&self, key: StepKey) -> Result<Value, Failure> {
        match self.ask(&StepState::Act { key: key.as_str() }).await? {
            StepCall::Complete(Completed { value }) => Ok(value),
            StepCall::Refused(Refused { reason }) => Err(Failure::give_up(reason)),
            StepCall::Failed(failed) => Err(self.failed(failed)),
            StepCall::Found(_) => {
                Err(Failure::retry("the worker was to take the step, and said what it found"))
            }
        }
    }

    fn failed(&self, Failed { message, after, outage }: Failed) -> Failure {
        self.has_failed.store(true, Ordering::Relaxed);
        protocol::failed(message, after, outage)
    }

    /// Answers what was said last, and waits for what is said next.
    async fn ask(&self, state: &StepState<'_>) -> Result<StepCall, Failure> {
        if let Some(reply) = self.take_reply() {
            reply.done(state).await;
        }
        let next = self.said.lock().await.recv().await;
        let StepMessage { call, calls, reply } =
            next.ok_or_else(|| Failure::retry("the worker said no more of the step"))?;
        *self.reply.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply);
        // Who asks is within the step.
        if let Some(log) = ExchangeLog::current() {
            calls.into_iter().map(redacted).for_each(|exchange| log.note(exchange));
        }
        Ok(call)
    }

    /// Tells the worker how it ended.
    async fn end(self, taken: Result<Value, Failure>) -> Option<Verdict> {
        let Self { reply, has_failed, .. } = self;
        let reply = reply.into_inner().unwrap_or_else(PoisonError::into_inner);
        let failure = match (taken, reply) {
            (Ok(value), Some(reply)) => {
                reply.done(&StepState::Done { value: &value }).await;
                return None;
            }
            (Err(Failure::GiveUp { reason }), Some(reply)) => {
                reply.done(&StepState::Refused { reason: &reason }).await;
                return None;
            }
            // The handler knows, and says itself when to try again.
            (Err(failure @ Failure::Retry { .. }), Some(reply)) if has_failed.into_inner() => {
                reply.done(&json!({})).await;
                return Some(Verdict::NoOutcome(failure));
            }
            (Err(failure), Some(reply)) => {
                reply.refuse(code::OVER, failure.to_string()).await;
                failure
            }
            // Nothing was said that could be answered: its time was over.
            (Err(failure), None) => failure,
            (Ok(_), None) => return None,
        };
        Some(Verdict::Stop(failure))
    }

    fn take_reply(&self) -> Option<Reply> {
        self.reply.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_named_without_the_secrets_of_its_query() {
        let call = |method: &str, address: &str| {
            told(NextCall { method: method.to_owned(), address: address.to_owned() })
        };
        let named = call("PUT", "https://api.example/tenant/t-7/enable?api_key=x&dry=1");
        assert_eq!(named, "PUT https://api.example/tenant/t-7/enable?api_key=…&dry=…");
        assert_eq!(call("PUT\nmore", "no address"), "PUT more …");
    }
}
