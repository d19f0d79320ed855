//! How a program ends.

use std::process::ExitCode;

/// How a program ends, the better the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All has come to an end.
    Complete,
    /// Something has to wait or needs a person.
    Left,
    /// It could not run, or work could not begin.
    Failure,
    /// It is used wrongly, or its settings cannot be used.
    Misuse,
}

impl Exit {
    /// Returns the worst of the ends of several accounts.
    pub(crate) fn worst(ends: impl IntoIterator<Item = Self>) -> Self {
        ends.into_iter().max().unwrap_or(Self::Complete)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Complete => 0,
            Exit::Left => 3,
            Exit::Failure => 1,
            Exit::Misuse => 2,
        })
    }
}
