//! Servers over TCP: listening, serving, stopping.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use connect_clock::{Clock, TimedOut};
use futures::future::join;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::accept::{self, Manner};
use crate::limits::Limits;
use crate::tls::Tls;

/// The time that [`Server::stop`] gives to calls that are being answered.
const GRACE: Duration = Duration::from_secs(5);

/// Returns the base address for clients on this machine, such as `http://127.0.0.1:40123`.
#[must_use]
pub fn url(address: SocketAddr) -> String {
    url_of("http", address)
}

fn url_of(scheme: &str, address: SocketAddr) -> String {
    let ip = match address.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

/// An address that is listened on; whoever connects waits until it is served.
#[derive(Debug)]
pub struct BoundServer {
    listener: TcpListener,
    address: SocketAddr,
    manner: Manner,
}

impl BoundServer {
    /// Listens on an address; with port 0 the system chooses one.
    ///
    /// # Errors
    ///
    /// The system's, such as [`AddrInUse`](io::ErrorKind::AddrInUse).
    pub async fn on(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { address: listener.local_addr()?, listener, manner: Manner::default() })
    }

    /// Returns the address, with the port the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets what one caller can cost; nothing is limited unless set.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.manner.limits = Some(limits);
        self
    }

    /// Speaks TLS; plain HTTP unless set.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.manner.tls = Some(tls);
        self
    }

    /// Answers with a router, whose handlers may take [`ConnectInfo<Caller>`](crate::Caller).
    #[must_use]
    pub fn serve(self, router: Router) -> Server {
        let (stop, stopped) = oneshot::channel();
        let scheme = if self.manner.tls.is_some() { "https" } else { "http" };
        let serving = tokio::spawn(accept::until(stopped, self.listener, router, self.manner));
        Server { address: self.address, scheme, serving, stop }
    }
}

/// A router that is served over HTTP/1.1. When dropped it stops listening, and answers the calls in
/// flight.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    serving: JoinHandle<()>,
    // Never sent on: dropping it is what tells the server to stop.
    stop: oneshot::Sender<()>,
}

impl Server {
    /// Returns the address it listens on, with the port the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base address for clients on this machine, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        url_of(self.scheme, self.address)
    }

    /// Stops listening and answers the calls in flight. Returns when the last connection closed and
    /// `rest`, work that goes on without a connection, is done.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when that takes longer than 5 s by the clock; all connections are broken off
    /// then.
    pub async fn stop(
        mut self,
        clock: &dyn Clock,
        rest: impl Future<Output = ()>,
    ) -> Result<(), TimedOut> {
        drop(self.stop);
        // A server that ended by itself is as stopped as one that was told to.
        let ended = clock.limit(GRACE, join(&mut self.serving, rest)).await.map(drop);
        self.serving.abort();
        ended
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("url", &self.url()).finish_non_exhaustive()
    }
}
