//! The packages of the workspace and what they depend on, as cargo sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::shell::command;

/// The packages that are asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Graph {
    all_features: bool,
    /// The platforms they are for.
    targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression.
    pub(crate) license: Option<String>,
    /// Its origin, absent where the package is a folder of this machine.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
    metadata: Option<Tables>,
}

/// A dependency, as the manifest declares it.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    rename: Option<String>,
    pub(crate) req: String,
    pub(crate) kind: Option<Kind>,
    pub(crate) path: Option<PathBuf>,
}

/// The place where a dependency is declared, unless it is a normal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Dev,
    Build,
}

/// A library, a program or a test.
#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Vec<String>,
    pub(crate) src_path: PathBuf,
}

/// `[package.metadata]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Tables {
    #[serde(default)]
    features_only: BTreeMap<String, String>,
}

impl Metadata {
    /// Asks cargo, which needs no network unless a package was never downloaded.
    pub(crate) fn read(graph: &Graph) -> Result<Self> {
        let metadata = ask(graph, "--filter-platform", &["metadata", "--format-version=1"])?;
        let mut metadata: Self =
            serde_json::from_str(&metadata).context("cargo metadata has changed")?;
        // The metadata count what a feature would bring that nobody switches on (`ring?/std`).
        let tree = ["tree", "--workspace", "--prefix=none", "--format={p}"];
        metadata.keep_built(&ask(graph, "--target", &tree)?);
        Ok(metadata)
    }

    /// Keeps the packages that stand in the lines of `cargo tree`.
    fn keep_built(&mut self, tree: &str) {
        let built: BTreeSet<(&str, &str)> = tree.lines().filter_map(name_and_version).collect();
        self.packages
            .retain(|package| built.contains(&(package.name.as_str(), package.version.as_str())));
    }

    /// The packages of the workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.is_member(package))
    }

    pub(crate) fn is_member(&self, package: &Package) -> bool {
        self.workspace_members.contains(&package.id)
    }
}

/// Returns what a command of cargo prints about the packages.
fn ask(graph: &Graph, target_flag: &str, words: &[&str]) -> Result<String> {
    let run = |more: Option<&str>| {
        let mut cargo = command("cargo", words);
        cargo.arg("--locked").args(graph.all_features.then_some("--all-features")).args(more);
        cargo.args(graph.targets.iter().flat_map(|target| [target_flag, target]));
        let output = cargo.output().context("cargo cannot be started")?;
        if !output.status.success() {
            bail!("cargo {}: {}", words[0], String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    };
    run(Some("--offline")).or_else(|_| run(None))
}

/// Reads a line such as `serde_derive v1.0.0 (proc-macro)`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(" v")?;
    Some((name, rest.split_whitespace().next()?))
}

impl Package {
    /// Its name and version, for a person.
    pub(crate) fn spec(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The dependencies that no source has to mention, with the reason: the table
    /// `[package.metadata.features-only]` of the manifest.
    pub(crate) fn features_only(&self) -> impl Iterator<Item = &str> {
        self.metadata.iter().flat_map(|tables| tables.features_only.keys()).map(String::as_str)
    }
}

impl Dependency {
    /// The name by which sources mention it.
    pub(crate) fn crate_name(&self) -> String {
        self.rename.as_ref().unwrap_or(&self.name).replace('-', "_")
    }
}

impl Target {
    /// Whether it is the library or a program, which normal dependencies are for.
    pub(crate) fn is_shipped(&self) -> bool {
        self.is(&["lib", "rlib", "proc-macro", "bin"])
    }

    pub(crate) fn is_build_script(&self) -> bool {
        self.is(&["custom-build"])
    }

    fn is(&self, kinds: &[&str]) -> bool {
        self.kind.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

#[cfg(test)]
pub(crate) mod made_up {
    use serde_json::{Value, json};

    use super::*;

    pub(crate) const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    /// A package of crates.io under the MIT licence, but for what is told otherwise.
    pub(crate) fn package(name: &str, otherwise: &Value) -> Value {
        let mut package = json!({
            "id": format!("{name} 1.0.0"), "name": name, "version": "1.0.0", "license": "MIT",
            "source": CRATES_IO, "dependencies": [], "targets": [], "metadata": null,
        });
        for (key, value) in otherwise.as_object().unwrap() {
            package[key] = value.clone();
        }
        package
    }

    /// A workspace of one member, `ours`, and the packages it came with.
    pub(crate) fn workspace(ours: &Value, others: &[Value]) -> Metadata {
        let mut ours = ours.clone();
        ours["source"] = Value::Null;
        let packages: Vec<Value> =
            [package("ours", &ours)].into_iter().chain(others.to_vec()).collect();
        let metadata = json!({"packages": packages, "workspace_members": ["ours 1.0.0"]});
        serde_json::from_value(metadata).unwrap()
    }

    /// A dependency on any 1.x, but for what is told otherwise.
    pub(crate) fn dependency(name: &str, otherwise: &Value) -> Value {
        let mut dependency = json!({
            "name": name, "rename": null, "req": "^1.0", "kind": null, "source": CRATES_IO,
        });
        for (key, value) in otherwise.as_object().unwrap() {
            dependency[key] = value.clone();
        }
        dependency
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::made_up::{package, workspace};

    #[test]
    fn a_package_that_no_feature_switches_on_does_not_count() {
        let others = ["serde", "serde_derive", "ring"].map(|name| package(name, &json!({})));
        let mut metadata = workspace(&json!({}), &others);
        metadata.keep_built("ours v1.0.0 (/ours)\nserde v1.0.0\nserde_derive v1.0.0 (proc-macro)");
        let kept: Vec<&str> = metadata.packages.iter().map(|package| &*package.name).collect();
        assert_eq!(kept, ["ours", "serde", "serde_derive"]);
    }
}
