//! A worker: calls to it and from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use connect_clock::Clock;
use futures::future::join_all;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing::Span;

use crate::error::{Gone, StartError};
use crate::last_words::LastWords;
use crate::launch::Launch;
use crate::lines::{self, LONGEST_MESSAGE, Line};
use crate::log::{Level, LogNotice, Printed};
use crate::message::{self, Answer, CallError, Id, Message};
use crate::process::{Process, Streams};
use crate::protocol::{OfRun, code};

/// The most messages that wait to be written, or to be seen to. Who has more waits.
const MOST_WAITING: usize = 64;

/// A process that handles requests.
pub(crate) struct Worker {
    pub(crate) number: u64,
    process: Process,
    to: mpsc::Sender<Vec<u8>>,
    state: Mutex<State>,
    printed: Printed,
    /// Who reads what is for the log.
    logs: Mutex<Vec<JoinHandle<()>>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct State {
    last_call: u64,
    /// Who waits for the answers to calls.
    answers: HashMap<u64, oneshot::Sender<Answer>>,
    /// Who sees to calls about the runs.
    runs: HashMap<String, AtWork>,
    /// Whether it has answered any call.
    has_answered: bool,
    /// Why it is gone, once it is.
    end: Option<String>,
}

/// A run that a worker has.
struct AtWork {
    calls: mpsc::Sender<Asked>,
    /// Says in lines of the log which run they are about.
    span: Span,
}

/// A call of a worker's about a run.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) params: Box<RawValue>,
    pub(crate) reply: Reply,
}

/// The way to answer a call of a worker's. It is always answered: one that is dropped says that the
/// attempt is over.
pub(crate) struct Reply {
    id: Id,
    to: mpsc::Sender<Vec<u8>>,
    is_sent: bool,
}

impl Reply {
    pub(crate) async fn done(mut self, result: &impl Serialize) {
        let line = match message::answered(&self.id, Ok(result)) {
            Ok(line) => line,
            // It is too long. Who asked may ask for less.
            Err(error) => self.line(&CallError::new(code::FAILED, error.to_string())),
        };
        self.send(line).await;
    }

    pub(crate) async fn refuse(self, code: i64, message: impl Into<String>) {
        self.fail(CallError::new(code, message)).await;
    }

    pub(crate) async fn fail(mut self, error: CallError) {
        let line = self.line(&error);
        self.send(line).await;
    }

    fn line(&self, error: &CallError) -> Vec<u8> {
        message::answered::<()>(&self.id, Err(error)).unwrap_or_default()
    }

    async fn send(&mut self, line: Vec<u8>) {
        self.is_sent = true;
        // A worker that is gone hears nothing.
        let _ = self.to.send(line).await;
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if !self.is_sent {
            let over = CallError::new(code::OVER, "the attempt is over; stop handling it");
            let _ = self.to.try_send(self.line(&over));
        }
    }
}

impl Worker {
    /// Starts a process, which has said nothing yet.
    pub(crate) fn start(launch: &Launch, number: u64) -> Result<Arc<Self>, StartError> {
        let (process, Streams { to, from, logs }) = Process::start(launch)?;
        let (sender, lines) = mpsc::channel(MOST_WAITING);
        let clock = Arc::clone(&launch.clock);
        let printed = Printed::of(number, Arc::clone(&clock));
        let (state, following) = Default::default();
        let worker =
            Arc::new(Self { number, process, to: sender, state, printed, logs: following, clock });
        tokio::spawn(write(to, lines));
        tokio::spawn(read(Arc::downgrade(&worker), from));
        let follow = |log| tokio::spawn(follow(Arc::downgrade(&worker), log));
        worker
            .logs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(logs.into_iter().map(follow));
        Ok(worker)
    }

