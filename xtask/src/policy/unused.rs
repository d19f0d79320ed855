//! Every dependency of ours is mentioned in the sources that it is declared for.

use std::collections::BTreeSet;

use crate::crates::Crate;
use crate::metadata::{Dependency, Kind, Package};
use crate::violation::Violation;

/// The first names of the paths in a package.
struct Mentions {
    /// Those that are not compiled for tests alone.
    shipped: BTreeSet<String>,
    build: BTreeSet<String>,
    all: BTreeSet<String>,
}

/// Checks the dependencies of a package against its crates.
pub(super) fn check(package: &Package, crates: &[Crate<'_>]) -> Vec<Violation> {
    let mentions = Mentions::of(package, crates);
    let features_only: BTreeSet<&str> = package.features_only().collect();
    let mut found: Vec<Violation> = package
        .dependencies
        .iter()
        .filter(|dependency| !features_only.contains(dependency.name.as_str()))
        .filter_map(|dependency| mentions.violation(package, dependency))
        .collect();
    let stale = features_only.iter().filter(|name| !is_needed(package, &mentions, name));
    found.extend(stale.map(|name| Violation {
        subject: package.name.clone(),
        rule: "unused-dependencies",
        problem: format!("`{name}` is no dependency for its features alone"),
        remedy: "remove it from [package.metadata.features-only]",
    }));
    found
}

/// Whether a dependency has to be excused for not being mentioned.
fn is_needed(package: &Package, mentions: &Mentions, name: &str) -> bool {
    let mut dependencies = package.dependencies.iter();
    dependencies.any(|dependency| {
        dependency.name == name && mentions.violation(package, dependency).is_some()
    })
}

impl Mentions {
    fn of(package: &Package, crates: &[Crate<'_>]) -> Self {
        let mut mentions =
            Self { shipped: BTreeSet::new(), build: BTreeSet::new(), all: BTreeSet::new() };
        let own = crates.iter().filter(|own| own.package.name == package.name);
        for own in own {
            for path in own.root.all().into_iter().flat_map(|module| &module.paths) {
                let Some(first) = path.segments.first() else { continue };
                mentions.all.insert(first.clone());
                if own.target.is_shipped() && !path.is_test {
                    mentions.shipped.insert(first.clone());
                }
                if own.target.is_build_script() {
                    mentions.build.insert(first.clone());
                }
            }
        }
        mentions
    }

    fn violation(&self, package: &Package, dependency: &Dependency) -> Option<Violation> {
        let name = dependency.crate_name();
        let (mentioned, place) = match dependency.kind {
            None => (&self.shipped, "outside of tests"),
            Some(Kind::Dev) => (&self.all, "anywhere"),
            Some(Kind::Build) => (&self.build, "in the build script"),
        };
        let remedy = if self.all.contains(&name) {
            "move it to where it is used: [dependencies], [dev-dependencies] or [build-dependencies]"
        } else {
            "remove it, or give the reason under [package.metadata.features-only] if it is there \
             to switch on features"
        };
        (!mentioned.contains(&name)).then(|| Violation {
            subject: package.name.clone(),
            rule: "unused-dependencies",
            problem: format!("`{}` is not mentioned {place}", dependency.name),
            remedy,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::metadata::made_up::{dependency, workspace};
    use crate::source::Module;

    /// Returns what is found when `ours` is a library, or a target of another kind, of that source.
    fn check_kind(kind: &str, source: &str, ours: &Value) -> Vec<String> {
        let target = json!({"name": "ours", "kind": [kind], "src_path": "/ours/src/lib.rs"});
        let mut ours = ours.clone();
        ours["targets"] = json!([target]);
        let metadata = workspace(&ours, &[]);
        let package = metadata.members().next().unwrap();
        let root = Module::from_source(source);
        let crates = [Crate { package, target: &package.targets[0], root }];
        check(package, &crates).into_iter().map(|violation| violation.to_string()).collect()
    }

    /// Returns what is found when the library has that source and one dependency.
    fn found(source: &str, otherwise: &Value) -> String {
        let ours = json!({"dependencies": [dependency("left-pad", otherwise)]});
        check_kind("lib", source, &ours).join("\n")
    }

    #[test]
    fn a_dependency_that_is_mentioned_is_used() {
        for source in [
            "use left_pad::pad;",
            "use left_pad as pad;",
            "fn f() { left_pad::pad() }",
            "#[derive(left_pad::Pad)] struct S;",
            "m!(x, left_pad::pad!(1));",
        ] {
            assert_eq!(found(source, &json!({})), "", "{source}");
        }
        assert_eq!(found("use pad::pad;", &json!({"rename": "pad"})), "");
    }

    #[test]
    fn a_dependency_that_is_not_mentioned_is_found() {
        for source in ["", "fn left_pad() {}", "use crate::left_pad;", "// left_pad::pad"] {
            let found = found(source, &json!({}));
            let expected =
                "ours: `left-pad` is not mentioned outside of tests [unused-dependencies]";
            assert!(found.starts_with(expected), "{source}: {found}");
            assert!(found.contains("remove it, or give the reason"), "{found}");
        }
    }

    #[test]
    fn a_dependency_is_declared_where_it_is_used() {
        let tests = "#[cfg(test)] mod tests { use left_pad::pad; }";
        let misplaced = found(tests, &json!({}));
        assert!(misplaced.contains("move it to where it is used"), "{misplaced}");
        assert_eq!(found(tests, &json!({"kind": "dev"})), "");
        assert!(!found("use left_pad::pad;", &json!({"kind": "build"})).is_empty());
        let build = dependency("left-pad", &json!({"kind": "build"}));
        let ours = json!({"dependencies": [build]});
        assert_eq!(check_kind("custom-build", "use left_pad::pad;", &ours), [""; 0]);
    }

    #[test]
    fn a_dependency_for_its_features_is_excused_as_long_as_it_is_not_mentioned() {
        let excused = json!({"features-only": {"left-pad": "its features make serde pad"}});
        let left_pad = dependency("left-pad", &json!({}));
        let ours = json!({"dependencies": [left_pad], "metadata": excused});
        assert_eq!(check_kind("lib", "", &ours), [""; 0]);
        let stale = check_kind("lib", "use left_pad::pad;", &ours);
        assert!(stale.join("").contains("is no dependency for its features alone"), "{stale:?}");
        let gone = check_kind("lib", "", &json!({"metadata": excused}));
        assert!(gone.join("").contains("is no dependency for its features alone"), "{gone:?}");
    }
}
