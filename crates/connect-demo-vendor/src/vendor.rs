//! The vendor itself: one call in, one answer out, with everything on record.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::fault::{Canned, Fault, FaultEffect, Faults};
use axum::http::StatusCode;
use connect_clock::Clock;

use crate::answer::{Answer, Refusal};
use crate::fault;
use crate::keys::{Claimed, Fingerprint, Keys};
use crate::log::{CallResult, Effect, Log, LoggedCall};
use crate::operation::Command;
use crate::tenant::{Seed, TenantExists, Tenants, Trace};
use crate::time::Time;

/// The time that a call to somebody else may take.
const CALLBACK_LIMIT: Duration = Duration::from_secs(10);

/// A call as it arrived.
pub(crate) struct Incoming {
    pub(crate) command: Command,
    pub(crate) key: Option<Arc<str>>,
    pub(crate) fingerprint: Fingerprint,
}

/// An answer as it reaches the caller, or does not.
pub(crate) enum Delivery {
    Whole(Answer),
    Lost,
}

/// The vendor: who steers it and reads its logs, and what answers its calls.
///
/// [`start`](crate::start) lets one answer over the network; [`Vendor::service`] is one without a
/// socket.
pub struct Vendor {
    time: Time,
    faults: Faults,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    tenants: Tenants,
    keys: Keys,
    ignores_keys: bool,
    effects: Log<Effect>,
    calls: Log<LoggedCall>,
    /// The addresses that are to be called, and after which time.
    callbacks: Vec<(Duration, Arc<str>)>,
}

