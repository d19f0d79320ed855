//! The vendor's API over the network, and as a service in the same process.

use std::future::ready;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;
use std::{fmt, io};

use connect_clock::{Clock, SystemClock};
use serve::{BoundServer, InProcess, Server};
use thiserror::Error;

use crate::rest;
use crate::vendor::Vendor;

/// The largest request body that is read unless told otherwise, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The settings of a vendor that is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on; a free port of the loopback interface unless set. Nothing here
    /// asks for credentials, and anybody who reaches the port can inject faults.
    pub listen: SocketAddr,
    /// The largest request body it reads, in bytes; 64 KiB unless set. Seeding may use 256 times as
    /// much.
    pub body_limit: usize,
    /// The clock that tells the time and by which the delays of faults pass; the machine's unless
    /// set.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            body_limit: BODY_LIMIT,
            clock: Arc::new(SystemClock),
        }
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
        /// The error of the system.
        #[source]
        source: io::Error,
    },
}

/// A vendor that answers calls; it stops when dropped.
pub struct Running {
    vendor: Arc<Vendor>,
    clock: Arc<dyn Clock>,
    server: Server,
}

/// Starts a vendor without tenants. It answers as soon as this returns.
///
/// # Errors
///
/// [`StartError::Listen`] when the address cannot be listened on.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let cannot_listen = |source| StartError::Listen { listen: config.listen, source };
    let bound = BoundServer::on(config.listen).await.map_err(cannot_listen)?;
    let clock = Arc::clone(&config.clock);
    let vendor = Vendor::new(config.clock);
    let server = bound.serve(rest::router(vendor.clone(), config.body_limit));
    Ok(Running { vendor, clock, server })
}

/// A running vendor is steered, and its logs are read, as any other.
impl Deref for Running {
    type Target = Arc<Vendor>;

    fn deref(&self) -> &Arc<Vendor> {
        &self.vendor
    }
}

impl Vendor {
    /// Returns the vendor's API as a service that is called in this process. It reads bodies of up
    /// to 64 KiB, as one over the network does unless told otherwise.
    #[must_use]
    pub fn service(self: &Arc<Self>) -> InProcess {
        InProcess::new(rest::router(Arc::clone(self), BODY_LIMIT))
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Running {
    /// Returns the base address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Stops listening, answers the calls in flight, and returns when the last connection closed.
    /// Whoever takes longer than 5 s is not waited for.
    pub async fn stop(self) {
        let _ = self.server.stop(&*self.clock, ready(())).await;
    }
}
