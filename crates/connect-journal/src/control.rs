//! Small values that all who work on one journal agree on.

use bytes::Bytes;
use jiff::Timestamp;

use crate::error::JournalError;
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

/// The longest name of a control or of who sets it, in bytes.
const LONGEST: usize = 512;

/// Refuses what does not fit into a control.
pub(crate) fn check(
    name: &ControlName,
    value: Option<&Bytes>,
    by: &str,
) -> Result<(), JournalError> {
    let is_text = |text: &str| text.len() <= LONGEST && !text.contains(char::is_control);
    let fit = !name.as_str().is_empty()
        && is_text(name.as_str())
        && is_text(by)
        && value.is_none_or(|value| value.len() <= Control::LARGEST);
    if fit { Ok(()) } else { Err(JournalError::InvalidControl) }
}

/// Refuses one more control than there may be.
pub(crate) fn check_room(others: u64) -> Result<(), JournalError> {
    if others < Control::MOST as u64 { Ok(()) } else { Err(JournalError::TooManyControls) }
}
