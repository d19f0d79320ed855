//! Logs on stderr.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts writing logs: as much as `RUST_LOG` says, or else what a service says of its work.
pub(crate) fn start() {
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
}
