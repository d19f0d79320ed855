//! The files and folders that ARCHITECTURE.md names are there.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::shell::root;
use crate::violation::Violation;

/// The ends by which a name in backquotes is known for one of a file or a folder.
const ENDS: [&str; 4] = [".rs", ".js", ".toml", "/"];

pub(super) fn check(page: &str) -> Result<Vec<Violation>> {
    let mut paths = Vec::new();
    add_paths(&root(), "/", &mut paths)?;
    Ok(missing(page, &paths).into_iter().map(violation).collect())
}

/// Adds the paths of all that is below a folder, such as `/crates/` and `/crates/fault/src/lib.rs`;
/// what is hidden or was built is none of ours.
fn add_paths(folder: &Path, path: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            let below = format!("{path}{name}/");
            add_paths(&entry.path(), &below, paths)?;
            paths.push(below);
        } else {
            paths.push(format!("{path}{name}"));
        }
    }
    Ok(())
}

/// Returns the names on the page that no path ends with.
fn missing<'a>(page: &'a str, paths: &[String]) -> Vec<&'a str> {
    let mut names: Vec<&str> = page.lines().flat_map(names).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| {
        let end = format!("/{name}");
        !paths.iter().any(|path| path.ends_with(&end))
    });
    names
}

/// Returns what a line has in backquotes that names a file or a folder. What begins with a slash is
/// an address, and a pattern such as `*.rs` names nothing.
fn names(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.filter(|text| {
        ENDS.iter().any(|end| text.ends_with(end))
            && !text.starts_with('/')
            && !text.contains(|letter: char| letter.is_whitespace() || letter == '*')
    })
}

fn violation(name: &str) -> Violation {
    Violation {
        subject: "ARCHITECTURE.md".to_owned(),
        rule: "named-files",
        problem: format!("there is no `{name}`"),
        remedy: "write the name that it has now, or what is there in its place",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing_in(page: &str) -> Vec<&str> {
        let paths = ["/crates/", "/crates/ours/src/rest.rs", "/crates/ours/src/rest/door.rs"];
        missing(page, &paths.map(str::to_owned))
    }

    #[test]
    fn a_name_is_that_of_a_file_or_folder_anywhere() {
        assert_eq!(missing_in("`door.rs`, `rest/door.rs` and `crates/`"), [""; 0]);
        assert_eq!(
            missing_in("`oor.rs`, `src/door.rs`, `rates/`"),
            ["oor.rs", "rates/", "src/door.rs"]
        );
    }

    #[test]
    fn a_name_that_is_gone_is_said_once() {
        assert_eq!(missing_in("`rest.rs`, `gone.rs`\n`gone.rs`"), ["gone.rs"]);
    }

    #[test]
    fn other_words_name_no_file() {
        let page =
            "gone.rs, `gone`, `GET /gone/`, `/gone/`, `*.rs`, `Gone::new()`\n```text\ngone.rs\n```";
        assert_eq!(missing_in(page), [""; 0]);
    }

    #[test]
    fn the_repository_has_this_file() {
        let mut paths = Vec::new();
        add_paths(&root(), "/", &mut paths).unwrap();
        assert!(paths.contains(&"/xtask/src/structure/files.rs".to_owned()));
        assert!(paths.contains(&"/xtask/src/structure/".to_owned()));
        assert!(!paths.iter().any(|path| path.starts_with("/target/")));
    }
}
