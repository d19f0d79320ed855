//! What is told must be what is seen.

use std::fmt::Display;

use crate::exit::Error;

/// Lets a claim pass that is true.
///
/// # Errors
///
/// Says what was claimed and what was seen instead.
pub(super) fn check<T: PartialEq + Copy + Display>(
    claim: impl Display + Copy,
    seen: T,
    told: T,
) -> Result<(), Error> {
    if seen == told {
        return Ok(());
    }
    Err(Error::Story(format!("{claim} should be `{told}`, but is `{seen}`")))
}