    /// Calls a worker. The answer comes later, or never when it is gone by then.
    pub(crate) async fn call(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<oneshot::Receiver<Answer>, Gone> {
        let (answer, answered) = oneshot::channel();
        let id = {
            let mut state = self.lock();
            if state.end.is_some() {
                return Err(self.gone(&state));
            }
            state.last_call += 1;
            let id = state.last_call;
            state.answers.insert(id, answer);
            id
        };
        let number = i64::try_from(id).unwrap_or(i64::MAX);
        let line = message::call(Some(&Id::Number(number)), method, params);
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                self.leave_unsaid(id, &error);
                return Ok(answered);
            }
        };
        match self.to.send(line).await {
            Ok(()) => Ok(answered),
            Err(_) => Err(self.is_gone()),
        }
    }

    /// Answers a call that is too long to be made: no other worker could be told either, so a person looks.
    fn leave_unsaid(&self, id: u64, error: &serde_json::Error) {
        if let Some(waits) = self.lock().answers.remove(&id) {
            let why = format!("no worker can be told of it: {error}");
            // Who has called may have ended.
            let _ = waits.send(Err(CallError::new(code::PARK, why)));
        }
    }

    /// Tells a worker something, unless more waits for it than it reads.
    pub(crate) fn tell(&self, method: &str, run: &str) {
        let params = OfRun { run: run.to_owned() };
        if let Ok(line) = message::call(None, method, &params) {
            let _ = self.to.try_send(line);
        }
    }

    /// Has the calls about a run seen to.
    pub(crate) fn hear_of(&self, run: &str) -> Result<mpsc::Receiver<Asked>, Gone> {
        let (calls, asked) = mpsc::channel(MOST_WAITING);
        let mut state = self.lock();
        if state.end.is_some() {
            return Err(self.gone(&state));
        }
        state.runs.insert(run.to_owned(), AtWork { calls, span: Span::current() });
        Ok(asked)
    }

    /// Has nobody see to calls about a run any more.
    pub(crate) fn forget(&self, run: &str) {
        self.lock().runs.remove(run);
    }

    /// Tells it to end: nobody needs it any more.
    pub(crate) fn tell_to_end(&self) {
        self.lock().end.get_or_insert_with(|| "the runtime ends".to_owned());
        self.process.tell_to_end();
    }

    fn has_answered(&self) -> bool {
        self.lock().has_answered
    }

    /// Returns whether it can be called.
    pub(crate) fn is_there(&self) -> bool {
        self.lock().end.is_none()
    }

    /// Returns what it printed last, once it is gone.
    pub(crate) async fn last_words(&self) -> LastWords {
        let logs = std::mem::take(&mut *self.logs.lock().unwrap_or_else(PoisonError::into_inner));
        // Others that it has started can hold them open.
        let _ = self.clock.limit(TO_END, join_all(logs)).await;
        self.printed.last_words()
    }

    /// Returns why it is gone.
    pub(crate) fn is_gone(&self) -> Gone {
        self.gone(&self.lock())
    }

    fn gone(&self, state: &State) -> Gone {
        self.gone_for(state.end.clone().unwrap_or_else(|| "it reads nothing any more".to_owned()))
    }

    fn gone_for(&self, why: String) -> Gone {
        Gone { number: self.number, why }
    }

    /// Kills it, because of what it did or left undone.
    pub(crate) fn fail(&self, why: String) {
        let mut state = self.lock();
        if state.end.is_some() {
            return;
        }
        tracing::warn!(worker = self.number, why, "a worker is ended");
        state.end = Some(why);
        // Who waits for an answer of it waits no longer.
        state.answers.clear();
        state.runs.clear();
        drop(state);
        self.process.kill();
    }

    /// Sees to a line; returns why nothing can be trusted any more that it says, if that is so.
    async fn heard(&self, line: &[u8]) -> Result<(), String> {
        if !message::is_meant(line) {
            self.print(&lines::text(line));
            return Ok(());
        }
        let message = match Message::read(line) {
            Ok(message) => message,
            // Programs greet with all sorts of things.
            Err(_) if !self.has_answered() => {
                self.print(&lines::text(line));
                return Ok(());
            }
            Err(error) => return Err(format!("{error}; the line is `{}`", cut(line))),
        };
        match message {
            Message::Answer { id, answer } => {
                let mut state = self.lock();
                let waits = state.answers.remove(&id);
                state.has_answered = true;
                drop(state);
                let waits = waits.ok_or_else(|| {
                    format!("it answered call {id}, which nobody made or it had answered")
                })?;
                // Who has called may have ended.
                let _ = waits.send(answer);
            }
            Message::Notice { method, params } => self.told(&method, &params),
            Message::Call { id, method, params } => {
                let reply = Reply { id, to: self.to.clone(), is_sent: false };
                self.asked(Asked { method, params, reply }).await;
            }
        }
        Ok(())
    }

    async fn asked(&self, asked: Asked) {
        let run = match serde_json::from_str::<OfRun>(asked.params.get()) {
            Ok(of) => of.run,
            Err(error) => return asked.reply.refuse(code::BAD_PARAMS, error.to_string()).await,
        };
        let sees_to_it = self.lock().runs.get(&run).map(|at_work| at_work.calls.clone());
        let refused = match sees_to_it {
            Some(sees_to_it) => sees_to_it.send(asked).await.map_err(|refused| refused.0).err(),
            None => Some(asked),
        };
        if let Some(asked) = refused {
            let message = format!("no attempt `{}` is with this worker", plain::text(&run));
            asked.reply.refuse(code::NO_RUN, message).await;
        }
    }

    /// Logs what it is told to; other notifications say nothing to us.
    fn told(&self, method: &str, params: &RawValue) {
        let notice = match method {
            "log" => serde_json::from_str::<LogNotice>(params.get()).ok(),
            _ => None,
        };
        if let Some(LogNotice { run, level, message }) = notice {
            let span = run.and_then(|run| Some(self.lock().runs.get(&run)?.span.clone()));
            let _about = span.as_ref().map(Span::enter);
            self.printed.line(level, &lines::text(message.as_bytes()));
        }
    }

    /// Logs a line that it has printed. When it has one run, that is what the line is about.
    fn print(&self, line: &str) {
        let runs = self.lock();
        let mut spans = runs.runs.values().map(|at_work| at_work.span.clone());
        let span = spans.next().filter(|_| spans.next().is_none());
        drop(runs);
        let _about = span.as_ref().map(Span::enter);
        self.printed.line(Level::Info, line);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(mut to: impl AsyncWrite + Unpin, mut lines: mpsc::Receiver<Vec<u8>>) {
    while let Some(line) = lines.recv().await {
        if to.write_all(&line).await.is_err() || to.flush().await.is_err() {
            // That it reads nothing any more is seen where it is read from.
            return;
        }
    }
}

/// Logs what a worker prints, to its end.
async fn follow(worker: Weak<Worker>, from: impl AsyncRead + Unpin) {
    let mut from = BufReader::new(from);
    while let Ok(Some(line)) = lines::log_line(&mut from).await {
        let Some(worker) = worker.upgrade() else { return };
        worker.print(&line);
    }
}

/// How long what a worker has written last may take to be read, once it has ended.
const TO_END: Duration = Duration::from_secs(1);

/// Sees to what a worker says, until it ends or breaks the protocol.
async fn read(worker: Weak<Worker>, from: impl AsyncRead + Unpin) {
    let Some(clock) = worker.upgrade().map(|worker| Arc::clone(&worker.clock)) else { return };
    let mut reading = Box::pin(read_all(&worker, from));
    // Its output may outlive it: others that it has started can hold it open.
    let why = tokio::select! {
        biased;
        why = &mut reading => why,
        status = ended(&worker) => {
            let rest = clock.limit(TO_END, reading).await;
            rest.ok().flatten().or(status)
        }
    };
    let why = match why {
        Some(why) => why,
        None => match clock.limit(TO_END, ended(&worker)).await {
            Ok(status) => status.unwrap_or_default(),
            Err(_) => "it closed its output".to_owned(),
        },
    };
    if let Some(worker) = worker.upgrade() {
        worker.fail(why);
    }
}

/// Returns why nothing can be trusted any more that it says; nothing when that is its end.
async fn read_all(worker: &Weak<Worker>, from: impl AsyncRead + Unpin) -> Option<String> {
    let mut from = BufReader::new(from);
    while let Ok(Some(line)) = lines::line(&mut from, LONGEST_MESSAGE).await {
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong(line) => {
                return Some(format!("it wrote a message of more than 16 MiB: `{}`", cut(&line)));
            }
        };
        if let Err(why) = worker.upgrade()?.heard(&line).await {
            return Some(why);
        }
    }
    None
}

/// Waits until a worker's process has ended, and says how; nothing when nobody has it any more.
async fn ended(worker: &Weak<Worker>) -> Option<String> {
    let mut ends = signal(SignalKind::child()).ok();
    loop {
        if let Some(status) = worker.upgrade()?.process.ended() {
            return Some(format!("it ended with {status}"));
        }
        match &mut ends {
            Some(ends) => ends.recv().await,
            None => std::future::pending().await,
        };
    }
}

/// The beginning of a line, for people.
fn cut(line: &[u8]) -> String {
    const SHOWN: usize = 200;
    lines::text(&line[..line.len().min(SHOWN)])
}
