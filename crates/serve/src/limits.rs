//! The limits of what callers can cost.

use std::time::Duration;

/// The limits of what callers can cost a server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The connections that are open at the same time; others wait to be let in.
    pub connections: usize,
    /// The time in which a caller has to have agreed on TLS, and in which the head of its next
    /// request has to be there: it is how long a silent connection is kept.
    pub head: Duration,
    /// The time for which a caller that is answered may take nothing.
    pub write: Duration,
    /// The time after which a connection ends with the answer that is under way: whoever waits to be
    /// let in has its turn.
    pub life: Duration,
}
