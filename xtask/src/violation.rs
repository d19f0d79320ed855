//! Rules that are broken, and what came of checking them.

use std::fmt::{self, Display, Formatter};

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::shell::say;

/// A rule that a package or a file breaks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The package, the file or the list that is to be mended.
    pub(crate) subject: String,
    pub(crate) rule: &'static str,
    pub(crate) problem: String,
    pub(crate) remedy: &'static str,
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { subject, rule, problem, remedy } = self;
        write!(f, "{subject}: {problem} [{rule}]\n    {remedy}")
    }
}

/// The consequence of a violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Allow,
    Warn,
    Deny,
}

/// The violations that were found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    warnings: Vec<Violation>,
    errors: Vec<Violation>,
}

impl Report {
    pub(crate) fn add(&mut self, level: Level, found: impl IntoIterator<Item = Violation>) {
        match level {
            Level::Allow => {}
            Level::Warn => self.warnings.extend(found),
            Level::Deny => self.errors.extend(found),
        }
    }

    /// Prints the violations.
    ///
    /// # Errors
    ///
    /// When there is one that is denied.
    pub(crate) fn print(&self) -> Result<()> {
        self.warnings.iter().for_each(|warning| say(&format!("warning: {warning}")));
        self.errors.iter().for_each(|error| say(&format!("error: {error}")));
        match self.errors.len() {
            0 => Ok(()),
            count => bail!("{count} broken rules of dependencies and structure"),
        }
    }
}

#[cfg(test)]
impl Report {
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.warnings.iter().map(ToString::to_string).collect()
    }

    pub(crate) fn errors(&self) -> Vec<String> {
        self.errors.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation() -> Violation {
        let problem = "has no licence".to_owned();
        Violation { subject: "left-pad".to_owned(), rule: "licences", problem, remedy: "ask" }
    }

    #[test]
    fn a_violation_names_the_package_the_rule_and_the_remedy() {
        assert_eq!(violation().to_string(), "left-pad: has no licence [licences]\n    ask");
    }

    #[test]
    fn only_what_is_denied_is_an_error() {
        let mut report = Report::default();
        report.add(Level::Allow, [violation()]);
        report.add(Level::Warn, [violation()]);
        assert!(report.print().is_ok());
        report.add(Level::Deny, [violation()]);
        assert!(report.print().is_err());
    }
}