impl Vendor {
    /// Makes a vendor without tenants that nobody can reach yet. Delays of faults pass by the
    /// clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        let (faults, books) = (Faults::default(), Mutex::default());
        Arc::new(Self { time: Time::start(clock), faults, books })
    }

    /// Returns every effect so far, oldest first.
    pub fn log(&self) -> Vec<Effect> {
        self.log_after(0)
    }

    /// Returns the effects behind the one numbered `seq`, oldest first.
    pub fn log_after(&self, seq: u64) -> Vec<Effect> {
        self.books().effects.after(seq)
    }

    /// Returns every call so far, oldest first.
    pub fn calls(&self) -> Vec<LoggedCall> {
        self.calls_after(0)
    }

    /// Returns the calls behind the one numbered `seq`, oldest first.
    pub fn calls_after(&self, seq: u64) -> Vec<LoggedCall> {
        self.books().calls.after(seq)
    }

    /// Adds a fault behind those that are set.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Returns the faults that have strikes left, oldest first.
    pub fn faults(&self) -> Vec<Fault> {
        self.faults.list()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// Sets the scene: these tenants exist, and no effect says so.
    ///
    /// # Errors
    ///
    /// [`TenantExists`] when an id is taken; nothing is seeded then.
    pub fn seed(&self, seeds: Vec<Seed>) -> Result<(), TenantExists> {
        self.books().tenants.seed(seeds)
    }

    /// Has tenants that are created from now on take a while to be ready: until then they are
    /// `preparing`, and take no change. Who gave a `callbackUrl` is called once then.
    pub fn prepare_for(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.books().tenants.prepare_for(micros);
    }

    /// Has it take no notice of keys from now on, as vendors do that do not know them: each call counts.
    /// Its logs have the keys all the same.
    pub fn ignore_keys(&self, ignores: bool) {
        self.books().ignores_keys = ignores;
    }

    /// Keeps ids that an earlier life gave away from being given again: no new tenant gets one.
    pub fn reserve<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        self.books().tenants.reserve(ids);
    }

    /// Answers a call, with the fault it meets.
    pub(crate) async fn serve(self: Arc<Self>, call: Incoming) -> Delivery {
        let began_at = self.time.micros();
        Delivery::Whole(match fault::strike(&self.faults, &call.command) {
            None => self.answer(&call, began_at, None),
            Some(FaultEffect::Refuse(refuse)) => {
                self.answer(&call, began_at, Some(fault::refusal(refuse)))
            }
            Some(FaultEffect::Delay { millis }) => {
                self.answer_later(call, began_at, Duration::from_millis(millis)).await
            }
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

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, call: &Incoming, began_at: u64, refusal: Option<Refusal>) -> Answer {
        let mut books = self.books();
        let answer = match books.admit(&self.time, call) {
            Some(answer) => answer,
            None => books.settle(&self.time, call, began_at, refusal),
        };
        self.call_back(std::mem::take(&mut books.callbacks));
        answer
    }

    /// Calls these addresses once, each after a while. What becomes of a call is the caller's own
    /// affair: it can look.
    fn call_back(&self, callbacks: Vec<(Duration, Arc<str>)>) {
        for (after, url) in callbacks {
            let wait = self.time.sleep(after);
            tokio::spawn(async move {
                wait.await;
                // A client is made for each call: they are few.
                let client = reqwest::Client::builder()
                    .redirect(reqwest::redirect::Policy::none())
                    .timeout(CALLBACK_LIMIT);
                if let Ok(client) = client.build() {
                    let _ = client.post(&*url).send().await;
                }
            });
        }
    }

    /// Answers after a while. Work goes on after the caller hung up, as a vendor's does: hence a
    /// task of its own.
    async fn answer_later(self: Arc<Self>, call: Incoming, began_at: u64, by: Duration) -> Answer {
        if let Some(answer) = self.books().admit(&self.time, &call) {
            return answer;
        }
        let work = async move {
            self.time.sleep(by).await;
            let mut books = self.books();
            let answer = books.settle(&self.time, &call, began_at, None);
            self.call_back(std::mem::take(&mut books.callbacks));
            answer
        };
        match tokio::spawn(work).await {
            Ok(answer) => answer,
            Err(_) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn turn_away(&self, call: &Incoming, canned: &Canned) -> Answer {
        let outcome = match canned.status {
            StatusCode::TOO_MANY_REQUESTS => CallResult::Limited,
            _ => CallResult::Failed,
        };
        let answer = fault::canned(canned);
        self.books().note(&self.time, call, outcome, &answer);
        answer
    }
}

impl Books {
    /// Takes the call's key, or gives the answer that the key already decides.
    fn admit(&mut self, time: &Time, call: &Incoming) -> Option<Answer> {
        let (outcome, answer) = match self.keys.claim(self.effect_key(call)?, call.fingerprint) {
            Claimed::Fresh => return None,
            Claimed::Replay(answer) => (CallResult::Replayed, answer.replayed()),
            Claimed::Refused(refusal) => (CallResult::Refused, refusal.into()),
        };
        self.note(time, call, outcome, &answer);
        Some(answer)
    }

    /// Carries the operation out, or refuses it, and settles the call's key.
    fn settle(
        &mut self,
        time: &Time,
        call: &Incoming,
        began_at: u64,
        refusal: Option<Refusal>,
    ) -> Answer {
        self.tenants.pass(time.micros());
        let result = match refusal {
            Some(refusal) => Err(refusal),
            None => self.tenants.carry_out(&call.command),
        };
        let (outcome, answer) = match result {
            Ok(done) => {
                self.record(time, call, began_at, done.trace);
                self.promise_callback(&call.command);
                self.keep_key(call, &done.answer);
                (CallResult::Done, done.answer)
            }
            Err(refusal) => {
                self.release_key(call);
                (CallResult::Refused, refusal.into())
            }
        };
        self.note(time, call, outcome, &answer);
        answer
    }

    fn record(&mut self, time: &Time, call: &Incoming, began_at: u64, trace: Option<Trace>) {
        let Some(trace) = trace else { return };
        self.effects.append(|seq| Effect {
            seq,
            at: time.now(),
            tenant: trace.tenant,
            operation: call.command.operation(),
            key: call.key.clone(),
            changed: trace.changed,
            began_at,
            ended_at: time.micros(),
        });
    }

    fn promise_callback(&mut self, command: &Command) {
        let Command::Create { callback: Some(url), .. } = command else { return };
        if let Some(micros) = self.tenants.preparation() {
            self.callbacks.push((Duration::from_micros(micros), Arc::clone(url)));
        }
    }

    fn note(&mut self, time: &Time, call: &Incoming, outcome: CallResult, answer: &Answer) {
        self.calls.append(|seq| LoggedCall {
            seq,
            at: time.now(),
            operation: call.command.operation(),
            subject: call.command.subject().cloned(),
            key: call.key.clone(),
            outcome,
            status: answer.status.as_u16(),
        });
    }

    fn keep_key(&mut self, call: &Incoming, answer: &Answer) {
        if let Some(key) = self.effect_key(call) {
            self.keys.keep(key, answer);
        }
    }

    fn release_key(&mut self, call: &Incoming) {
        if let Some(key) = self.effect_key(call) {
            self.keys.release(key);
        }
    }

    /// Returns a call's key, where it matters: a look is repeated freely.
    fn effect_key<'a>(&self, call: &'a Incoming) -> Option<&'a Arc<str>> {
        call.key.as_ref().filter(|_| call.command.has_effect() && !self.ignores_keys)
    }
}
