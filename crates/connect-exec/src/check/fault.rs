//! What a worker did wrong.

use serde::Serialize;

use crate::lines;

/// The most of a message that is shown, in bytes.
const SHOWN: usize = 400;

/// What was expected of a worker, and what came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("expected {expected}; came {came}")]
pub struct Fault {
    /// What it had to do.
    pub expected: String,
    /// What it did.
    pub came: String,
}

impl Fault {
    pub(super) fn new(expected: impl Into<String>, came: impl AsRef<str>) -> Self {
        let (expected, came) = (cut(&expected.into()), cut(came.as_ref()));
        Self { expected, came }
    }

    /// A program that has ended, in words that are within limits already.
    pub(super) fn ended(expected: &str, how: String) -> Self {
        Self { expected: cut(expected), came: how }
    }
}

/// The beginning of what was said, as one line that steers nothing.
fn cut(text: &str) -> String {
    let shown = lines::text(&text.as_bytes()[..text.len().min(SHOWN)]);
    if text.len() > SHOWN { shown.trim_end_matches('\u{fffd}').to_owned() + " …" } else { shown }
}
