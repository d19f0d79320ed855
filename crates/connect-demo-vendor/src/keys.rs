//! Idempotency keys: which were used, for what call, and how it was answered.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::http::StatusCode;

use crate::answer::{Answer, Refusal};

/// A digest of method, path and body: two calls are the same call when it is equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub(crate) fn of(method: &str, path: &str, body: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        (method, path, body).hash(&mut hasher);
        Self(hasher.finish())
    }
}

struct Use {
    fingerprint: Fingerprint,
    answer: Option<Answer>,
}

/// The verdict of a key on a call that carries it.
pub(crate) enum Claimed {
    /// Nobody used it: the call now holds it.
    Fresh,
    /// This very call was carried out; this was the answer.
    Replay(Answer),
    /// Another call has it, or the same one is still being worked on.
    Refused(Refusal),
}

/// Every key that is held or was used for an operation that was carried out.
#[derive(Default)]
pub(crate) struct Keys(HashMap<Arc<str>, Use>);

impl Keys {
    /// Takes the key for a call, unless it was taken before.
    pub(crate) fn claim(&mut self, key: &Arc<str>, fingerprint: Fingerprint) -> Claimed {
        match self.0.get(key) {
            None => {
                self.0.insert(key.clone(), Use { fingerprint, answer: None });
                Claimed::Fresh
            }
            Some(used) if used.fingerprint != fingerprint => Claimed::Refused(reused()),
            Some(Use { answer: Some(answer), .. }) => Claimed::Replay(answer.clone()),
            Some(Use { answer: None, .. }) => Claimed::Refused(in_progress()),
        }
    }

    /// Remembers the answer of the operation that was carried out under the key.
    pub(crate) fn keep(&mut self, key: &Arc<str>, answer: &Answer) {
        if let Some(used) = self.0.get_mut(key) {
            used.answer = Some(answer.clone());
        }
    }

    /// Gives the key back: nothing was carried out under it.
    pub(crate) fn release(&mut self, key: &Arc<str>) {
        self.0.remove(key);
    }
}

fn reused() -> Refusal {
    Refusal::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "This Idempotency-Key belongs to another call. Use a key of its own for every operation.",
    )
}

fn in_progress() -> Refusal {
    Refusal::new(
        StatusCode::CONFLICT,
        "in_progress",
        "The first call with this Idempotency-Key is still being worked on. Try again later.",
    )
}
