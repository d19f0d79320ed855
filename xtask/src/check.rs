//! What the dependencies may be, checked without building anything.

use anyhow::Result;

use crate::crates::Crate;
use crate::metadata::Metadata;
use crate::policy::Policy;
use crate::shell::say;
use crate::violation::Report;

pub(crate) fn run() -> Result<()> {
    say("── dependency policy");
    let policy = Policy::read()?;
    let metadata = Metadata::read(&policy.graph)?;
    let crates = Crate::read_all(&metadata)?;
    let mut report = Report::default();
    policy.check(&metadata, &crates, &mut report)?;
    report.print()
}
