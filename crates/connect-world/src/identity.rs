//! The identity of a world.

use std::fmt;
use std::sync::Arc;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// Sets the ids of worlds apart from all else that follows from a seed.
const SALT: u64 = 0x776f_726c_6420_6964;

/// The id of a world: 32 hexadecimal digits. Two worlds have the same one only when they were made
/// from the same seed; a world that is kept keeps it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorldId(Arc<str>);

impl WorldId {
    /// Returns the id with these bits.
    #[must_use]
    pub fn of_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}").into())
    }

    /// Returns the id of every world that begins with a seed.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        Self::of_bits(Rng::with_seed(seed ^ SALT).u128(..))
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for WorldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_is_told_from_others_by_its_seed() {
        assert_eq!(WorldId::of_seed(7), WorldId::of_seed(7));
        assert_ne!(WorldId::of_seed(7), WorldId::of_seed(8));
        assert_eq!(WorldId::of_bits(1).as_str(), "00000000000000000000000000000001");
    }
}
