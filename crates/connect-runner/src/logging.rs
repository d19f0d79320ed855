//! Logs on stderr.

pub(crate) mod json;

use std::io::IsTerminal;

use tracing::Span;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::AccountName;
use json::JsonLines;

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// For programs: a JSON object on each line
    Json,
}

/// Returns what each line says that is about an account, where there are several.
pub(crate) fn of_account(account: Option<&AccountName>) -> Span {
    match account {
        // Of the gravest level: a log with little in it says it, too.
        Some(name) => tracing::error_span!("processor", account = %name),
        None => Span::none(),
    }
}

/// Starts writing logs: as much as `RUST_LOG` says, or else what a service says of its work.
pub(crate) fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    match format {
        LogFormat::Text => tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_target(false)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            // Words of others stay on their line and steer no terminal.
            .fmt_fields(plain::Fields)
            // A log that cannot be written stops nothing.
            .log_internal_errors(false)
            .init(),
        LogFormat::Json => {
            tracing_subscriber::registry().with(filter).with(JsonLines::to(std::io::stderr)).init();
        }
    }
}
