//! Signals to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C, or the signal that service managers send.
pub(crate) async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(interrupt.await),
    }
}
