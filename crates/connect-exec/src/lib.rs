//! Handlers in any language.
//!
//! A program of the vendor's is started several times, each a *worker*. Workers are asked to handle requests,
//! and ask back before and after each effect on the vendor's system, in the protocol that
//! `docs/worker-protocol.md` describes. Everything else is as with handlers in Rust: a worker's step is a
//! [`Step`](connect_processor::Step), its answer an [`Outcome`](connect_processor::Outcome).
//!
//! What a worker says is believed no further than its own request. One that breaks the protocol, ends or
//! does not stop when it should is killed, and its requests are tried again with another one.
//!
//! ```no_run
//! use std::sync::Arc;
//! use connect_client::Client;
//! use connect_clock::SystemClock;
//! use connect_exec::{ExecSettings, processor};
//! use connect_journal::Journal;
//!
//! # async fn pass(client: Client, journal: Arc<dyn Journal>) -> Result<(), Box<dyn std::error::Error>> {
//! let settings = ExecSettings::of("python3 handlers.py".parse()?, None);
//! let workers = settings.start_by(Arc::new(SystemClock)).await?;
//! processor(workers, client, journal).drain().await?;
//! # Ok(()) }
//! ```

mod ask;
mod attempt;
mod check;
mod command;
mod connect_call;
mod error;
mod handler;
mod last_words;
mod launch;
mod lines;
mod log;
mod message;
mod package;
mod pool;
mod process;
mod protocol;
mod register;
mod report;
mod settings;
mod step;
mod suspects;
mod template;
mod validator;
mod work;
mod worker;
mod workers;

pub use check::{CheckedCase, Fault, Report, case_names, check};
pub use command::{BadCommandLine, Channel, CommandLine};
pub use error::StartError;
pub use last_words::LastWords;
pub use register::processor;
pub use settings::ExecSettings;
pub use template::{KeyedHost, TemplateSettings};
pub use workers::Workers;
