//! One attempt at a request, with the worker that makes it.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::error::Gone;
use crate::message::Answer;
use crate::worker::Asked;
use crate::workers::Employment;

/// How long a worker may take to stop handling a request whose attempt is over.
const TO_STOP: Duration = Duration::from_secs(5);

/// An attempt that a worker has, until it is dropped.
pub(crate) struct Attempt {
    /// What it is called between the worker and us.
    pub(crate) run: String,
    employment: Employment,
}

impl Attempt {
    pub(crate) fn new(employment: Employment, run: String) -> Self {
        Self { run, employment }
    }

    /// Has the worker begin, by a method of the protocol. Returns what it asks meanwhile, and its answer.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        clock: &Arc<dyn Clock>,
        method: &str,
        params: &impl Serialize,
    ) -> Result<(mpsc::Receiver<Asked>, Handling), Gone> {
        let worker = &self.employment.worker;
        let asked = worker.hear_of(&self.run)?;
        let answer = Some(worker.call(method, params).await?);
        Ok((asked, Handling { attempt: Arc::clone(self), answer, clock: Arc::clone(clock) }))
    }

    /// Calls the worker about it, and waits for the answer.
    pub(crate) async fn call(&self, method: &str, params: &impl Serialize) -> Result<Answer, Gone> {
        let worker = &self.employment.worker;
        let answered = worker.call(method, params).await?.await;
        answered.map_err(|_| worker.is_gone())
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let worker = &self.employment.worker;
        worker.forget(&self.run);
        worker.tell("ended", &self.run);
    }
}

/// A worker that is handling a request. When this is dropped before it has answered, it is told to stop,
/// and ended if it does not.
pub(crate) struct Handling {
    attempt: Arc<Attempt>,
    answer: Option<oneshot::Receiver<Answer>>,
    clock: Arc<dyn Clock>,
}

impl Handling {
    /// Waits for the answer.
    pub(crate) async fn answer(&mut self) -> Result<Answer, Gone> {
        let answered = match &mut self.answer {
            Some(answer) => answer.await.ok(),
            None => None,
        };
        self.answer = None;
        answered.ok_or_else(|| self.attempt.employment.worker.is_gone())
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        let Some(answer) = self.answer.take() else { return };
        let (attempt, clock) = (Arc::clone(&self.attempt), Arc::clone(&self.clock));
        let worker = &self.attempt.employment.worker;
        worker.forget(&attempt.run);
        worker.tell("cancel", &attempt.run);
        let stopped = async move {
            if clock.limit(TO_STOP, answer).await.is_err() {
                let run = &attempt.run;
                let why = format!("it did not stop handling {run} within {TO_STOP:?}");
                attempt.employment.worker.fail(why);
            }
        };
        // Without a runtime everything ends, workers too.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(stopped);
        }
    }
}
