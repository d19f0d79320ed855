//! The place where a role can be reached, and how long it stays there.

use std::io;

use anyhow::Result;
use connect_emulator::Running;
use serde::{Deserialize, Serialize};

use crate::figure::show;

/// The place where a role can be reached.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The base address, such as `http://127.0.0.1:40123`.
    pub(crate) url: String,
    /// The vendor's API key of an emulator.
    pub(crate) key: String,
    /// The product of an emulator.
    pub(crate) product: String,
    /// The base address of a demo vendor.
    pub(crate) vendor: String,
}

impl Place {
    /// Connect's API.
    pub(crate) fn endpoint(&self) -> String {
        format!("{}/public/v1", self.url)
    }

    pub(crate) fn of(emulator: &Running) -> Self {
        Self {
            url: emulator.url(),
            key: emulator.keys().vendor.clone(),
            product: emulator.product().to_string(),
            vendor: String::new(),
        }
    }

    pub(crate) fn announce(&self) -> Result<()> {
        show(&serde_json::to_string(self)?);
        Ok(())
    }
}

/// Comes back when the measuring process is gone, even when it was killed: its end of the input
/// is then closed.
pub(crate) async fn until_left_alone() -> Result<()> {
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    Ok(())
}
