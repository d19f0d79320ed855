//! Looks through open runs at the start for steps that no handler takes any more.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use connect_journal::{Journal, RunFilter, RunState, RunView};

use crate::error::Error;
use crate::payload::Payload;
use crate::step_names::StepNames;

/// The states of runs whose handler may be called again.
const OPEN: [RunState; 4] = [RunState::Ready, RunState::Running, RunState::Idle, RunState::Parked];
/// The runs that are held at a time.
const PAGE: usize = 200;
/// The runs that are named.
const MOST_NAMED: usize = 20;

/// What was found in one collection.
#[derive(Default)]
struct Finding {
    named: Vec<String>,
    more: usize,
}

/// Refuses a journal with open runs that have taken steps which are not declared. Nothing is looked at
/// where nothing is declared.
pub(crate) async fn check(
    journal: &dyn Journal,
    declared: &BTreeMap<&'static str, Arc<StepNames>>,
) -> Result<(), Error> {
    if declared.is_empty() {
        return Ok(());
    }
    let mut findings: BTreeMap<&'static str, Finding> = BTreeMap::new();
    for state in OPEN {
        let mut after = None;
        loop {
            let filter =
                RunFilter { state: Some(state), after, limit: PAGE, ..RunFilter::default() };
            let page = journal.runs(&filter).await?;
            for run in &page {
                look_at(run, declared, &mut findings);
            }
            let is_last = page.len() < PAGE;
            after = page.into_iter().next_back().map(|run| run.id);
            if is_last {
                break;
            }
        }
    }
    match findings.into_iter().next() {
        Some((collection, finding)) => {
            Err(Error::UndeclaredSteps { collection, runs: finding.to_string() })
        }
        None => Ok(()),
    }
}

fn look_at(
    run: &RunView,
    declared: &BTreeMap<&'static str, Arc<StepNames>>,
    findings: &mut BTreeMap<&'static str, Finding>,
) {
    // A payload that nobody can read parks its run when it is worked on.
    let payload = Payload::read(&run.payload).ok().filter(Payload::is_of_request);
    let Some(Payload { collection, .. }) = payload else { return };
    let Some((collection, names)) = declared.get_key_value(collection.as_str()) else { return };
    let is_handlers = |step: &str| !step.starts_with('@');
    let unknown = run.steps.iter().map(|record| &record.step);
    let mut unknown = unknown.filter(|step| is_handlers(step.as_str()) && !names.knows(step));
    let Some(first) = unknown.next() else { return };
    let finding = findings.entry(collection).or_default();
    if finding.named.len() == MOST_NAMED {
        finding.more += 1;
        return;
    }
    let mut named = format!("{} ({}): {first}", run.id, run.state);
    for step in unknown {
        let _ = write!(named, ", {step}");
    }
    finding.named.push(named);
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.named.join("; "))?;
        match self.more {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}
