//! The settings of workers, and their start.

use std::num::NonZeroUsize;
use std::sync::Arc;

use clap::Args;
use connect_clock::{Clock, SystemClock};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::command::{Channel, CommandLine};
use crate::error::StartError;
use crate::worker::Launch;
use crate::workers::Workers;

/// What a program takes that has its handlers in another language.
#[derive(Args, Clone, Debug)]
pub struct ExecSettings {
    /// The program that handles requests, with its arguments: "python3 handlers.py"
    #[arg(long, env = "CONNECT_EXEC", value_name = "COMMAND")]
    pub exec: CommandLine,
    /// How many times it is started at most, to handle as many requests at the same time
    #[arg(long, env = "CONNECT_EXEC_WORKERS", value_name = "N", default_value = "32")]
    pub exec_workers: NonZeroUsize,
    /// How it is spoken to: over standard input and output, or over a socket that is its standard input
    #[arg(
        long,
        env = "CONNECT_EXEC_CHANNEL",
        value_name = "CHANNEL",
        value_enum,
        default_value = "stdio"
    )]
    pub exec_channel: Channel,
    /// The address of the vendor's API, which the program finds in its own variable `VENDOR_URL`
    #[arg(long, env = "VENDOR_URL", value_name = "URL")]
    pub vendor_url: Option<String>,
}

impl ExecSettings {
    /// Starts the first worker, and learns from it what is handled. Waits for as long as that takes, up to
    /// 30 s, within a runtime of several threads.
    ///
    /// # Errors
    ///
    /// When the program cannot be run, ends, or says what the protocol does not have.
    pub fn start(&self) -> Result<Workers, StartError> {
        block_in_place(|| Handle::current().block_on(self.start_by(Arc::new(SystemClock))))
    }

    /// Does the same by a clock of the caller's.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn start_by(&self, clock: Arc<dyn Clock>) -> Result<Workers, StartError> {
        let Self { exec: line, exec_channel: channel, vendor_url, .. } = self.clone();
        let launch = Launch { line, channel, vendor_url, clock };
        Workers::start(launch, self.exec_workers.get()).await
    }
}
