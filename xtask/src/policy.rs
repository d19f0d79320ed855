//! The policy of dependencies, `deny.toml`, held against what cargo knows. It is written in the words
//! of cargo-deny, which can be run as well.

mod bans;
mod licences;
mod sources;
mod unused;

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::crates::Crate;
use crate::metadata::{Graph, Metadata};
use crate::shell::root;
use crate::violation::{Level, Report};

/// The policy. A key that is not known here is refused: it would be a rule that nobody checks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    pub(crate) graph: Graph,
    licenses: licences::Licences,
    bans: bans::Bans,
    sources: sources::Sources,
}

impl Policy {
    pub(crate) fn read() -> Result<Self> {
        let text = fs::read_to_string(root().join("deny.toml")).context("deny.toml")?;
        toml::from_str(&text).context("deny.toml")
    }

    pub(crate) fn check(
        &self,
        metadata: &Metadata,
        crates: &[Crate<'_>],
        report: &mut Report,
    ) -> Result<()> {
        report.add(Level::Deny, self.licenses.check(metadata)?);
        self.sources.check(metadata, report);
        self.bans.check(metadata, report);
        report.add(Level::Deny, metadata.members().flat_map(|p| unused::check(p, crates)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_nobody_checks_is_refused() {
        let policy = fs::read_to_string(root().join("deny.toml")).unwrap();
        assert!(toml::from_str::<Policy>(&policy).is_ok());
        let more = policy.replace("[licenses]", "[licenses]\nexceptions = []");
        let error = toml::from_str::<Policy>(&more).unwrap_err();
        assert!(error.to_string().contains("unknown field `exceptions`"), "{error}");
    }
}
