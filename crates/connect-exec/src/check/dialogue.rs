//! Messages to a worker and from it, judged one by one.

use std::collections::HashSet;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use connect_clock::Clock;
use futures::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{Instrument, info};

use super::fault::Fault;
use crate::last_words::LastWords;
use crate::lines::{self, LONGEST_MESSAGE, Line};
use crate::log::LogNotice;
use crate::message::{self, CallError, Id, Message};
use crate::process::{Process, Streams};
use crate::protocol::code;

/// How long a worker may take for what it has to say.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a worker may take to begin: the first answer comes later than others.
const TO_BEGIN: Duration = Duration::from_secs(30);
/// How long a worker may take to end.
const TO_END: Duration = Duration::from_secs(2);
/// How often is looked whether it has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// The status with which Connect refuses.
pub(super) const REFUSED: u16 = 404;
/// The most lines that it says in one case.
const MOST_LINES: usize = 1000;

/// A process of the program under check.
pub(super) struct Dialogue {
    process: Process,
    /// None once its input has ended.
    to: Option<Box<dyn AsyncWrite + Send + Sync + Unpin>>,
    from: mpsc::Receiver<Line>,
    /// Whether lines that are no messages may be among them.
    may_print: bool,
    clock: Arc<dyn Clock>,
    lines: usize,
    last_call: u64,
    last_run: u64,
    answered: HashSet<u64>,
    asked: HashSet<String>,
    /// What it has had logged.
    logged: Vec<Value>,
    /// What it printed last for the log, and who reads that.
    last_words: Arc<Mutex<LastWords>>,
    logs: Vec<JoinHandle<()>>,
}

/// What a worker says that matters.
#[derive(Debug)]
pub(super) enum Said {
    Asks(Asked),
    Answers { call: u64, answer: Result<Value, CallError> },
}

/// A call of a worker's.
#[derive(Debug)]
pub(super) struct Asked {
    id: Id,
    pub(super) method: String,
    pub(super) params: Value,
}

/// What a call of a worker's is answered with.
pub(super) type Reply = Result<Value, i64>;

impl Asked {
    /// Returns a text that the call has, such as its run.
    pub(super) fn text(&self, field: &str) -> &str {
        self.params[field].as_str().unwrap_or_default()
    }
}

impl Said {
    /// Says it in words, for people.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Asks(Asked { method, params, .. }) => format!("the call `{method}` {params}"),
            Self::Answers { call, answer: Ok(result) } => {
                format!("the answer {result} to call {call}")
            }
            Self::Answers { call, answer: Err(error) } => {
                let CallError { code, message, .. } = error;
                format!("the error {code}, \"{message}\", to call {call}")
            }
        }
    }
}

impl Dialogue {
    pub(super) fn new(
        process: Process,
        streams: Streams,
        may_print: bool,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let Streams { to, from, logs } = streams;
        let (sender, lines) = mpsc::channel(64);
        tokio::spawn(read(from, sender));
        let last_words = Arc::<Mutex<LastWords>>::default();
        let follow = |log| tokio::spawn(follow(log, Arc::clone(&last_words)).in_current_span());
        let logs = logs.into_iter().map(follow).collect();
        Self {
            process,
            to: Some(to),
            from: lines,
            may_print,
            clock,
            lines: 0,
            last_call: 0,
            last_run: 0,
            answered: HashSet::new(),
            asked: HashSet::new(),
            logged: Vec::new(),
            last_words,
            logs,
        }
    }

    /// Returns a name for an attempt that no other has.
    pub(super) fn next_run(&mut self) -> String {
        self.last_run += 1;
        format!("PR-0000-0000-0000-001/{}", self.last_run)
    }

    /// Calls the worker. Returns the call's id.
    pub(super) async fn call(&mut self, method: &str, params: Value) -> Result<u64, Fault> {
        self.last_call += 1;
        let id = Id::Number(i64::try_from(self.last_call).unwrap_or(i64::MAX));
        self.write(message::call(Some(&id), method, &params)).await?;
        Ok(self.last_call)
    }

    /// Tells the worker something that has no answer.
    pub(super) async fn tell(&mut self, method: &str, params: Value) -> Result<(), Fault> {
        self.write(message::call(None, method, &params)).await
    }

