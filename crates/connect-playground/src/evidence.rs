//! The proof that what is told is what is seen.

use std::fmt::Display;

use crate::error::Error;

/// Lets a claim pass that is true.
///
/// # Errors
///
/// Says what was claimed and what was seen instead.
pub(crate) fn check<T: PartialEq + Copy + Display>(
    claim: impl Display + Copy,
    seen: T,
    told: T,
) -> Result<(), Error> {
    if seen == told {
        return Ok(());
    }
    Err(Error::Story(format!("{claim} should be `{told}`, but is `{seen}`")))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_claim_that_is_not_true_ends_the_demo() {
        assert!(check("the status", "approved", "approved").is_ok());
        let error = check("the status", "failed", "approved").unwrap_err();
        insta::assert_snapshot!(error, @"the demo is wrong: the status should be `approved`, but is `failed`");
    }
}
