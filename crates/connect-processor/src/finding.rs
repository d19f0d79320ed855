//! What a check before the work finds.

use std::fmt;

/// Something that a processor's check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its stable code, such as `PRC_TEMPLATE`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The place on the platform, such as `product PRD-411-678-887`.
    pub place: String,
    /// What is wrong there.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Some requests will have to wait, others are worked on.
    Warning,
    /// Work does not begin.
    Error,
}

impl Finding {
    pub(crate) fn warning(
        code: &'static str,
        place: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (place, problem, remedy) = (place.into(), problem.into(), remedy.into());
        Self { code, severity: Severity::Warning, place, problem, remedy }
    }

    pub(crate) fn error(
        code: &'static str,
        place: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Error, ..Self::warning(code, place, problem, remedy) }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, severity, place, problem, remedy } = self;
        write!(f, "{severity} {code}, {place}: {problem}; {remedy}")
    }
}
