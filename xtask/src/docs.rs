//! Runs the commands that the documentation shows.
//!
//! Every `sh` block of README.md and docs/*.md is run; the blocks of one page share a shell, so a
//! page can be followed from top to bottom.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::{command, root, step};

/// How long a page may take, in seconds: some of its commands wait for what never comes when an
/// earlier one went wrong. A first build is part of it.
const LIMIT: &str = "1200";

pub(crate) fn run() -> Result<()> {
    for page in pages()? {
        let text = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        let script = commands(&text);
        if !script.is_empty() {
            follow(&page, &script)?;
        }
    }
    Ok(())
}

fn pages() -> Result<Vec<PathBuf>> {
    let mut pages = vec![root().join("README.md")];
    for entry in fs::read_dir(root().join("docs")).context("docs/ cannot be read")? {
        pages.push(entry?.path());
    }
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    Ok(pages)
}

/// The `sh` blocks of a page, one below the other. The test command is left out: it is what runs
/// this.
fn commands(page: &str) -> String {
    let mut script = String::new();
    let mut inside = false;
    for line in page.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside && !command.starts_with("cargo xtask") => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

fn follow(page: &Path, script: &str) -> Result<()> {
    // Whatever a page leaves running in the background ends with it.
    let end = "kill $(jobs -p) 2>/dev/null || true; wait";
    let blame = r#"echo "this command failed: $BASH_COMMAND" >&2"#;
    let whole = format!("set -Eeu\ntrap '{end}' EXIT\ntrap '{blame}' ERR\n{script}");
    let mut shell = command("timeout", &[LIMIT, "bash", "-c", &whole]);
    shell.stdout(std::process::Stdio::null());
    let name = page.file_name().unwrap_or_default().to_string_lossy();
    step(&format!("commands of {name}"), &mut shell)
}
