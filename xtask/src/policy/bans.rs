//! Packages that may not be there, versions that say nothing, and packages that are there twice.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::metadata::{Metadata, Package};
use crate::violation::{Level, Report, Violation};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Bans {
    multiple_versions: Level,
    wildcards: Level,
    allow_wildcard_paths: bool,
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ban {
    /// A name, in any version.
    #[serde(rename = "crate")]
    name: String,
}

impl Bans {
    pub(super) fn check(&self, metadata: &Metadata, report: &mut Report) {
        let banned = |package: &&Package| self.deny.iter().any(|ban| ban.name == package.name);
        report.add(Level::Deny, metadata.packages.iter().filter(banned).map(present));
        report.add(self.wildcards, metadata.members().flat_map(|package| self.wildcards(package)));
        report.add(self.multiple_versions, duplicates(metadata));
    }

    fn wildcards(&self, package: &Package) -> impl Iterator<Item = Violation> {
        let excused = |path: bool| path && self.allow_wildcard_paths;
        let wildcards = package
            .dependencies
            .iter()
            .filter(move |dependency| dependency.req == "*" && !excused(dependency.path.is_some()));
        wildcards.map(|dependency| Violation {
            subject: package.name.clone(),
            rule: "wildcards",
            problem: format!("any version of `{}` will do", dependency.name),
            remedy: "name the oldest version that serves",
        })
    }
}

fn present(package: &Package) -> Violation {
    Violation {
        subject: package.spec(),
        rule: "bans",
        problem: "deny.toml forbids it".to_owned(),
        remedy: "see who needs it (cargo tree --invert) and switch off the feature that asks for it",
    }
}

fn duplicates(metadata: &Metadata) -> impl Iterator<Item = Violation> {
    let mut versions = BTreeMap::<&str, Vec<&str>>::new();
    for package in &metadata.packages {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.into_iter().filter(|(_, versions)| versions.len() > 1).map(|(name, versions)| {
        Violation {
            subject: name.to_owned(),
            rule: "multiple-versions",
            problem: format!("{} versions: {}", versions.len(), versions.join(", ")),
            remedy: "update whoever needs the older one",
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::metadata::made_up::{dependency, package, workspace};

    fn check(ours: &Value, others: &[Value]) -> Report {
        let bans = Bans {
            multiple_versions: Level::Warn,
            wildcards: Level::Deny,
            allow_wildcard_paths: true,
            deny: vec![Ban { name: "openssl".to_owned() }],
        };
        let mut report = Report::default();
        bans.check(&workspace(ours, others), &mut report);
        report
    }

    #[test]
    fn a_banned_package_is_refused_wherever_it_comes_from() {
        let [open, other] = ["openssl", "openssl-probe"].map(|name| package(name, &json!({})));
        let errors = check(&json!({}), &[open, other]).errors();
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert!(error.starts_with("openssl 1.0.0: deny.toml forbids it [bans]"), "{error}");
    }

    #[test]
    fn a_version_is_named_except_for_our_own_packages() {
        let any = dependency("left-pad", &json!({"req": "*"}));
        let own = dependency("plain", &json!({"req": "*", "path": "/plain"}));
        let some = dependency("serde", &json!({}));
        let errors = check(&json!({"dependencies": [any, own, some]}), &[]).errors();
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert!(error.starts_with("ours: any version of `left-pad` will do"), "{error}");
    }

    #[test]
    fn a_second_version_is_a_warning() {
        let others =
            ["1.0.0", "2.0.0"].map(|version| package("rand", &json!({"version": version})));
        let report = check(&json!({}), &others);
        assert_eq!(report.errors(), Vec::<String>::new());
        let warnings = report.warnings();
        let [warning] = &warnings[..] else { panic!("{warnings:?}") };
        assert!(warning.starts_with("rand: 2 versions: 1.0.0, 2.0.0"), "{warning}");
    }
}
