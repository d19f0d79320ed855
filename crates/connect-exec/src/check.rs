//! Looks whether workers keep to the protocol.
//!
//! The runtime's side is played toward a *conformance program*, which `docs/worker-conformance.md`
//! describes: its one handler does what a request's parameter tells it. Each case is played toward a process
//! of its own, and judged by what that process says.

mod cases;
mod dialogue;
mod fault;
mod program;
mod scene;

use std::sync::Arc;

use connect_clock::SystemClock;
use serde::Serialize;
use tracing::{Instrument, info_span};

use crate::error::StartError;
use crate::settings::ExecSettings;
use cases::{CASES, Case, HELLO};
use program::Program;

pub use fault::Fault;

/// What was found of a conformance program.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The cases, in the order in which they were played.
    pub cases: Vec<CheckedCase>,
}

impl Report {
    /// Returns how many cases have failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.cases.iter().filter(|case| case.fault.is_some()).count()
    }
}

/// A case, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct CheckedCase {
    /// Its name.
    pub name: &'static str,
    /// What a worker shows by it.
    pub shows: &'static str,
    /// What was wrong; nothing when all was right.
    pub fault: Option<Fault>,
    /// Why it was not played; nothing when it was.
    pub skipped: Option<String>,
}

/// Returns the names of all cases.
pub fn case_names() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|case| case.name)
}

/// Plays the cases toward a program: all, or the one that is named.
///
/// # Errors
///
/// When the program cannot be run at all.
pub async fn check(settings: &ExecSettings, only: Option<&str>) -> Result<Report, StartError> {
    let program = Program::new(settings.launch(Arc::new(SystemClock))?);
    program.start()?;
    let mut cases = Vec::new();
    for case in CASES.iter().filter(|case| only.is_none_or(|name| case.name == name)) {
        // Every case begins with the hello: where that fails, each of the others would wait for it in vain.
        if cases.first().is_some_and(failed_hello) {
            cases.push(unplayed(case));
            continue;
        }
        let checked = checked(case, &program).instrument(info_span!("case", name = case.name));
        cases.push(checked.await);
    }
    Ok(Report { cases })
}

fn failed_hello(case: &CheckedCase) -> bool {
    case.name == HELLO && case.fault.is_some()
}

fn unplayed(case: &Case) -> CheckedCase {
    let skipped = Some(format!("each case begins as `{HELLO}`, which failed"));
    CheckedCase { name: case.name, shows: case.shows, fault: None, skipped }
}

/// Plays a case, where the program declares what it is about.
async fn checked(case: &Case, program: &Program) -> CheckedCase {
    let skipped = match &case.about {
        Some(about) => about.missing(program).await,
        None => Ok(None),
    };
    let (fault, skipped) = match skipped {
        Ok(None) => ((case.play)(program).await.err(), None),
        Ok(skipped) => (None, skipped),
        Err(fault) => (Some(fault), None),
    };
    CheckedCase { name: case.name, shows: case.shows, fault, skipped }
}
