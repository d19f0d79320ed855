//! The program under check, and processes of it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::dialogue::Dialogue;
use super::fault::Fault;
use crate::command::Channel;
use crate::error::StartError;
use crate::launch::Launch;
use crate::process::Process;
use crate::protocol::{Hello, VERSION};
use crate::workers;

/// A conformance program.
pub(super) struct Program(Launch);

impl Program {
    pub(super) fn new(launch: Launch) -> Self {
        Self(launch)
    }

    /// Starts a process of it, to which nothing is said yet.
    pub(super) fn start(&self) -> Result<Dialogue, StartError> {
        let (process, streams) = Process::start(&self.0)?;
        let may_print = self.0.channel == Channel::Stdio;
        Ok(Dialogue::new(process, streams, may_print, Arc::clone(&self.0.clock)))
    }

    /// Starts the process of a worker, and returns what it answers to `initialize`.
    pub(super) async fn greeted(
        &self,
        worker: u64,
        protocol: u32,
    ) -> Result<(Dialogue, Result<Value, i64>), Fault> {
        let mut talk = self.start().map_err(|error| Fault::new("a process", error.to_string()))?;
        // What a later version says more is passed over.
        let params =
            json!({"protocol": protocol, "runtime": "check", "worker": worker, "later": []});
        let call = talk.call("initialize", params).await?;
        let answer = talk.answer(call).await?;
        Ok((talk, answer.map_err(|error| error.code)))
    }

    /// Starts the process of a worker, which has said what it handles.
    pub(super) async fn hello(&self, worker: u64) -> Result<(Dialogue, Hello), Fault> {
        let (talk, answer) = self.greeted(worker, VERSION).await?;
        let wanted = "what it handles, in answer to `initialize`";
        let answer = answer.map_err(|code| Fault::new(wanted, format!("the error {code}")))?;
        let hello = workers::hello(worker, &answer.to_string())
            .map_err(|error| Fault::new(wanted, error.to_string()))?;
        let purchases = |it: &&crate::protocol::DeclaredHandler| {
            it.collection == "requests" && it.request_type == "purchase"
        };
        match hello.handlers.iter().find(purchases) {
            Some(_) => Ok((talk, hello)),
            None => Err(Fault::new("a handler of purchases", answer.to_string())),
        }
    }

    /// Starts a process that is ready to handle requests.
    pub(super) async fn ready(&self) -> Result<Dialogue, Fault> {
        self.hello(1).await.map(|(talk, _)| talk)
    }
}
