//! The programs of another revision, built once and kept below the target directory.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::release::{PROGRAMS, build};
use crate::shell::{command, say, step, target};

/// A commit.
pub(crate) struct Revision {
    /// The whole id of the commit: names move, and programs are kept by it.
    id: String,
}

impl Revision {
    /// The commit that a name, a tag or a part of its id means.
    pub(crate) fn find(name: &str) -> Result<Self> {
        let commit = format!("{name}^{{commit}}");
        let output = command("git", &["rev-parse", "--verify", "--quiet", &commit]).output();
        let output = output.context("git cannot be started")?;
        if !output.status.success() {
            bail!("git knows no revision `{name}`");
        }
        Ok(Self { id: String::from_utf8(output.stdout)?.trim().to_owned() })
    }

    /// The folder with its programs, which are built when they are not there. The checkout is gone
    /// afterwards; all revisions share the dependencies that they were built with.
    pub(crate) fn programs(&self) -> Result<PathBuf> {
        let folder = target()?.join("against").join(&self.id);
        if PROGRAMS.iter().all(|program| folder.join(program).exists()) {
            say(&format!("── the programs of {} are in {}", self.short(), folder.display()));
            return Ok(folder);
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let checkout = Checkout::of(self, folder.join("source"))?;
        let shared = target()?.join("against/target");
        build(&checkout.folder, &shared)?;
        for program in PROGRAMS {
            keep(&shared.join("release").join(program), &folder.join(program))?;
        }
        Ok(folder)
    }

    fn short(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }
}

/// Copies a program so that it is there whole or not at all.
fn keep(program: &Path, place: &Path) -> Result<()> {
    let part = place.with_extension("part");
    fs::copy(program, &part).with_context(|| program.display().to_string())?;
    Ok(fs::rename(&part, place)?)
}

/// A git worktree, removed when dropped.
struct Checkout {
    folder: PathBuf,
}

impl Checkout {
    fn of(revision: &Revision, folder: PathBuf) -> Result<Self> {
        let checkout = Self { folder };
        // One may have been left by a run that was interrupted.
        checkout.remove();
        let path = checkout.folder.display().to_string();
        let add = ["worktree", "add", "--force", "--detach", &path, &revision.id];
        step(&format!("checkout of {}", revision.short()), &mut command("git", &add))?;
        Ok(checkout)
    }

    fn remove(&self) {
        let path = self.folder.display().to_string();
        let _ = command("git", &["worktree", "remove", "--force", &path]).output();
        let _ = fs::remove_dir_all(&self.folder);
        let _ = command("git", &["worktree", "prune"]).output();
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        self.remove();
    }
}
