//! The structure of the code, held against ARCHITECTURE.md, `structure.toml` and what pages say of it.

mod circles;
mod dependencies;
mod files;
mod length;
mod named_tests;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::crates::Crate;
use crate::metadata::Metadata;
use crate::shell::root;
use crate::violation::{Level, Report};

/// The structure that is allowed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Structure {
    longest_file: length::Longest,
    /// The reasons for those that there are.
    circles: BTreeMap<String, String>,
}

impl Structure {
    pub(crate) fn read() -> Result<Self> {
        toml::from_str(&page("structure.toml")?).context("structure.toml")
    }

    pub(crate) fn check(
        &self,
        metadata: &Metadata,
        crates: &[Crate<'_>],
        report: &mut Report,
    ) -> Result<()> {
        let architecture = page("ARCHITECTURE.md")?;
        report.add(Level::Deny, dependencies::check(metadata, &architecture));
        report.add(Level::Deny, files::check(&architecture)?);
        report.add(Level::Deny, circles::check(crates, &self.circles));
        report.add(Level::Deny, self.longest_file.check(crates));
        report.add(Level::Deny, named_tests::check(crates)?);
        Ok(())
    }
}

fn page(name: &'static str) -> Result<String> {
    fs::read_to_string(root().join(name)).context(name)
}
