//! The settings of workers, and their start.

use std::num::NonZeroUsize;
use std::sync::Arc;

use clap::Args;
use connect_clock::{Clock, SystemClock};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::command::{Channel, CommandLine};
use crate::error::StartError;
use crate::launch::Launch;
use crate::register;
use crate::template::TemplateSettings;
use crate::workers::Workers;

/// What a program takes that has its handlers in another language.
#[derive(Args, Clone, Debug)]
pub struct ExecSettings {
    /// The program that handles requests, with its arguments: "python3 handlers.py"
    #[arg(long, env = "CONNECT_EXEC", value_name = "COMMAND", conflicts_with = "template")]
    pub exec: Option<CommandLine>,
    /// How many times it is started at most, to handle as many requests at the same time; for validations,
    /// up to four more, and up to eight more for requests whose worker has died beside others
    #[arg(long, env = "CONNECT_EXEC_WORKERS", value_name = "N", default_value_t = MOST_WORKERS)]
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
    /// A project of CloudBlue's template in place of a program.
    #[command(flatten)]
    pub template: TemplateSettings,
}

/// The most times that a program is started, unless it is said.
const MOST_WORKERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(31);

impl ExecSettings {
    /// Settings of a program that handles requests, spoken to over standard input and output.
    #[must_use]
    pub fn of(exec: CommandLine, vendor_url: Option<&str>) -> Self {
        Self {
            exec: Some(exec),
            exec_workers: MOST_WORKERS,
            exec_channel: Channel::default(),
            vendor_url: vendor_url.map(str::to_owned),
            template: TemplateSettings::default(),
        }
    }

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
        let workers = Workers::start(self.launch(clock)?, self.exec_workers.get()).await?;
        register::check(workers.hello()).map_err(|why| StartError::Hello { number: 1, why })?;
        Ok(workers)
    }

    pub(crate) fn launch(&self, clock: Arc<dyn Clock>) -> Result<Launch, StartError> {
        let vendor = self.vendor_url.iter().map(|url| ("VENDOR_URL", url.into()));
        let mut variables: Vec<_> = vendor.collect();
        if let Some(line) = self.exec.clone() {
            let channel = self.exec_channel;
            return Ok(Launch { line, channel, variables, _package: None, clock });
        }
        let folder = self.template.template.as_ref().ok_or(StartError::NoHandlers)?;
        let project =
            self.template.project(folder).map_err(|source| StartError::Package { source })?;
        variables.extend(project.variables);
        let (line, _package) = (project.line, Some(Arc::new(project.package)));
        // Projects print, so what they print is for the log.
        Ok(Launch { line, channel: Channel::Socket, variables, _package, clock })
    }
}
