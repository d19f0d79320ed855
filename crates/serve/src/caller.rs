//! Callers, and hanging up on them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Who calls: a handler takes it as `ConnectInfo<Caller>`.
#[derive(Clone, Debug)]
pub struct Caller {
    peer: SocketAddr,
    is_hung_up: Arc<AtomicBool>,
}

impl Caller {
    pub(crate) fn new(peer: SocketAddr) -> Self {
        Self { peer, is_hung_up: Arc::default() }
    }

    /// Returns a caller without a connection: it is on this machine.
    pub(crate) fn in_process() -> Self {
        Self::new((Ipv4Addr::LOCALHOST, 0).into())
    }

    /// Returns the address it calls from.
    #[must_use]
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Ends all writing. The server's next attempt fails, and it closes the connection.
    pub fn hang_up(&self) {
        self.is_hung_up.store(true, Ordering::Release);
    }

    pub(crate) fn is_hung_up(&self) -> bool {
        self.is_hung_up.load(Ordering::Acquire)
    }

    pub(crate) fn check(&self) -> io::Result<()> {
        if self.is_hung_up() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}
