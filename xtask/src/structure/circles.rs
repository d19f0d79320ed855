//! Modules do not use each other in a circle. What a module and the modules below it use of each
//! other is no circle: they are one thing in more than one file.

use std::collections::{BTreeMap, BTreeSet};

use crate::crates::Crate;
use crate::source::Module;
use crate::violation::Violation;

/// The modules that each module uses, each with a path that says so.
type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// Compares the circles there are with those that are known, each with a reason.
pub(super) fn check(crates: &[Crate<'_>], known: &BTreeMap<String, String>) -> Vec<Violation> {
    let shipped = crates.iter().filter(|one| one.target.is_shipped());
    let found: BTreeMap<String, String> =
        shipped.flat_map(|one| circles(&one.target.name, &one.root)).collect();
    let new = found.iter().filter(|(circle, _)| !known.contains_key(*circle));
    let new = new.map(|(circle, arrows)| Violation {
        subject: circle.clone(),
        rule: "circles",
        problem: format!("these modules use each other: {arrows}"),
        remedy: "move what both need to a module of its own",
    });
    let gone = known.keys().filter(|circle| !found.contains_key(*circle));
    let gone = gone.map(|circle| Violation {
        subject: circle.clone(),
        rule: "circles",
        problem: "there is no such circle".to_owned(),
        remedy: "remove it from structure.toml",
    });
    new.chain(gone).collect()
}

/// Returns the circles of a crate by name, such as `crate: one, folder::two`, with their arrows.
fn circles(name: &str, root: &Module) -> BTreeMap<String, String> {
    let arrows = arrows(root);
    let found = components(&arrows).into_iter().map(|circle| {
        let names: Vec<&str> = circle.iter().copied().collect();
        (format!("{name}: {}", names.join(", ")), shown(&arrows, &circle))
    });
    found.collect()
}

fn shown(arrows: &Arrows, circle: &BTreeSet<&str>) -> String {
    let mut shown = Vec::new();
    for (from, uses) in arrows.iter().filter(|(from, _)| circle.contains(from.as_str())) {
        let inside = uses.iter().filter(|(to, _)| circle.contains(to.as_str()));
        shown.extend(inside.map(|(to, path)| format!("{from} → {to} ({path})")));
    }
    shown.join(", ")
}

/// Returns the arrows between the modules of a crate.
fn arrows(root: &Module) -> Arrows {
    let mut arrows = Arrows::new();
    for module in root.all() {
        for path in module.paths.iter().filter(|path| !path.is_test) {
            let to = &root.resolve(module, &path.segments).path;
            if !to.starts_with(&module.path) && !module.path.starts_with(to) {
                let uses = arrows.entry(module.path.join("::")).or_default();
                uses.entry(to.join("::")).or_insert_with(|| path.segments.join("::"));
            }
        }
    }
    arrows
}

/// Returns the modules that can be reached from each other.
fn components(arrows: &Arrows) -> BTreeSet<BTreeSet<&str>> {
    let reachable: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|module| (module.as_str(), reachable(arrows, module))).collect();
    let reaches =
        |one: &str, other: &str| reachable.get(one).is_some_and(|all| all.contains(other));
    let circle = |module: &&str| {
        let others = reachable[module].iter().copied();
        others.filter(|other| reaches(other, module)).collect::<BTreeSet<&str>>()
    };
    reachable.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

fn reachable<'a>(arrows: &'a Arrows, from: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next = vec![from];
    while let Some(module) = next.pop() {
        let uses = arrows.get(module).into_iter().flat_map(BTreeMap::keys);
        next.extend(uses.map(String::as_str).filter(|module| found.insert(*module)));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::metadata::made_up::workspace;

    fn circles_in(source: &str) -> Vec<String> {
        circles("ours", &Module::from_source(source)).into_keys().collect()
    }

    #[test]
    fn modules_that_use_each_other_are_a_circle() {
        let direct = "mod a { use super::b::B; } mod b { fn f() { crate::a::A::new() } }";
        assert_eq!(circles_in(direct), ["ours: a, b"]);
        let around = "mod a { use crate::b; } mod b { use crate::c; } mod c { use crate::a; } \
                      mod d { use crate::a; }";
        assert_eq!(circles_in(around), ["ours: a, b, c"]);
        let below =
            "mod x { mod a { mod deep { use crate::x::b; } } mod b { use super::a::deep::A; } }";
        assert_eq!(circles_in(below), ["ours: x::a::deep, x::b"]);
    }

    #[test]
    fn a_circle_through_a_re_export_is_one() {
        let source = "pub use a::A; mod a { use crate::b::B; } mod b { use crate::A; }";
        assert_eq!(circles_in(source), ["ours: a, b"]);
    }

    #[test]
    fn no_circle_is_what_a_module_shares_with_those_below_or_with_tests() {
        let parent = "mod a { use self::b::B; struct A; mod b { use super::A; } }";
        let tests = "mod a { use crate::b; } mod b { #[cfg(test)] mod tests { use crate::a; } }";
        for source in [parent, tests, "mod a { use crate::b; } mod b { use crate::c; } mod c {}"] {
            assert_eq!(circles_in(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn a_circle_is_named_with_the_paths_that_make_it() {
        let source = "mod a { use super::b::B; } mod b { use crate::a; }";
        let found = circles("ours", &Module::from_source(source));
        assert_eq!(found["ours: a, b"], "a → b (super::b::B), b → a (crate::a)");
    }

    #[test]
    fn a_circle_is_known_as_long_as_it_is_there() {
        let target = json!({"name": "ours", "kind": ["lib"], "src_path": "/ours/src/lib.rs"});
        let metadata = workspace(&json!({"targets": [target]}), &[]);
        let package = metadata.members().next().unwrap();
        let problems = |source: &str, known: &[&str]| -> Vec<String> {
            let root = Module::from_source(source);
            let crates = [Crate { package, target: &package.targets[0], root }];
            let known = known.iter().map(|name| ((*name).to_owned(), "why".to_owned())).collect();
            check(&crates, &known).into_iter().map(|violation| violation.problem).collect()
        };
        let circle = "mod a { use crate::b; } mod b { use crate::a; }";
        assert_eq!(problems(circle, &["ours: a, b"]), [""; 0]);
        assert_eq!(problems(circle, &[]).len(), 1);
        assert_eq!(problems("", &["ours: a, b"]), ["there is no such circle"]);
    }
}
