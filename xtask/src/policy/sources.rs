//! Packages come from registries we know, or are of the workspace.

use serde::Deserialize;

use crate::metadata::{Metadata, Package};
use crate::violation::{Level, Report, Violation};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Sources {
    unknown_registry: Level,
    unknown_git: Level,
    allow_registry: Vec<String>,
}

impl Sources {
    pub(super) fn check(&self, metadata: &Metadata, report: &mut Report) {
        for package in metadata.packages.iter().filter(|package| !metadata.is_member(package)) {
            let (level, problem) = match package.source.as_deref() {
                None => (Level::Deny, "it is a folder outside the workspace".to_owned()),
                Some(source) if self.allows(source) => continue,
                Some(git) if git.starts_with("git+") => (self.unknown_git, format!("from {git}")),
                Some(other) => (self.unknown_registry, format!("from {other}")),
            };
            report.add(level, [violation(package, problem)]);
        }
    }

    /// Compares what follows the kind of the source, as in `registry+https://…`.
    fn allows(&self, source: &str) -> bool {
        match source.split_once('+') {
            Some(("registry" | "sparse", url)) => self.allow_registry.iter().any(|own| own == url),
            _ => false,
        }
    }
}

fn violation(package: &Package, problem: String) -> Violation {
    let remedy = "depend on what a registry of deny.toml (sources.allow-registry) has published";
    Violation { subject: package.spec(), rule: "sources", problem, remedy }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::metadata::made_up::{CRATES_IO, package, workspace};

    fn problem_with(source: impl Into<Value>) -> Option<String> {
        let sources = Sources {
            unknown_registry: Level::Deny,
            unknown_git: Level::Deny,
            allow_registry: vec!["https://github.com/rust-lang/crates.io-index".to_owned()],
        };
        let left_pad = package("left-pad", &json!({"source": source.into()}));
        let mut report = Report::default();
        sources.check(&workspace(&json!({}), &[left_pad]), &mut report);
        report.errors().pop()
    }

    #[test]
    fn packages_come_from_the_registry_of_the_policy() {
        assert_eq!(problem_with(CRATES_IO), None);
        for source in ["registry+https://example.com/index", "git+https://example.com/left-pad#1"] {
            let problem = problem_with(source).unwrap();
            assert!(problem.starts_with(&format!("left-pad 1.0.0: from {source}")), "{problem}");
        }
    }

    #[test]
    fn a_folder_belongs_to_the_workspace() {
        let problem = problem_with(Value::Null).unwrap();
        assert!(problem.contains("a folder outside the workspace"), "{problem}");
    }
}
