//! The crates of the workspace, as their sources are.

use anyhow::Result;

use crate::metadata::{Metadata, Package, Target};
use crate::source::Module;

/// A library, a program or a test, with the package it is of.
#[derive(Debug)]
pub(crate) struct Crate<'a> {
    pub(crate) package: &'a Package,
    pub(crate) target: &'a Target,
    pub(crate) root: Module,
}

impl<'a> Crate<'a> {
    /// Reads all crates of the workspace.
    pub(crate) fn read_all(metadata: &'a Metadata) -> Result<Vec<Self>> {
        let targets = metadata
            .members()
            .flat_map(|package| package.targets.iter().map(move |target| (package, target)));
        let read = |(package, target): (&'a Package, &'a Target)| {
            Ok(Self { package, target, root: Module::read(&target.src_path)? })
        };
        targets.map(read).collect()
    }
}
