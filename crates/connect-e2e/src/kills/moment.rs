//! The moment of a kill, which is no matter of the clock alone: a busy machine takes long to begin.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use connect_emulator::activity::LoggedCall;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::limit;
use crate::Stage;

/// A watch for the moment when processors are at work, set before they are started.
pub struct Watch<'a> {
    stage: &'a Stage,
    heard: Receiver<Arc<LoggedCall>>,
    calls: usize,
}

impl<'a> Watch<'a> {
    /// Sets one.
    #[must_use]
    pub fn set(stage: &'a Stage) -> Self {
        let heard = stage.emulator.activity().subscribe();
        Self { stage, heard, calls: stage.vendor.calls().len() }
    }

    /// Waits until the platform was asked for work: handlers in Rust begin at once.
    ///
    /// # Errors
    ///
    /// When that takes much too long.
    pub async fn poll(mut self) -> Result<()> {
        limit("the platform is asked for work", async {
            loop {
                match self.heard.recv().await {
                    Ok(call) if call.is_poll() => return Ok(()),
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(closed) => return Err(closed).context("the platform has ended"),
                }
            }
        })
        .await
    }

    /// Waits until the vendor has answered a call: there are workers, and they work.
    ///
    /// # Errors
    ///
    /// When that takes much too long.
    pub async fn call(self) -> Result<()> {
        limit("the vendor is called", async {
            while self.stage.vendor.calls().len() == self.calls {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Ok(())
        })
        .await
    }
}
