//! All workers: started when they are needed, and given requests to handle and questions to answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use connect_clock::Clock;
use tokio::sync::OwnedSemaphorePermit;
use tracing::info;

use crate::error::StartError;
use crate::launch::Launch;
use crate::pool::Pool;
use crate::protocol::{Hello, Initialize, VERSION};
use crate::suspects::Suspects;
use crate::worker::Worker;

/// How long a worker may take to say what it handles.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// How many workers are started for one request that end at once.
const MOST_STARTS: u32 = 3;

/// The most requests that one worker handles at the same time.
const MOST_AT_ONCE: usize = 1000;

/// How many workers answer questions at the same time. Each has one: whoever asks waits for seconds only, so
/// no question waits behind a request, and one that takes too long ends no other.
const FOR_QUESTIONS: usize = 4;

/// How many workers have one request alone because it was with one that ended.
const FOR_SUSPECTS: usize = 8;

/// The workers of a program, which handle the requests of a [`Processor`](connect_processor::Processor) and
/// answer its questions.
///
/// One is started to learn what they handle; others when there is something to do and all that there are have
/// enough of it. They end when this is dropped.
#[derive(Clone)]
pub struct Workers(Arc<All>);

struct All {
    launch: Launch,
    hello: Hello,
    requests: Pool,
    questions: Pool,
    /// Workers for requests that were with one when it ended: each has one, so that it harms no other.
    apart: Pool,
    suspects: Suspects,
    last_worker: AtomicU64,
    last_run: AtomicU64,
}

/// What a place with a worker is for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// A request is handled, for as long as it takes.
    Request,
    /// Somebody waits for the answer.
    Question,
}

/// Which workers a place is with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Among {
    Requests,
    Questions,
    Apart,
}

impl Workers {
    /// Starts the first worker, and learns from it what all of them handle.
    pub(crate) async fn start(launch: Launch, most: usize) -> Result<Self, StartError> {
        let (worker, hello) = begun(&launch, 1).await?;
        info!(
            handlers = hello.handlers.len(),
            at_once = hello.at_once,
            "{} is ready",
            plain::text(hello.name.as_deref().unwrap_or(&launch.line.program)),
        );
        let requests = Pool::of(most, hello.at_once);
        requests.add(worker, Vec::new());
        Ok(Self(Arc::new(All {
            launch,
            hello,
            requests,
            questions: Pool::of(FOR_QUESTIONS, 1),
            apart: Pool::of(most.min(FOR_SUSPECTS), 1),
            suspects: Suspects::default(),
            last_worker: AtomicU64::new(1),
            last_run: AtomicU64::new(0),
        })))
    }

    /// Returns what workers say of themselves.
    pub(crate) fn hello(&self) -> &Hello {
        &self.0.hello
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.launch.clock
    }

    fn pool(&self, among: Among) -> &Pool {
        match among {
            Among::Requests => &self.0.requests,
            Among::Questions => &self.0.questions,
            Among::Apart => &self.0.apart,
        }
    }

    /// Returns with which workers a request has its place.
    fn among(&self, purpose: Purpose, request: &str) -> Among {
        match purpose {
            Purpose::Question => Among::Questions,
            Purpose::Request if self.0.suspects.has(request) => Among::Apart,
            Purpose::Request => Among::Requests,
        }
    }

    /// Gives a place with a worker, once one has room, and a name to the attempt at a request that takes it.
    pub(crate) async fn place(
        &self,
        purpose: Purpose,
        request: &str,
    ) -> Result<(Employment, String), StartError> {
        let among = self.among(purpose, request);
        let pool = self.pool(among);
        let place = pool.room().await;
        let run = format!("{request}/{}", self.0.last_run.fetch_add(1, Ordering::Relaxed));
        let worker = match pool.employ(request) {
            Some(worker) => worker,
            None => self.employ_another(pool, request).await?,
        };
        let request = request.to_owned();
        Ok((Employment { workers: self.clone(), among, request, worker, _place: place }, run))
    }

