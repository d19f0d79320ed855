//! The rules for the dependencies and the structure of the code, checked without building anything.

use anyhow::Result;

use crate::crates::Crate;
use crate::metadata::Metadata;
use crate::policy::Policy;
use crate::shell::say;
use crate::structure::Structure;
use crate::violation::Report;

pub(crate) fn run() -> Result<()> {
    say("── dependencies and structure");
    let policy = Policy::read()?;
    let metadata = Metadata::read(&policy.graph)?;
    let crates = Crate::read_all(&metadata)?;
    let mut report = Report::default();
    policy.check(&metadata, &crates, &mut report)?;
    Structure::read()?.check(&metadata, &crates, &mut report)?;
    report.print()
}
