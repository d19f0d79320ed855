//! The tokens of calls that were taken lately: the same call again is no news, and opens nothing.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// The number of tokens that are remembered.
const KEPT: usize = 1024;

/// A token's signature, as it is remembered: enough of it to tell two tokens apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signature(u64);

impl Signature {
    pub(crate) fn of(token: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        token.rsplit('.').next().unwrap_or_default().hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// The signatures of tokens that were taken, oldest first.
#[derive(Default)]
pub(crate) struct RecentTokens(Mutex<VecDeque<Signature>>);

impl RecentTokens {
    /// Takes a token, unless it was taken before.
    pub(crate) fn take(&self, signature: Signature) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.contains(&signature) {
            return false;
        }
        remember(&mut kept, signature);
        true
    }

    pub(crate) fn has(&self, signature: Signature) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&signature)
    }

    pub(crate) fn add(&self, signature: Signature) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remember(&mut kept, signature);
    }
}

fn remember(kept: &mut VecDeque<Signature>, signature: Signature) {
    if kept.len() == KEPT {
        kept.pop_front();
    }
    kept.push_back(signature);
}
