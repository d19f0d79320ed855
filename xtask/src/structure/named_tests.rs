//! The tests that pages of the documentation name are there.

use std::fs;

use anyhow::{Context, Result};

use super::page;
use crate::crates::Crate;
use crate::source::Module;
use crate::violation::Violation;

/// The pages that say which test shows what they claim.
const PAGES: [&str; 2] = ["docs/from-the-template.md", "docs/programs.md"];

pub(super) fn check(crates: &[Crate<'_>]) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for name in PAGES {
        let text = page(name)?;
        let packages: Vec<&str> = crates.iter().map(|it| it.package.name.as_str()).collect();
        for test in tests(&text, &packages) {
            if !is_there(test, crates)? {
                found.push(violation(name, test));
            }
        }
    }
    Ok(found)
}

/// Returns what a page has in backquotes that is a path below one of the packages, such as
/// `xtask::structure::named_tests::tests::a_path`.
fn tests<'a>(page: &'a str, packages: &[&str]) -> Vec<&'a str> {
    let quoted = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_path = |text: &&str| {
        let package = text.split_once("::").map(|(package, _)| package);
        package.is_some_and(|package| packages.contains(&package))
    };
    let mut tests: Vec<&str> = quoted.filter(is_path).collect();
    tests.sort_unstable();
    tests.dedup();
    tests
}

/// Whether a library, a program or a test of the package has such a test. The path leaves its name out.
fn is_there(test: &str, crates: &[Crate<'_>]) -> Result<bool> {
    let path: Vec<&str> = test.split("::").collect();
    let [package, modules @ .., name] = &path[..] else { return Ok(false) };
    for root in crates.iter().filter(|it| it.package.name == *package).map(|it| &it.root) {
        if let Some(source) = source(root, modules)?
            && has_test(&source, name)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the file in which a module of a crate is written.
fn source(root: &Module, path: &[&str]) -> Result<Option<String>> {
    let all = root.all();
    if !all.iter().any(|module| module.path == path) {
        return Ok(None);
    }
    let around = all.iter().filter(|module| {
        let above: Vec<&str> = module.path.iter().map(String::as_str).collect();
        module.file.is_some() && path.starts_with(&above)
    });
    let nearest = around.max_by_key(|module| module.path.len());
    let Some(file) = nearest.and_then(|module| module.file.as_ref()) else { return Ok(None) };
    let text = fs::read_to_string(&file.path).with_context(|| file.path.display().to_string())?;
    Ok(Some(text))
}

/// Whether a function of this name has an attribute that makes it a test.
fn has_test(source: &str, name: &str) -> bool {
    let declaration = format!("fn {name}(");
    source.match_indices(&declaration).any(|(at, _)| {
        let before = source.get(..at).unwrap_or_default();
        let attributes = before.rsplit(['}', ';', '{']).next().unwrap_or_default();
        ["#[test]", "#[tokio::test"].iter().any(|attribute| attributes.contains(attribute))
    })
}

fn violation(page: &str, test: &str) -> Violation {
    Violation {
        subject: page.to_owned(),
        rule: "named-tests",
        problem: format!("there is no test `{test}`"),
        remedy: "write the name that it has now, or that nothing shows this any more",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Graph, Metadata};
    use crate::policy::Policy;

    #[test]
    fn paths_below_our_packages_are_tests_and_other_words_are_none() {
        let page =
            "| `ours::it::a` and `Ours::b`, `ours` | `ours::it::a`, `theirs::c` |\n`ours::d`";
        assert_eq!(super::tests(page, &["ours", "more"]), ["ours::d", "ours::it::a"]);
    }

    #[test]
    fn a_function_is_a_test_by_its_attribute() {
        let source =
            "#[test]\nfn a() {}\nfn b() {}\n#[tokio::test(flavor = \"x\")]\nasync fn c() {}";
        assert!(has_test(source, "a") && has_test(source, "c"));
        assert!(!has_test(source, "b") && !has_test(source, "d"));
    }

    #[test]
    fn the_workspace_has_this_test() {
        let graph: &Graph = &Policy::read().unwrap().graph;
        let metadata = Metadata::read(graph).unwrap();
        let crates = Crate::read_all(&metadata).unwrap();
        let here = "xtask::structure::named_tests::tests::the_workspace_has_this_test";
        assert!(is_there(here, &crates).unwrap());
        assert!(!is_there("xtask::structure::named_tests::tests::has_test", &crates).unwrap());
        assert!(!is_there("xtask::structure::the_workspace_has_this_test", &crates).unwrap());
    }
}
