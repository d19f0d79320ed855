//! A request is handled by a worker: what it asks meanwhile, and what it answers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use connect_clock::Clock;
use connect_model::{Request, RequestType};
use connect_processor::{Context, Failure, Migration, Outage, Outcome, Step, StepKey};
use futures::StreamExt;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::FuturesUnordered;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::ask;
use crate::attempt::Attempt;
use crate::message::{Answer, CallError};
use crate::protocol::{
    Begin, Handle, HandlerKind, MigrationData, OfStep, StepCall, Undo, WrittenOutcome, code,
    failure,
};
use crate::step::{self, StepMessage, Verdict};
use crate::work::{Asking, Work};
use crate::worker::{Asked, Reply};
use crate::workers::{Purpose, Workers};

/// The most calls of a worker's about one attempt that are seen to at the same time.
const MOST_CALLS: usize = 1000;

/// The most of its calls that have no answer yet, with those that are refused: a worker that asks on and on and
/// reads no answer is read no further.
const MOST_OPEN: usize = 2 * MOST_CALLS;

/// Has a worker decide about a request.
pub(crate) async fn handle<R: Request>(
    cx: Context<R, Workers>,
    kind: HandlerKind,
    migration: Option<Migration>,
) -> Result<Outcome, Failure> {
    let request = cx.request();
    // That no worker can be had says nothing about the request.
    let (place, run) =
        cx.state().place(Purpose::Request, request.id()).await.map_err(Outage::new)?;
    let attempt = Arc::new(Attempt::new(place, run));
    let params = Handle {
        run: &attempt.run,
        collection: R::COLLECTION,
        request_type: request.kind().as_str(),
        kind,
        failures: cx.failures(),
        visit: cx.visit().await?,
        request,
        migration: migration
            .as_ref()
            .map(|it| MigrationData { parameter: it.parameter(), text: it.text() }),
    };
    converse(&cx, (&attempt, cx.state().clock()), &params, outcome).await
}

/// Has a worker handle something, and sees to what it asks meanwhile. Returns what it answers, if there
/// may be an answer.
pub(crate) async fn converse<W: Work, T>(
    work: &W,
    (attempt, clock): (&Arc<Attempt>, &Arc<dyn Clock>),
    params: &impl Serialize,
    read: fn(Answer) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (mut asked, mut handling) =
        attempt.begin(clock, "handle", params).await.map_err(Outage::new)?;
    let (steps, open) = (HashMap::new(), FuturesUnordered::new());
    let mut calls = Calls { work, attempt, steps, open, no_outcome: None };
    loop {
        tokio::select! {
            biased;
            Some(asked) = asked.recv(), if calls.open.len() < MOST_OPEN => calls.begin(asked),
            Some(stopped) = calls.open.next() => {
                match stopped {
                    Some(Verdict::Stop(failure)) => return Err(failure),
                    Some(Verdict::NoOutcome(failure)) => calls.no_outcome = Some(failure),
                    None => {}
                }
            }
            answer = handling.answer() => return calls.ended(read(answer?)),
        }
    }
}

fn outcome(answer: Answer) -> Result<Outcome, Failure> {
    let written = answer.map_err(failure)?;
    let outcome: WrittenOutcome = serde_json::from_str(written.get())
        .map_err(|error| Failure::retry(format!("the worker's outcome cannot be read: {error}")))?;
    Ok(outcome.into())
}

impl<R: Request> Work for Context<R, Workers> {
    fn step(&self, name: &str) -> Step<'_> {
        self.step(name)
    }

    fn ask<'a>(&'a self, method: &str, params: &str) -> Result<Asking<'a>, CallError> {
        ask::ask(self, method, params)
    }

    /// Has the worker undo a step when the request is rejected.
    fn keep_undo(&self, step: &str, attempt: &Arc<Attempt>) {
        let (attempt, name) = (Arc::clone(attempt), step.to_owned());
        self.undo(step, move |_, key: StepKey, value: Value| async move {
            let (run, step) = (attempt.run.as_str(), name.as_str());
            let undone =
                attempt.call("undo", &Undo { run, step, key: key.as_str(), value: &value }).await;
            undone.map_err(Outage::new)?.map(drop).map_err(failure)
        });
    }
}