    /// Answers a call of the worker's.
    pub(super) async fn reply(&mut self, to: &Asked, reply: Reply) -> Result<(), Fault> {
        let error = |code| {
            // What went wrong of all that is asked is what Connect has refused.
            let data = (code == code::FAILED).then(|| json!({"status": REFUSED, "body": null}));
            CallError { data, ..CallError::new(code, "said by the check") }
        };
        let line = match reply {
            Ok(mut result) => {
                // What a later version says more is passed over.
                result["later"] = json!({});
                message::answered(&to.id, Ok(&result))
            }
            Err(code) => message::answered::<Value>(&to.id, Err(&error(code))),
        };
        self.write(line).await
    }

    async fn write(&mut self, line: Result<Vec<u8>, serde_json::Error>) -> Result<(), Fault> {
        let fault = |came: String| Fault::new("a worker that reads its messages", came);
        let line = line.map_err(|error| fault(error.to_string()))?;
        let Some(to) = &mut self.to else { return Ok(()) };
        let written = async {
            to.write_all(&line).await?;
            to.flush().await
        };
        match self.clock.limit(PATIENCE, written).await {
            Ok(Ok(())) => Ok(()),
            // Whether it has ended, and said something before, is seen where it is read from.
            Ok(Err(_)) => Ok(()),
            Err(_) => Err(fault(format!("one that has read nothing for {PATIENCE:?}"))),
        }
    }

    /// Returns what the worker says next that matters.
    pub(super) async fn next(&mut self, expected: &str) -> Result<Said, Fault> {
        let patience = if self.answered.is_empty() { TO_BEGIN } else { PATIENCE };
        match self.next_within(patience, expected).await? {
            Some(said) => Ok(said),
            None => Err(Fault::new(expected, format!("nothing within {patience:?}"))),
        }
    }

    /// Does the same within a time; returns nothing when it is over.
    pub(super) async fn next_within(
        &mut self,
        patience: Duration,
        expected: &str,
    ) -> Result<Option<Said>, Fault> {
        let clock = Arc::clone(&self.clock);
        let said = clock.limit(patience, async {
            loop {
                let Some(line) = self.from.recv().await else {
                    return Err(Fault::ended(expected, self.how_it_ended().await));
                };
                if let Some(said) = self.heard(line, expected)? {
                    return Ok(said);
                }
            }
        });
        said.await.ok().transpose()
    }

    /// Says how it ended, once it says no more.
    async fn how_it_ended(&mut self) -> String {
        let Some(status) = self.gone().await else { return "the end of its output".to_owned() };
        // Others that it has started can hold them open.
        let _ = self.clock.limit(TO_END, join_all(self.logs.drain(..))).await;
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        format!("its end, with {status}; {words}")
    }

    /// Waits until its process is gone; returns nothing when that takes too long.
    async fn gone(&self) -> Option<ExitStatus> {
        let gone = async {
            loop {
                match self.process.ended() {
                    Some(status) => return status,
                    None => self.clock.sleep(LOOK_AGAIN).await,
                }
            }
        };
        self.clock.limit(TO_END, gone).await.ok()
    }

