//! What an attempt comes to.

use std::time::Duration;

use crate::ending::Ending;

/// The end of an attempt that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Conclusion {
    /// The end for good.
    Ended(Ending),
    /// Nothing to do until the request changes.
    Idle(Ending),
    /// The time until the next look.
    Wait(Duration),
    /// Nothing was begun: it is not worked on now.
    Shut(Shut),
}

/// The reason for which a run is not worked on now, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shut {
    pub(crate) after: Duration,
    pub(crate) why: String,
}
