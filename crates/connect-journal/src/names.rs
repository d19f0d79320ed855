//! Names of runs, lanes, workers and steps, and the number that orders claims.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.into())
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(name.into())
            }
        }
    };
}

name! {
    /// Names a run for ever: offering the same id again is the same run. Cheap to clone.
    RunId
}
name! {
    /// Names what must not overlap: at most one run of a lane is worked on at a time. Cheap to
    /// clone.
    Lane
}
name! {
    /// Names what runs have in common that can be stopped together: a claim can pass over all runs
    /// of a group. Cheap to clone.
    Group
}
name! {
    /// Names a value that all who work on a journal agree on.
    ControlName
}
name! {
    /// Names who claims. Written to the history; two workers may share a name without harm.
    WorkerId
}
name! {
    /// Names a step within its run. Stored: a renamed step is a new step to runs under way.
    StepName
}

/// Orders the claims of one lane: each claim's fence is greater than every earlier one's.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fence(pub u64);

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