    /// Understands a line; returns nothing of one that says nothing to us.
    fn heard(&mut self, line: Line, expected: &str) -> Result<Option<Said>, Fault> {
        self.lines += 1;
        if self.lines > MOST_LINES {
            return Err(Fault::new(expected, format!("more than {MOST_LINES} lines")));
        }
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong(_) => return Err(Fault::new(expected, "a line of more than 16 MiB")),
        };
        let text = || String::from_utf8_lossy(&line).into_owned();
        if is_batch(&line) {
            return Err(Fault::new(expected, format!("the batch `{}`", text())));
        }
        if self.may_print && !message::is_meant(&line) {
            return Ok(None);
        }
        let message = Message::read(&line)
            // The reason first: what is too long is cut.
            .map_err(|error| Fault::new(expected, format!("{error}: `{}`", text())))?;
        let value = |raw: &str| serde_json::from_str(raw).unwrap_or(Value::Null);
        match message {
            Message::Notice { method, params } if method == "log" => {
                match serde_json::from_str::<LogNotice>(params.get()) {
                    Ok(_) => {
                        self.logged.push(value(params.get()));
                        Ok(None)
                    }
                    Err(error) => Err(Fault::new("a line for the log", error.to_string())),
                }
            }
            Message::Notice { method, .. } => {
                Err(Fault::new(expected, format!("the notification `{method}`, which is none")))
            }
            Message::Call { id, method, params } => {
                if !self.asked.insert(json!(id).to_string()) {
                    let came = format!("a second call with the id {}", json!(id));
                    return Err(Fault::new("an id of its own for each call", came));
                }
                Ok(Some(Said::Asks(Asked { id, method, params: value(params.get()) })))
            }
            Message::Answer { id, .. } if id == 0 || id > self.last_call => {
                Err(Fault::new(expected, format!("an answer to call {id}, which nobody made")))
            }
            Message::Answer { id, .. } if !self.answered.insert(id) => {
                Err(Fault::new(expected, format!("a second answer to call {id}")))
            }
            Message::Answer { id, answer } => {
                let answer = answer.map(|result| value(result.get()));
                Ok(Some(Said::Answers { call: id, answer }))
            }
        }
    }

    /// Returns what it has had logged so far.
    pub(super) fn logged(&self) -> &[Value] {
        &self.logged
    }

    /// Returns the answer to a call, before which the worker has nothing to ask.
    pub(super) async fn answer(&mut self, of: u64) -> Result<Result<Value, CallError>, Fault> {
        let expected = format!("the answer to call {of}");
        match self.next(&expected).await? {
            Said::Answers { call, answer } if call == of => Ok(answer),
            other => Err(Fault::new(expected, other.words())),
        }
    }

    /// Returns the next call of the worker's, before which it has nothing to answer.
    pub(super) async fn asked(&mut self, expected: &str) -> Result<Asked, Fault> {
        match self.next(expected).await? {
            Said::Asks(asked) => Ok(asked),
            other => Err(Fault::new(expected, other.words())),
        }
    }

    /// Ends the input of the worker, after which it has nothing to say.
    pub(super) async fn hang_up(&mut self) -> Result<(), Fault> {
        const NOTHING: &str = "nothing more";
        self.to = None;
        let clock = Arc::clone(&self.clock);
        let rest = clock.limit(TO_END, async {
            while let Some(line) = self.from.recv().await {
                if let Some(said) = self.heard(line, NOTHING)? {
                    return Err(Fault::new(NOTHING, said.words()));
                }
            }
            Ok(())
        });
        // That it ends is a case of its own.
        rest.await.unwrap_or(Ok(()))
    }

    /// Tells the worker by a signal to end.
    pub(super) fn tell_to_end(&self) {
        self.process.tell_to_end();
    }

    /// Looks whether it ends.
    pub(super) async fn ends(&mut self, after: &str) -> Result<(), Fault> {
        let expected = || format!("its end within {TO_END:?} after {after}");
        let ended = self.gone().await.map(drop);
        ended.ok_or_else(|| Fault::new(expected(), "a process that goes on"))
    }
}

/// Whether a line has several messages, which would be taken for something printed.
fn is_batch(line: &[u8]) -> bool {
    let messages: Vec<Value> = serde_json::from_slice(line).unwrap_or_default();
    messages.iter().any(|message| message.get("jsonrpc").is_some())
}

async fn read(from: impl AsyncRead + Unpin, to: mpsc::Sender<Line>) {
    let mut from = BufReader::new(from);
    while let Ok(Some(line)) = lines::line(&mut from, LONGEST_MESSAGE).await {
        if to.send(line).await.is_err() {
            return;
        }
    }
}

/// Reads what is for the log, also where nobody looks: whoever writes it never waits.
async fn follow(log: impl AsyncRead + Unpin, last_words: Arc<Mutex<LastWords>>) {
    let mut log = BufReader::new(log);
    while let Ok(Some(line)) = lines::log_line(&mut log).await {
        last_words.lock().unwrap_or_else(PoisonError::into_inner).add(&line);
        info!("{line}");
    }
}
