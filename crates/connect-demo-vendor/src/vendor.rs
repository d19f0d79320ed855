//! The vendor itself: one call in, one answer out, with everything on record.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::fault::{Canned, Effect as FaultEffect, Fault, Faults};
use axum::http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::clock::Clock;
use crate::fault;
use crate::keys::{Claimed, Fingerprint, Keys};
use crate::log::{Call, Effect, Log, Outcome};
use crate::operation::Command;
use crate::tenant::{Seed, TenantExists, Tenants, Trace};

/// A call as it arrived.
pub(crate) struct Incoming {
    pub(crate) command: Command,
    pub(crate) key: Option<Arc<str>>,
    pub(crate) fingerprint: Fingerprint,
}

/// How an answer reaches the caller.
pub(crate) enum Delivery {
    Whole(Answer),
    Lost,
}

pub(crate) struct Vendor {
    clock: Clock,
    faults: Faults,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    tenants: Tenants,
    keys: Keys,
    effects: Log<Effect>,
    calls: Log<Call>,
}

impl Vendor {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { clock: Clock::start(), faults: Faults::default(), books: Mutex::default() })
    }

    /// Answers a call, with the fault it meets.
    pub(crate) async fn serve(self: Arc<Self>, call: Incoming) -> Delivery {
        let began_at = self.clock.micros();
        Delivery::Whole(match fault::strike(&self.faults, &call.command) {
            None => self.answer(&call, began_at, None),
            Some(FaultEffect::Refuse(refuse)) => {
                self.answer(&call, began_at, Some(fault::refusal(refuse)))
            }
            Some(FaultEffect::Delay { millis }) => self.answer_later(call, began_at, millis).await,
            Some(FaultEffect::Answer(canned)) => self.turn_away(&call, &canned),
            Some(FaultEffect::AnswerAfter(canned)) => {
                self.answer(&call, began_at, None);
                fault::canned(&canned)
            }
            Some(FaultEffect::LoseCall) => return Delivery::Lost,
            Some(FaultEffect::LoseAnswer) => {
                self.answer(&call, began_at, None);
                return Delivery::Lost;
            }
        })
    }

    pub(crate) fn seed(&self, seeds: Vec<Seed>) -> Result<(), TenantExists> {
        self.books().tenants.seed(seeds)
    }

    pub(crate) fn reserve<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        self.books().tenants.reserve(ids);
    }

    pub(crate) fn add_fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    pub(crate) fn clear_faults(&self) {
        self.faults.clear();
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        self.faults.list()
    }

    pub(crate) fn effects_after(&self, seq: u64) -> Vec<Effect> {
        self.books().effects.after(seq)
    }

    pub(crate) fn calls_after(&self, seq: u64) -> Vec<Call> {
        self.books().calls.after(seq)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, call: &Incoming, began_at: u64, refusal: Option<Refusal>) -> Answer {
        let mut books = self.books();
        match books.admit(&self.clock, call) {
            Some(answer) => answer,
            None => books.settle(&self.clock, call, began_at, refusal),
        }
    }

    /// Works on after the caller hung up, as a vendor does: hence a task of its own.
    async fn answer_later(self: Arc<Self>, call: Incoming, began_at: u64, millis: u64) -> Answer {
        if let Some(answer) = self.books().admit(&self.clock, &call) {
            return answer;
        }
        let work = async move {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            self.books().settle(&self.clock, &call, began_at, None)
        };
        match tokio::spawn(work).await {
            Ok(answer) => answer,
            Err(_) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn turn_away(&self, call: &Incoming, canned: &Canned) -> Answer {
        let outcome = match canned.status {
            StatusCode::TOO_MANY_REQUESTS => Outcome::Limited,
            _ => Outcome::Failed,
        };
        let answer = fault::canned(canned);
        self.books().note(&self.clock, call, outcome, &answer);
        answer
    }
}

impl Books {
    /// Takes the call's key, or gives the answer that the key already decides.
    fn admit(&mut self, clock: &Clock, call: &Incoming) -> Option<Answer> {
        let (outcome, answer) = match self.keys.claim(call.effect_key()?, call.fingerprint) {
            Claimed::Fresh => return None,
            Claimed::Replay(answer) => (Outcome::Replayed, answer.replayed()),
            Claimed::Refused(refusal) => (Outcome::Refused, refusal.into()),
        };
        self.note(clock, call, outcome, &answer);
        Some(answer)
    }

    /// Carries the operation out, or refuses it, and settles the call's key.
    fn settle(
        &mut self,
        clock: &Clock,
        call: &Incoming,
        began_at: u64,
        refusal: Option<Refusal>,
    ) -> Answer {
        let result = match refusal {
            Some(refusal) => Err(refusal),
            None => self.tenants.carry_out(&call.command),
        };
        let (outcome, answer) = match result {
            Ok(done) => {
                self.record(clock, call, began_at, done.trace);
                self.keep_key(call, &done.answer);
                (Outcome::Done, done.answer)
            }
            Err(refusal) => {
                self.release_key(call);
                (Outcome::Refused, refusal.into())
            }
        };
        self.note(clock, call, outcome, &answer);
        answer
    }

    fn record(&mut self, clock: &Clock, call: &Incoming, began_at: u64, trace: Option<Trace>) {
        let Some(trace) = trace else { return };
        self.effects.append(|seq| Effect {
            seq,
            at: clock.now(),
            tenant: trace.tenant,
            operation: call.command.operation(),
            key: call.key.clone(),
            changed: trace.changed,
            began_at,
            ended_at: clock.micros(),
        });
    }

    fn note(&mut self, clock: &Clock, call: &Incoming, outcome: Outcome, answer: &Answer) {
        self.calls.append(|seq| Call {
            seq,
            at: clock.now(),
            operation: call.command.operation(),
            subject: call.command.subject().cloned(),
            key: call.key.clone(),
            outcome,
            status: answer.status.as_u16(),
        });
    }

    fn keep_key(&mut self, call: &Incoming, answer: &Answer) {
        if let Some(key) = call.effect_key() {
            self.keys.keep(key, answer);
        }
    }

    fn release_key(&mut self, call: &Incoming) {
        if let Some(key) = call.effect_key() {
            self.keys.release(key);
        }
    }
}

impl Incoming {
    /// The key, where it matters: a look is repeated freely.
    fn effect_key(&self) -> Option<&Arc<str>> {
        self.key.as_ref().filter(|_| self.command.has_effect())
    }
}