    /// Starts one more, unless another one has room by then.
    async fn employ_another(&self, pool: &Pool, request: &str) -> Result<Arc<Worker>, StartError> {
        let _turn = pool.starting.lock().await;
        if let Some(worker) = pool.employ(request) {
            return Ok(worker);
        }
        let (number, (worker, hello)) = self.begin().await?;
        if hello != self.0.hello {
            let why =
                "it says that it handles something else than the first one; restart the program";
            worker.fail(why.to_owned());
            return Err(StartError::Other { number });
        }
        pool.add(Arc::clone(&worker), vec![request.to_owned()]);
        Ok(worker)
    }

    /// Takes note of how a request leaves a worker.
    fn left(&self, among: Among, worker: &Arc<Worker>, request: &str) {
        let ended_with = self.pool(among).release(worker, request);
        match among {
            Among::Requests if self.0.hello.at_once > 1 => self.0.suspects.add(ended_with),
            Among::Apart if worker.is_there() => self.0.suspects.remove(request),
            _ => {}
        }
    }

    /// Starts a worker, and another one when it ends before it has said what it handles: it may have been
    /// ended, and what comes of a request is no matter of it.
    async fn begin(&self) -> Result<(u64, (Arc<Worker>, Hello)), StartError> {
        let all = &self.0;
        let mut starts = 0;
        loop {
            starts += 1;
            let number = all.last_worker.fetch_add(1, Ordering::Relaxed) + 1;
            match begun(&all.launch, number).await {
                Err(StartError::Gone { .. }) if starts < MOST_STARTS => {}
                begun => return Ok((number, begun?)),
            }
        }
    }
}

impl Drop for All {
    fn drop(&mut self) {
        // All are told before the first is waited for.
        self.requests.tell_to_end();
        self.questions.tell_to_end();
        self.apart.tell_to_end();
    }
}

/// A place with a worker, until it is dropped.
pub(crate) struct Employment {
    pub(crate) worker: Arc<Worker>,
    workers: Workers,
    among: Among,
    request: String,
    _place: Option<OwnedSemaphorePermit>,
}

impl Drop for Employment {
    fn drop(&mut self) {
        self.workers.left(self.among, &self.worker, &self.request);
    }
}

/// Starts a worker, and waits until it has said what it handles.
async fn begun(launch: &Launch, number: u64) -> Result<(Arc<Worker>, Hello), StartError> {
    let worker = Worker::start(launch, number)?;
    let runtime = concat!("cnct/", env!("CARGO_PKG_VERSION"));
    let params = Initialize { protocol: VERSION, runtime, worker: number };
    let answered =
        async { worker.call("initialize", &params).await?.await.map_err(|_| worker.is_gone()) };
    let answered = launch.clock.limit(TO_BEGIN, answered).await.unwrap_or_else(|_| {
        worker.fail(format!("it did not answer `initialize` within {TO_BEGIN:?}"));
        Err(worker.is_gone())
    });
    let answered = match answered {
        Ok(answered) => answered,
        Err(gone) => return Err(StartError::Gone { gone, words: worker.last_words().await }),
    };
    let answered = answered.map_err(|error| wrong_hello(number, plain::text(&error.message)))?;
    let hello = hello(number, answered.get())?;
    Ok((worker, hello))
}

fn wrong_hello(number: u64, why: impl Into<String>) -> StartError {
    StartError::Hello { number, why: why.into() }
}

/// Reads what a worker says of itself.
pub(crate) fn hello(number: u64, answered: &str) -> Result<Hello, StartError> {
    let wrong = |why: String| wrong_hello(number, why);
    let hello: Hello = serde_json::from_str(answered).map_err(|error| wrong(error.to_string()))?;
    match &hello {
        Hello { protocol, .. } if *protocol != VERSION => Err(wrong(format!(
            "it speaks version {protocol} of the protocol; this is version {VERSION}"
        ))),
        Hello { at_once, .. } if !(1..=MOST_AT_ONCE).contains(at_once) => {
            Err(wrong(format!("`at_once` is {at_once}; it has to be 1 to {MOST_AT_ONCE}")))
        }
        Hello { handlers, .. } if handlers.is_empty() => {
            Err(wrong("it handles nothing".to_owned()))
        }
        _ => Ok(hello),
    }
}
