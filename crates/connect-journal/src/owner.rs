//! The owner of a journal.

use crate::error::JournalError;

/// The longest name of an owner, in bytes.
const LONGEST: usize = 512;

/// Refuses a text that is not fit to name an owner.
pub(crate) fn check(owner: &str) -> Result<(), JournalError> {
    let fit = (1..=LONGEST).contains(&owner.len()) && !owner.contains(char::is_control);
    if fit { Ok(()) } else { Err(JournalError::InvalidOwner) }
}

/// Compares the owner a journal has with the one it is to be bound to.
pub(crate) fn agree(owner: &str, asked: &str) -> Result<(), JournalError> {
    if owner == asked {
        return Ok(());
    }
    Err(JournalError::OtherOwner { owner: owner.to_owned(), asked: asked.to_owned() })
}
