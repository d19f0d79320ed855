//! What a journal that was restored from a backup says of itself.

use jiff::Timestamp;

/// The latest time that a journal was restored from a backup. What was done after the backup was
/// taken stands nowhere in it: whoever goes on with it must not take what it does not say for
/// something that has not happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restoration {
    /// The time of the backup; of a copy that was made by other means, that of its last event.
    pub backup: Timestamp,
    /// The time at which it was restored.
    pub at: Timestamp,
}
