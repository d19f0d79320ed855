//! Small values that all who work on one journal agree on.

use bytes::Bytes;
use jiff::Timestamp;

use crate::names::ControlName;

/// A named value that somebody has set, for all who work on the journal: that a group is stopped, or
/// until when a service is left alone. What it means, the caller knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its name: of 1 to 512 bytes, without control characters.
    pub name: ControlName,
    /// The value, of at most [`Control::LARGEST`] bytes.
    pub value: Bytes,
    /// The one who set it last: up to 512 bytes, without control characters.
    pub by: String,
    /// The time at which it was set last, by the journal's clock.
    pub at: Timestamp,
}

impl Control {
    /// The largest value, in bytes.
    pub const LARGEST: usize = 4096;

    /// The most controls of a journal.
    pub const MOST: usize = 1000;
}
