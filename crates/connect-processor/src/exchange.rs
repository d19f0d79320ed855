//! What was said to vendors in steps, for people who look later.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use connect_journal::{AttemptNote, StepName};
use serde::{Deserialize, Serialize};

/// The most exchanges of one step that are kept in one attempt: the first ones and the last.
const MOST: usize = 8;

tokio::task_local! {
    static LOG: ExchangeLog;
}

/// One call to a vendor and what came of it, without secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The address, without what may be secret in it.
    pub address: String,
    /// The headers that were sent.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body that was sent.
    #[serde(default)]
    pub body: String,
    /// The status of the answer; none where there was no answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// The headers of the answer.
    #[serde(default)]
    pub answer_headers: BTreeMap<String, String>,
    /// The body of the answer, or why there was none.
    #[serde(default)]
    pub answer: String,
    /// The time from the call to its end, in milliseconds.
    pub took_ms: u64,
}

impl Exchange {
    /// Reads the exchanges that a note in the journal holds; none where it holds something else.
    #[must_use]
    pub fn of(note: &AttemptNote) -> Vec<Self> {
        serde_json::from_slice(&note.body).unwrap_or_default()
    }
}

/// Where the exchanges of the step go that is being taken.
///
/// ```
/// use connect_processor::{Exchange, ExchangeLog};
///
/// // Outside of a step there is none, and nothing is to be prepared.
/// if let Some(log) = ExchangeLog::current() {
///     log.note(Exchange { method: "GET".to_owned(), status: Some(200), ..Exchange::default() });
/// }
/// ```
#[derive(Clone)]
pub struct ExchangeLog {
    exchanges: Arc<Exchanges>,
    step: StepName,
}

impl ExchangeLog {
    /// Returns the log of the step that this task is taking.
    #[must_use]
    pub fn current() -> Option<Self> {
        LOG.try_with(Clone::clone).ok()
    }

    /// Notes an exchange. It is written to the journal with the step's result or, without one, with
    /// the end of the attempt.
    pub fn note(&self, exchange: Exchange) {
        let mut steps = self.exchanges.lock();
        let Some((_, of_step)) = steps.iter_mut().find(|(step, _)| *step == self.step) else {
            steps.push((self.step.clone(), vec![exchange]));
            return;
        };
        if of_step.len() == MOST {
            of_step.remove(MOST / 2);
        }
        of_step.push(exchange);
    }
}

/// The exchanges of one attempt that are not in the journal yet, by step.
#[derive(Default)]
pub(crate) struct Exchanges(Mutex<Vec<(StepName, Vec<Exchange>)>>);

impl Exchanges {
    /// Makes a call for a step, so that what is said in it is noted.
    pub(crate) async fn of<W: Future>(self: &Arc<Self>, step: &StepName, call: W) -> W::Output {
        let log = ExchangeLog { exchanges: Arc::clone(self), step: step.clone() };
        LOG.scope(log, call).await
    }

    /// Takes what is to be noted of a step.
    pub(crate) fn take(&self, step: &StepName) -> Option<Bytes> {
        let mut steps = self.lock();
        let place = steps.iter().position(|(of, _)| of == step)?;
        Some(written(&steps.swap_remove(place).1))
    }

    /// Takes what is to be noted of all steps.
    pub(crate) fn take_all(&self) -> Vec<(StepName, Bytes)> {
        let steps = std::mem::take(&mut *self.lock());
        steps.into_iter().map(|(step, exchanges)| (step, written(&exchanges))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(StepName, Vec<Exchange>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn written(exchanges: &[Exchange]) -> Bytes {
    serde_json::to_vec(exchanges).map(Bytes::from).unwrap_or_default()
}
