//! No file is longer than those that are long already.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::crates::Crate;
use crate::shell::root;
use crate::violation::Violation;

/// The lines that a file may have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Longest {
    source: usize,
    tests: usize,
}

impl Longest {
    pub(super) fn check(&self, crates: &[Crate<'_>]) -> Vec<Violation> {
        let mut found = BTreeMap::new();
        for one in crates {
            for module in one.root.all() {
                let Some(file) = &module.file else { continue };
                let is_test = module.is_test || !one.target.is_shipped();
                let limit = if is_test { self.tests } else { self.source };
                if file.lines > limit {
                    found.insert(&file.path, violation(&file.path, file.lines, limit));
                }
            }
        }
        found.into_values().collect()
    }
}

fn violation(file: &Path, lines: usize, limit: usize) -> Violation {
    Violation {
        subject: file.strip_prefix(root()).unwrap_or(file).display().to_string(),
        rule: "longest-file",
        problem: format!("{lines} lines are more than {limit}"),
        remedy: "divide it by what it is about",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::metadata::made_up::workspace;
    use crate::source::{File, Module};

    fn problems(kind: &str, lines: usize) -> Vec<String> {
        let target = json!({"name": "ours", "kind": [kind], "src_path": "/ours/src/lib.rs"});
        let metadata = workspace(&json!({"targets": [target]}), &[]);
        let package = metadata.members().next().unwrap();
        let mut root = Module::from_source("");
        root.file = Some(File { path: "/ours/src/lib.rs".into(), lines });
        let crates = [Crate { package, target: &package.targets[0], root }];
        let found = Longest { source: 10, tests: 20 }.check(&crates).into_iter();
        found.map(|violation| violation.problem).collect()
    }

    #[test]
    fn a_file_ends_at_the_limit_for_its_kind() {
        assert_eq!(problems("lib", 10), [""; 0]);
        assert_eq!(problems("lib", 11), ["11 lines are more than 10"]);
        assert_eq!(problems("test", 11), [""; 0]);
        assert_eq!(problems("test", 21), ["21 lines are more than 20"]);
    }
}
