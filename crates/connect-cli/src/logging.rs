//! Logs for developers, on stderr. Messages for users go through the printer.

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};

/// Starts writing logs: as much as `RUST_LOG` says, or else `-v`.
pub(crate) fn start(cli: &Cli) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level(cli)));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(AutoStream::choice(&std::io::stderr()) != ColorChoice::Never)
        .with_target(false)
        .fmt_fields(plain::Fields)
        // A log that cannot be written ends nothing: a full disk, a reader that is gone.
        .log_internal_errors(false)
        .init();
}

/// Returns the default filter: whoever starts a processor wants to see it work.
fn level(cli: &Cli) -> &'static str {
    match (cli.global.verbose, &cli.command) {
        (0, _) if cli.global.quiet || cli.global.json => "error",
        // What goes wrong there is meant to, and the certificate says what became of it.
        (0, Command::Crashtest(_)) => "error",
        (0, Command::Up(_)) => "warn,connect_processor=info",
        (0, _) => "warn",
        (1, _) => "info",
        (_, _) => "debug,hyper=info,reqwest=info,rustls=info,h2=info",
    }
}
