//! All workers: started when they are needed, and given requests to handle.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::Clock;
use tokio::sync::{Mutex as TurnMutex, OwnedSemaphorePermit, Semaphore};
use tracing::info;

use crate::error::StartError;
use crate::launch::Launch;
use crate::protocol::{Hello, Initialize, VERSION};
use crate::worker::Worker;

/// How long a worker may take to say what it handles.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// How many workers are started for one request that end at once.
const MOST_STARTS: u32 = 3;

/// The most requests that one worker handles at the same time.
const MOST_AT_ONCE: usize = 1000;

/// The workers of a program, which handle the requests of a [`Processor`](connect_processor::Processor).
///
/// One is started to learn what they handle; others when a request comes and all that there are have
/// enough to do. They end when this is dropped.
#[derive(Clone)]
pub struct Workers(Arc<Pool>);

struct Pool {
    launch: Launch,
    hello: Hello,
    /// One for each request that can be handled at the same time.
    places: Arc<Semaphore>,
    there: Mutex<Vec<Employed>>,
    /// Workers are started one after the other.
    starting: TurnMutex<()>,
    last_worker: AtomicU64,
    last_run: AtomicU64,
}

/// A worker, and how many requests it has.
struct Employed {
    worker: Arc<Worker>,
    requests: usize,
}

impl Workers {
    /// Starts the first worker, and learns from it what all of them handle.
    pub(crate) async fn start(launch: Launch, most: usize) -> Result<Self, StartError> {
        let (worker, hello) = begun(&launch, 1).await?;
        let most = most.saturating_mul(hello.at_once);
        info!(
            handlers = hello.handlers.len(),
            at_once = hello.at_once,
            "{} is ready",
            plain::text(hello.name.as_deref().unwrap_or(&launch.line.program)),
        );
        Ok(Self(Arc::new(Pool {
            launch,
            hello,
            places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            there: Mutex::new(vec![Employed { worker, requests: 0 }]),
            starting: TurnMutex::default(),
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

    /// Gives a place with a worker, once one has room, and a name to the attempt that takes it.
    pub(crate) async fn place(&self, request: &str) -> Result<(Employment, String), StartError> {
        let pool = &self.0;
        let place = Arc::clone(&pool.places).acquire_owned().await.ok();
        let run = format!("{request}/{}", pool.last_run.fetch_add(1, Ordering::Relaxed));
        let worker = match self.employ() {
            Some(worker) => worker,
            None => self.employ_another().await?,
        };
        Ok((Employment { workers: self.clone(), worker, _place: place }, run))
    }

    /// Returns the worker that has the least to do, of those that have room.
    fn employ(&self) -> Option<Arc<Worker>> {
        let mut there = self.lock();
        there.retain(|employed| employed.worker.is_there());
        let has_room = |it: &&mut Employed| it.requests < self.0.hello.at_once;
        let chosen = there.iter_mut().filter(has_room).min_by_key(|employed| employed.requests)?;
        chosen.requests += 1;
        Some(Arc::clone(&chosen.worker))
    }

    /// Starts one more, unless another one has room by then.
    async fn employ_another(&self) -> Result<Arc<Worker>, StartError> {
        let pool = &self.0;
        let _turn = pool.starting.lock().await;
        if let Some(worker) = self.employ() {
            return Ok(worker);
        }
        let (number, (worker, hello)) = self.begin().await?;
        if hello != pool.hello {
            let why =
                "it says that it handles something else than the first one; restart the program";
            worker.fail(why.to_owned());
            return Err(StartError::Other { number });
        }
        self.lock().push(Employed { worker: Arc::clone(&worker), requests: 1 });
        Ok(worker)
    }

    /// Starts a worker, and another one when it ends before it has said what it handles: it may have been
    /// ended, and what comes of a request is no matter of it.
    async fn begin(&self) -> Result<(u64, (Arc<Worker>, Hello)), StartError> {
        let pool = &self.0;
        let mut starts = 0;
        loop {
            starts += 1;
            let number = pool.last_worker.fetch_add(1, Ordering::Relaxed) + 1;
            match begun(&pool.launch, number).await {
                Err(StartError::Gone { .. }) if starts < MOST_STARTS => {}
                begun => return Ok((number, begun?)),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Employed>> {
        self.0.there.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // All are told before the first is waited for.
        let there = self.there.get_mut().unwrap_or_else(PoisonError::into_inner);
        there.iter().for_each(|employed| employed.worker.tell_to_end());
    }
}

/// A place with a worker, until it is dropped.
pub(crate) struct Employment {
    pub(crate) worker: Arc<Worker>,
    workers: Workers,
    _place: Option<OwnedSemaphorePermit>,
}

impl Drop for Employment {
    fn drop(&mut self) {
        let mut there = self.workers.lock();
        let this = there.iter_mut().find(|employed| Arc::ptr_eq(&employed.worker, &self.worker));
        if let Some(employed) = this {
            employed.requests -= 1;
        }
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
