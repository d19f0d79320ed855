//! The Acme processor as a program.
//!
//! Exit codes: 0 everything came to an end, 1 it could not run, 2 wrong usage, 3 with `--once`:
//! some requests have to wait or need a person.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use acme::{Acme, Flags, Settings, SettingsError, processor};
use anyhow::Context;
use clap::builder::Resettable;
use clap::{Arg, CommandFactory, FromArgMatches, Parser};
use connect_client::Client;
use connect_clock::SystemClock;
use connect_journal::SqliteJournal;
use connect_processor::{Error, Report, chain};
use tracing_subscriber::EnvFilter;

/// Processes the Connect requests of Acme's products.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// A TOML file with settings; flags and the environment come before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The ready file of `cnct up`: where everything is, unless flags or the environment say it
    #[arg(long, env = "CONNECT_READY", value_name = "FILE")]
    ready: Option<PathBuf>,
    /// Work on what is pending now, then end
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    flags: Flags,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        // Words of others stay on their line and steer no terminal.
        .fmt_fields(plain::Fields)
        // A log that cannot be written stops nothing.
        .log_internal_errors(false)
        .init();
    let cli = arguments();
    let once = cli.once;
    match run(cli).await {
        Ok(report) if once && !report.is_complete() => ExitCode::from(3),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", chain(error.as_ref()));
            ExitCode::from(exit_code(&error))
        }
    }
}

/// The arguments. A variable that is set to nothing counts as not set.
fn arguments() -> Cli {
    let command = Cli::command().mut_args(|arg| if is_empty(&arg) { unset(arg) } else { arg });
    Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

fn is_empty(arg: &Arg) -> bool {
    let value = arg.get_env().and_then(std::env::var_os);
    value.is_some_and(|value| value.is_empty())
}

fn unset(arg: Arg) -> Arg {
    arg.env(Resettable::Reset)
}

/// Returns 2 for what the settings are to blame for: values that cannot be used, and a journal of
/// another platform or account.
fn exit_code(error: &anyhow::Error) -> u8 {
    let other_journal = matches!(error.downcast_ref(), Some(Error::OtherJournal { .. }));
    let settings = error.is::<SettingsError>() || error.is::<connect_client::Error>();
    if settings || other_journal { 2 } else { 1 }
}

async fn run(cli: Cli) -> anyhow::Result<Report> {
    let ready = match &cli.ready {
        // A key belongs to its endpoint: with another endpoint the file says nothing.
        Some(path) if cli.flags.endpoint.is_none() => Flags::from_ready(path)?,
        _ => Flags::default(),
    };
    let file = cli.config.as_deref().map(Flags::from_file).transpose()?.unwrap_or_default();
    let settings = cli.flags.or(ready).or(file).resolve()?;
    let processor = build(&settings)?;
    let ended =
        if cli.once { processor.drain().await } else { processor.run(told_to_stop()).await };
    let report = ended.map_err(|error| match error {
        Error::OtherJournal { .. } => {
            anyhow::Error::new(error).context(format!("{}", settings.journal.display()))
        }
        error => error.into(),
    })?;
    tracing::info!(ended = ?report.ended, open = report.open.len(), "ended");
    for run in &report.open {
        tracing::warn!(request = run.request, state = run.state, why = run.why, "left");
    }
    Ok(report)
}

fn build(settings: &Settings) -> anyhow::Result<connect_processor::Processor<Acme>> {
    let client = Client::builder(&settings.endpoint, settings.api_key.clone())
        .allow_plain_http(settings.allow_plain_http)
        .max_body(settings.max_body)
        .build()?;
    let journal = SqliteJournal::open(&settings.journal, SystemClock)?;
    let acme = Acme::new(&settings.vendor_url).context("Acme's API cannot be used")?;
    Ok(processor(acme, client, Arc::new(journal))
        .products(settings.products.iter().cloned())
        .environments(settings.environments.iter().cloned())
        .template(&settings.template)
        .page_size(settings.page_size)
        .concurrency(settings.concurrency)
        .lease(settings.lease)
        .poll_every(settings.poll)
        .patience(settings.patience))
}

/// Waits for Ctrl-C, or the signal that service managers send.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(interrupt.await),
    }
}
