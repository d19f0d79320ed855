//! The names of accounts.

use std::fmt;
use std::str::FromStr;

/// The longest name of an account, in characters.
const LONGEST: usize = 32;

/// The name of an account of a program: a part of addresses, labels, and the name of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccountName(String);

/// The reason why a text is no name.
#[derive(Debug, thiserror::Error)]
#[error(
    "it is no name of an account: write 1 to {LONGEST} of a–z, 0–9, `-` and `_`, a letter or digit first"
)]
pub(crate) struct BadAccountName;

impl AccountName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = BadAccountName;

    fn from_str(text: &str) -> Result<Self, BadAccountName> {
        // File systems that know no case would take two names for one.
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| is_plain(byte) || matches!(byte, b'-' | b'_'))
            && text.bytes().next().is_some_and(is_plain);
        if fits { Ok(Self(text.to_owned())) } else { Err(BadAccountName) }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
