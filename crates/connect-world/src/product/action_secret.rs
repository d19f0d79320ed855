//! The key that signs the links of a product's actions.

use std::fmt;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// The letters of a new key: 40 of them, about 200 bits.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 40;

/// A key. It does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ActionSecret(Box<str>);

impl ActionSecret {
    /// Returns a new key. Whoever knows the seed of the world can compute it, as its other codes.
    pub(crate) fn invented(random: &mut Rng) -> Self {
        let letter = |_| char::from(LETTERS[random.usize(..LETTERS.len())]);
        Self((0..LENGTH).map(letter).collect::<String>().into())
    }

    /// Returns a key that the vendor brings.
    pub(crate) fn brought(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the key itself, for whoever signs with it or may see it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ActionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActionSecret(..)")
    }
}
