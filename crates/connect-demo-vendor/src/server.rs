//! Starting, steering and stopping the vendor.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::{fmt, io};

use ::fault::Fault;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::log::{Call, Effect};
use crate::rest;
use crate::tenant::{Seed, TenantExists};
use crate::vendor::Vendor;
use hangup::{HangUp, HangUpListener};

/// How to start the vendor.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; a free port of the loopback interface unless told otherwise. Nothing here
    /// asks for credentials, and anybody who reaches the port can inject faults.
    pub listen: SocketAddr,
    /// The largest request body it reads, in bytes; 64 KiB unless told otherwise. Seeding may use
    /// 256 times as much.
    pub body_limit: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { listen: (Ipv4Addr::LOCALHOST, 0).into(), body_limit: 64 * 1024 }
    }
}

/// The vendor could not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error(
        "the demo vendor cannot listen on {listen}: {source}; choose another port for it, or 0 \
         for a free one"
    )]
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// A vendor that answers calls; it stops when dropped.
pub struct Running {
    vendor: Arc<Vendor>,
    address: SocketAddr,
    serving: JoinHandle<io::Result<()>>,
    // Never sent on: dropping it is what tells the server to stop.
    stop: oneshot::Sender<()>,
}

/// Starts a vendor without tenants. It answers as soon as this returns.
///
/// # Errors
///
/// [`StartError::Listen`] when the address cannot be listened on.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let cannot_listen = |source| StartError::Listen { listen: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let vendor = Vendor::new();
    let service = rest::router(vendor.clone(), config.body_limit)
        .into_make_service_with_connect_info::<HangUp>();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(
        axum::serve(HangUpListener(listener), service)
            .with_graceful_shutdown(async move { drop(stopped.await) })
            .into_future(),
    );
    Ok(Running { vendor, address, serving, stop })
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Running {
    /// The base address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Every effect so far, oldest first.
    pub fn log(&self) -> Vec<Effect> {
        self.log_after(0)
    }

    /// The effects behind the one numbered `seq`, oldest first.
    pub fn log_after(&self, seq: u64) -> Vec<Effect> {
        self.vendor.effects_after(seq)
    }

    /// Every call so far, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.calls_after(0)
    }

    /// The calls behind the one numbered `seq`, oldest first.
    pub fn calls_after(&self, seq: u64) -> Vec<Call> {
        self.vendor.calls_after(seq)
    }

    /// Adds a fault behind those that are set.
    pub fn fault(&self, fault: Fault) {
        self.vendor.add_fault(fault);
    }

    /// The faults that have strikes left, oldest first.
    pub fn faults(&self) -> Vec<Fault> {
        self.vendor.faults()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.vendor.clear_faults();
    }

    /// Sets the scene: these tenants exist, and no effect says so.
    ///
    /// # Errors
    ///
    /// [`TenantExists`] when an id is taken; nothing is seeded then.
    pub fn seed(&self, seeds: Vec<Seed>) -> Result<(), TenantExists> {
        self.vendor.seed(seeds)
    }

    /// Keeps ids that an earlier life gave away from being given again: no new tenant gets one.
    pub fn reserve<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        self.vendor.reserve(ids);
    }

    /// Stops listening, answers the calls in flight, and returns when the last connection closed.
    pub async fn stop(self) {
        drop(self.stop);
        // A server that ended by itself is as stopped as one that was told to.
        let _ = self.serving.await;
    }
}
