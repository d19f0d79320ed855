//! The emulator over the network: starting and stopping.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::{fmt, io};

use axum::Router;
use serve::{BoundServer, Server};

use crate::control::{self, Control};
use crate::emulator::{Config, Emulator, StartError};
use crate::media;
use crate::rest;
use crate::ui::{self, Ui};

/// An emulator that answers calls over the network; it stops when dropped.
pub struct Running {
    emulator: Emulator,
    ui: Arc<Ui>,
    server: Server,
}

/// Starts an emulator. It answers as soon as this returns.
///
/// # Errors
///
/// [`StartError`] when it cannot listen on the address or use the folder.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let cannot_listen = |source| StartError::listening(config.listen, source);
    let bound = BoundServer::on(config.listen).await.map_err(cannot_listen)?;
    let listen = bound.address();
    let emulator = Emulator::open(Config { listen, ..config }).await?;
    run(emulator, bound).map_err(StartError::NoRandomness)
}

fn run(emulator: Emulator, bound: BoundServer) -> io::Result<Running> {
    let (gate, address) = (emulator.gate(), bound.address());
    let (platform, activity) = (gate.platform.clone(), gate.activity.clone());
    let ui = Ui::new(platform, activity, gate.clock.clone(), address.ip())?;
    let server = bound.serve(doors(&emulator, address, ui.clone()));
    Ok(Running { emulator, ui, server })
}

/// Returns all doors: Connect's API, the emulator's own endpoints beside it, and the pages.
fn doors(emulator: &Emulator, address: SocketAddr, ui: Arc<Ui>) -> Router {
    let gate = emulator.gate().clone();
    let media = media::router(gate.platform.clone());
    let downloads = rest::usage::downloads(gate.platform.clone());
    let control = Control { gate, listen: address.ip(), endpoint: endpoint(address).into() };
    emulator
        .api()
        .merge(control::router(control))
        .merge(media)
        .merge(downloads)
        .merge(ui::router(ui))
}

fn endpoint(address: SocketAddr) -> String {
    format!("{}{}", serve::url(address), rest::PREFIX)
}

/// A running emulator is asked, and made to misbehave, as any other.
impl Deref for Running {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Running {
    /// Returns the address it listens on, with the port the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the base address, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Returns the address of Connect's API: what clients call the endpoint.
    #[must_use]
    pub fn endpoint(&self) -> String {
        endpoint(self.address())
    }

    /// Returns the token that the pages ask for, when the emulator listens on an address that
    /// others than this machine's users can reach.
    #[must_use]
    pub fn login(&self) -> Option<&str> {
        self.ui.login()
    }

    /// Stops listening and answers the calls in flight; what takes longer than 5 s is broken off.
    /// When this returns, the folder of [`Config::data`] is free for another emulator.
    pub async fn stop(mut self) {
        self.ui.close();
        let gate = self.emulator.gate().clone();
        if self.server.stop(&*gate.clock, gate.calls.all_answered()).await.is_err() {
            gate.calls.break_off();
            gate.calls.all_answered().await;
        }
        self.emulator.stop_tasks().await;
        gate.platform.close().await;
    }
}