/// The calls of a worker's about one attempt.
struct Calls<'a, W: Work> {
    work: &'a W,
    attempt: &'a Arc<Attempt>,
    /// What is said of the steps that are begun.
    steps: HashMap<String, mpsc::Sender<StepMessage>>,
    /// What is seen to.
    open: FuturesUnordered<BoxFuture<'a, Option<Verdict>>>,
    /// Why there can be no outcome, if there cannot.
    no_outcome: Option<Failure>,
}

impl<'a, W: Work> Calls<'a, W> {
    /// Returns the outcome, unless there can be none.
    fn ended<T>(self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        let outcome = outcome?;
        match (self.open.len(), self.no_outcome) {
            (0, None) => Ok(outcome),
            (_, Some(failure)) => Err(failure),
            (open, None) => Err(Failure::retry(format!(
                "the worker gave an outcome while {open} of its calls or steps were open"
            ))),
        }
    }

    fn begin(&mut self, asked: Asked) {
        let Asked { method, params, reply } = asked;
        let params = params.get();
        let seen_to = match method.as_str() {
            _ if self.open.len() >= MOST_CALLS => refused(
                reply,
                code::BAD_PARAMS,
                format!("more than {MOST_CALLS} calls at the same time"),
            ),
            "step.begin" => self.begin_step(params, reply),
            "step.found" => self.say(params, reply, StepCall::Found),
            "step.complete" => self.say(params, reply, StepCall::Complete),
            "step.refused" => self.say(params, reply, StepCall::Refused),
            "step.failed" => self.say(params, reply, StepCall::Failed),
            method => match self.work.ask(method, params) {
                Ok(answer) => async move { ask::answered(reply, answer.await).await }.boxed(),
                Err(wrong) => refused(reply, wrong.code, wrong.message),
            },
        };
        self.open.push(seen_to);
    }

    fn begin_step(&mut self, params: &str, reply: Reply) -> BoxFuture<'a, Option<Verdict>> {
        let begin: Begin = match serde_json::from_str(params) {
            Ok(begin) => begin,
            Err(wrong) => return refused(reply, code::BAD_PARAMS, wrong.to_string()),
        };
        let (say, said) = mpsc::channel(1);
        // One that is begun again is refused as taken twice. Until then the first one can be spoken of.
        if let Entry::Vacant(first) = self.steps.entry(begin.step.clone()) {
            first.insert(say);
            if begin.undo {
                self.work.keep_undo(&begin.step, self.attempt);
            }
        }
        step::take(self.work.step(&begin.step), begin, reply, said).boxed()
    }

    /// Passes on what a worker says of a step.
    fn say<T: DeserializeOwned>(
        &mut self,
        params: &str,
        reply: Reply,
        of: fn(T) -> StepCall,
    ) -> BoxFuture<'a, Option<Verdict>> {
        let read = || {
            Ok::<_, serde_json::Error>((
                serde_json::from_str::<OfStep>(params)?,
                serde_json::from_str(params)?,
            ))
        };
        let (OfStep { step, calls }, call) = match read() {
            Ok((of_step, call)) => (of_step, of(call)),
            Err(wrong) => return refused(reply, code::BAD_PARAMS, wrong.to_string()),
        };
        let message = StepMessage { call, calls, reply };
        let Some(say) = self.steps.get(&step) else {
            let why = format!("step `{}` is not begun", plain::text(&step));
            return refused(message.reply, code::BAD_PARAMS, why);
        };
        match say.try_send(message) {
            Ok(()) => futures::future::ready(None).boxed(),
            Err(mpsc::error::TrySendError::Full(message)) => {
                let why = format!(
                    "step `{}` has been spoken of, and is not answered yet",
                    plain::text(&step)
                );
                refused(message.reply, code::BAD_PARAMS, why)
            }
            // It is over: its time was, or it has ended already.
            Err(mpsc::error::TrySendError::Closed(message)) => {
                let why = format!("step `{}` is over", plain::text(&step));
                refused(message.reply, code::OVER, why)
            }
        }
    }
}

fn refused<'a>(reply: Reply, code: i64, why: String) -> BoxFuture<'a, Option<Verdict>> {
    async move {
        reply.refuse(code, why).await;
        None
    }
    .boxed()
}
