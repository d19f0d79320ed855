//! The kinds of processors that are killed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use connect_demo_vendor::{Fault, FaultEffect};

use super::load::Work;
use super::spoil;
use crate::{Language, Project, Stage};

/// A kind of processors, and what they have to do.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    handlers: Handlers,
    pub(super) work: Work,
    /// How many of them share a journal.
    pub(super) at_once: usize,
}

/// Where a kind has its handlers.
#[derive(Clone, Copy, Debug)]
enum Handlers {
    In(Language),
    /// In a project of the template, whose vendor honours keys or knows none.
    InAProject {
        keys: bool,
    },
}

/// All kinds, each a line.
pub const KINDS: [Kind; 5] = [
    kind("acme", Handlers::In(Language::Rust), Work::Mixed, 2),
    kind("python", Handlers::In(Language::Python), Work::Orders, 1),
    kind("javascript", Handlers::In(Language::JavaScript), Work::Orders, 1),
    kind("template", Handlers::InAProject { keys: true }, Work::Orders, 1),
    kind("keyless", Handlers::InAProject { keys: false }, Work::Orders, 1),
];

const fn kind(name: &'static str, handlers: Handlers, work: Work, at_once: usize) -> Kind {
    Kind { name, handlers, work, at_once }
}

impl Kind {
    /// Returns the kind of a name.
    ///
    /// # Errors
    ///
    /// When there is none, with those that there are.
    pub fn named(name: &str) -> Result<Self, String> {
        let names = KINDS.map(|kind| kind.name).join(", ");
        let found = KINDS.into_iter().find(|kind| kind.name == name);
        found.ok_or_else(|| format!("there are no processors of `{name}`, but of {names}"))
    }

    /// Whether its handlers are in processes of their own, which are killed as often as itself.
    pub(super) fn has_workers(&self) -> bool {
        !matches!(self.handlers, Handlers::In(Language::Rust))
    }

    /// Whether the vendor honours keys. Where it does not, what is in doubt is left to a person.
    pub(super) fn has_keys(&self) -> bool {
        !matches!(self.handlers, Handlers::InAProject { keys: false })
    }

    /// Returns the command that starts one.
    pub(super) fn command(&self, programs: &Path, stage: &Stage, folder: &Path) -> Result<Command> {
        if let Handlers::In(language) = self.handlers {
            return Ok(language.program(programs));
        }
        let target = programs.parent().context("programs are in a target directory")?.join("tmp");
        let (vendor, product) = (stage.vendor.url(), stage.emulator.product());
        let folder = folder.join("project");
        let project = Project::write(&folder, (&vendor, product.as_str()), &target)?;
        let project = if self.has_keys() { project.with_keys() } else { project };
        Ok(project.program(programs))
    }

    /// Has platform and vendor misbehave as far as such processors come to an end all the same.
    pub(super) fn spoil(&self, stage: &Stage, random: &mut fastrand::Rng) {
        match self.work {
            Work::Mixed => spoil(stage, random, 6),
            Work::Orders => {
                stage.vendor.clear_faults();
                // Kills hit calls in the middle.
                stage.vendor.fault(Fault::new(FaultEffect::Delay { millis: 120 }));
            }
        }
    }
}
