//! Refuses controls that do not fit.

use bytes::Bytes;

use crate::control::Control;
use crate::error::JournalError;
use crate::names::ControlName;

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
