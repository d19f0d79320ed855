//! The packages of ours that each may use: the table in ARCHITECTURE.md says it.

use std::collections::{BTreeMap, BTreeSet};

use crate::metadata::Metadata;
use crate::violation::Violation;

/// The first line of the table.
const HEAD: &str = "| crate | may use, of ours |";

type Names = BTreeSet<String>;

/// A line of the table.
struct Row {
    package: String,
    may_use: Names,
    /// Whether it names what is used, and so nothing else.
    is_exact: bool,
}

pub(super) fn check(metadata: &Metadata, page: &str) -> Vec<Violation> {
    compare(&uses(metadata), page)
}

/// Returns the packages of ours that each of them uses, tests and build scripts aside.
fn uses(metadata: &Metadata) -> BTreeMap<String, Names> {
    let members: Names = metadata.members().map(|package| package.name.clone()).collect();
    let uses = metadata.members().map(|package| {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind.is_none());
        let names = normal.map(|dependency| dependency.name.clone());
        (package.name.clone(), names.filter(|name| members.contains(name)).collect())
    });
    uses.collect()
}

fn compare(uses: &BTreeMap<String, Names>, page: &str) -> Vec<Violation> {
    let rows = rows(page, &uses.keys().cloned().collect());
    let described: Names = rows.iter().map(|row| row.package.clone()).collect();
    let missing = uses.keys().filter(|package| !described.contains(*package));
    let missing =
        missing.map(|package| violation(package, "the table does not have it".to_owned()));
    missing.chain(rows.iter().flat_map(|row| row.compare(uses.get(&row.package)))).collect()
}

fn rows(page: &str, members: &Names) -> Vec<Row> {
    let lines = page.lines().skip_while(|line| !line.starts_with(HEAD)).skip(2);
    let mut rows = Vec::<Row>::new();
    for line in lines.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, package, may_use, ..] = cells[..] else { continue };
        let (may_use, is_exact) = match may_use {
            "nothing" => (Names::new(), true),
            "all of the above" => (rows.iter().map(|row| row.package.clone()).collect(), false),
            "everything" => (members.clone(), false),
            names => (names.split(',').map(|name| full_name(name, members)).collect(), true),
        };
        rows.push(Row { package: full_name(package, members), may_use, is_exact });
    }
    rows
}

/// Returns the package that is called `model`, `` `connect-model` `` or `` `examples/acme` ``.
fn full_name(name: &str, members: &Names) -> String {
    let name = name.trim().trim_matches('`');
    let name = name.rsplit('/').next().unwrap_or(name);
    let full = format!("connect-{name}");
    if members.contains(&full) { full } else { name.to_owned() }
}

impl Row {
    fn compare(&self, uses: Option<&Names>) -> Vec<Violation> {
        let Some(uses) = uses else {
            return vec![violation(&self.package, "the workspace does not have it".to_owned())];
        };
        let forbidden = uses.difference(&self.may_use);
        let forbidden =
            forbidden.map(|name| format!("it uses `{name}`, which the table does not allow"));
        let unused = self.may_use.difference(uses).filter(|_| self.is_exact);
        let unused = unused.map(|name| format!("the table says `{name}`, which it does not use"));
        forbidden.chain(unused).map(|problem| violation(&self.package, problem)).collect()
    }
}

fn violation(package: &str, problem: String) -> Violation {
    let remedy = "mend the dependency, or the table in ARCHITECTURE.md if the design has changed";
    Violation { subject: package.to_owned(), rule: "architecture", problem, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# Architecture

| crate | may use, of ours | what it is |
|---|---|---|
| `connect-model` | nothing | words |
| `fault` | nothing | faults |
| `connect-emulator` | model, fault | a local Connect |
| `examples/acme` | all of the above | a vendor |
| `connect-e2e` | everything | tests |

| crate | may use, of ours | another table |
";

    fn problems(change: impl FnOnce(&mut BTreeMap<String, Names>)) -> Vec<String> {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut uses: BTreeMap<String, Names> = [
            ("connect-model", names(&[])),
            ("fault", names(&[])),
            ("connect-emulator", names(&["connect-model", "fault"])),
            ("acme", names(&["connect-model"])),
            ("connect-e2e", names(&["acme", "connect-emulator"])),
        ]
        .map(|(package, uses)| (package.to_owned(), uses))
        .into();
        change(&mut uses);
        let found = compare(&uses, PAGE).into_iter();
        found.map(|violation| format!("{}: {}", violation.subject, violation.problem)).collect()
    }

    fn uses<'a>(all: &'a mut BTreeMap<String, Names>, package: &str) -> &'a mut Names {
        all.get_mut(package).unwrap()
    }

    #[test]
    fn packages_that_use_what_the_table_says_are_good() {
        assert_eq!(problems(|_| {}), [""; 0]);
    }

    #[test]
    fn a_dependency_that_the_table_does_not_allow_is_named() {
        let found = problems(|all| {
            uses(all, "connect-model").insert("fault".to_owned());
            uses(all, "acme").insert("connect-e2e".to_owned());
        });
        let expected = [
            "connect-model: it uses `fault`, which the table does not allow",
            "acme: it uses `connect-e2e`, which the table does not allow",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_dependency_that_is_gone_from_the_manifest_goes_from_the_table() {
        let found = problems(|all| assert!(uses(all, "connect-emulator").remove("fault")));
        assert_eq!(found, ["connect-emulator: the table says `fault`, which it does not use"]);
    }

    #[test]
    fn the_table_has_the_packages_of_the_workspace() {
        let found = problems(|all| drop(all.insert("connect-clock".to_owned(), Names::new())));
        assert_eq!(found, ["connect-clock: the table does not have it"]);
        let found = problems(|all| drop(all.remove("acme")));
        assert!(found.contains(&"acme: the workspace does not have it".to_owned()), "{found:?}");
    }
}
