//! Numbers for new ids: scattered, never twice the same, and the same again for the same seed.

use serde::{Deserialize, Serialize};

/// The count of numbers: as many as the longest id, the asset's, has digits for.
const SPAN: u64 = 1_000_000_000_000;
/// The step from one number to the next. It shares no factor with `SPAN` or any smaller power of
/// ten, so `stride * n` visits every number before it repeats, also when an id keeps only the last
/// digits. It is near the golden section of `SPAN`, so neighbours land far apart.
const STRIDE: u64 = 618_033_988_751;

/// A source of numbers. Its whole state is how many it handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Numbers {
    seed: u64,
    issued: u64,
}

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, issued: 0 }
    }

    /// Issues the next number, below 10¹².
    pub(crate) fn issue(&mut self) -> u64 {
        self.issued += 1;
        let start = u128::from(fastrand::Rng::with_seed(self.seed).u64(..SPAN));
        let steps = u128::from(self.issued) * u128::from(STRIDE);
        ((start + steps) % u128::from(SPAN)) as u64
    }

    /// Returns randomness for something that is made up.
    pub(crate) fn random(&mut self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed ^ self.issue().rotate_left(23))
    }

    /// Returns a code such as `8F2K-77QD`. Whoever knows the seed can compute it: it keeps mistakes
    /// out, not attackers.
    pub(crate) fn code(&mut self) -> Box<str> {
        const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let mut rng = self.random();
        let mut letter = || char::from(LETTERS[rng.usize(..LETTERS.len())]);
        let half = |letter: &mut dyn FnMut() -> char| (0..4).map(|_| letter()).collect::<String>();
        format!("{}-{}", half(&mut letter), half(&mut letter)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_of_nine_digits_do_not_meet() {
        let mut numbers = Numbers::new(7);
        let seen: HashSet<u64> = (0..100_000).map(|_| numbers.issue() % 1_000_000_000).collect();
        assert_eq!(seen.len(), 100_000);
    }

    #[test]
    fn a_code_is_two_groups_of_four() {
        let code = Numbers::new(7).code();
        assert_eq!(code.len(), 9);
        assert_eq!(code.as_bytes()[4], b'-');
    }
}
