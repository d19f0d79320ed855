//! Judging a story by its logs. Knows nothing of how the processor works.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use connect_journal::{Fact, RunState, StepResult, replay};
use connect_model::{AssetRequestType, RequestStatus};

use crate::evidence::{Effect, Evidence, RunSeen, SeenRequest};

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// I1: one step of one request had more than one effect.
    Doubled(String),
    /// I2: a request is neither at an end, nor waiting, nor parked.
    Lost(String),
    /// I3: a request was approved and a step it needs is not recorded, or was recorded later.
    WithoutProof(String),
    /// Two approvals of one request were accepted.
    ApprovedTwice(String),
    /// I4: a request was rejected although its effect was left at the vendor.
    Uncompensated(String),
    /// I5: two effects on one tenant overlap.
    Overlap(String),
    /// I6: the history of a run does not give its live state.
    History(String),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doubled(what) => write!(f, "doubled: {what}"),
            Self::Lost(what) => write!(f, "lost: {what}"),
            Self::WithoutProof(what) => write!(f, "approved without proof: {what}"),
            Self::ApprovedTwice(what) => write!(f, "approved twice: {what}"),
            Self::Uncompensated(what) => write!(f, "rejected, with its effect left: {what}"),
            Self::Overlap(what) => write!(f, "overlapping effects: {what}"),
            Self::History(what) => write!(f, "history and state differ: {what}"),
        }
    }
}

/// The steps that Acme's handler of a type must have recorded before it approves, each with the
/// vendor's word for its effect.
fn required_steps(kind: &AssetRequestType) -> &'static [(&'static str, &'static str)] {
    match kind {
        AssetRequestType::Purchase => &[("create_tenant", "create"), ("set_limit", "set_limit")],
        AssetRequestType::Change => &[("set_limit", "set_limit")],
        AssetRequestType::Suspend => &[("disable_tenant", "disable")],
        AssetRequestType::Resume => &[("enable_tenant", "enable")],
        AssetRequestType::Cancel => &[("delete_tenant", "delete")],
        _ => &[],
    }
}

/// Every broken promise, in a stable order. Nothing means the story was told well.
#[must_use]
pub fn judge(evidence: &Evidence) -> Vec<Violation> {
    let mut violations = doubled(&evidence.effects);
    violations.extend(approved_twice(evidence));
    violations.extend(overlapping(&evidence.effects));
    violations.extend(evidence.runs.iter().filter_map(misremembered));
    let runs: HashMap<&str, &RunSeen> =
        evidence.runs.iter().map(|run| (run.view.id.as_str(), run)).collect();
    for request in &evidence.requests {
        let run = runs.get(request.id.as_str()).copied();
        violations.extend(lost(request, run));
        violations.extend(without_proof(request, run, evidence));
        violations.extend(uncompensated(request, &evidence.effects));
    }
    violations.sort();
    violations
}

fn doubled(effects: &[Effect]) -> Vec<Violation> {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for effect in effects {
        if let Some(key) = &effect.key {
            *counts.entry((key, &effect.operation)).or_default() += 1;
        }
    }
    let more = counts.into_iter().filter(|(_, count)| *count > 1);
    more.map(|((key, _), count)| Violation::Doubled(format!("{key} {count} times"))).collect()
}

fn approved_twice(evidence: &Evidence) -> Vec<Violation> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for approval in &evidence.approvals {
        *counts.entry(&approval.request).or_default() += 1;
    }
    let more = counts.into_iter().filter(|(_, count)| *count > 1);
    more.map(|(request, _)| Violation::ApprovedTwice(request.to_owned())).collect()
}

fn overlapping(effects: &[Effect]) -> Vec<Violation> {
    let mut sorted: Vec<&Effect> = effects.iter().collect();
    sorted.sort_by_key(|effect| (&effect.tenant, effect.span));
    let pairs = sorted.windows(2).filter_map(|pair| match pair {
        [first, second] if first.tenant == second.tenant && second.span.0 < first.span.1 => Some(
            Violation::Overlap(format!("{:?} and {:?} of {}", first.key, second.key, first.tenant)),
        ),
        _ => None,
    });
    pairs.collect()
}

fn misremembered(run: &RunSeen) -> Option<Violation> {
    let told = replay(&run.view.id, &run.history);
    (told.as_ref() != Some(&run.view)).then(|| Violation::History(run.view.id.to_string()))
}

fn lost(request: &SeenRequest, run: Option<&RunSeen>) -> Option<Violation> {
    if request.status.is_final() {
        return None;
    }
    let state = run.map(|run| (run.view.state, run.view.due, run.view.note.is_some()));
    let cared_for = match state {
        Some((RunState::Parked | RunState::Dead, _, reason)) => reason,
        Some((RunState::Ready, due, _)) => due.is_some(),
        Some((RunState::Idle, _, _)) => request.status != RequestStatus::Pending,
        _ => false,
    };
    (!cared_for).then(|| {
        let state = state.map_or("unknown", |(state, ..)| state.as_str());
        Violation::Lost(format!("{} is {}, its run {state}", request.id, request.status))
    })
}

fn without_proof(
    request: &SeenRequest,
    run: Option<&RunSeen>,
    evidence: &Evidence,
) -> Option<Violation> {
    if request.status != RequestStatus::Approved {
        return None;
    }
    let approved = evidence.approvals.iter().find(|approval| approval.request == request.id);
    let missing = required_steps(&request.kind).iter().find(|(step, _)| {
        let recorded = run.and_then(|run| recorded_at(run, step));
        match (recorded, approved) {
            (Some(recorded), Some(approved)) => recorded > approved.at,
            (recorded, _) => recorded.is_none(),
        }
    });
    missing.map(|(step, _)| Violation::WithoutProof(format!("{} lacks {step}", request.id)))
}

fn recorded_at(run: &RunSeen, wanted: &str) -> Option<jiff::Timestamp> {
    run.history.iter().find_map(|event| match &event.fact {
        Fact::Recorded { step, result: StepResult::Done(_), .. } if step.as_str() == wanted => {
            Some(event.at)
        }
        _ => None,
    })
}

fn uncompensated(request: &SeenRequest, effects: &[Effect]) -> Option<Violation> {
    if request.status != RequestStatus::Failed {
        return None;
    }
    let prefix = format!("{}:", request.id);
    let left = effects
        .iter()
        .find(|effect| effect.key.as_ref().is_some_and(|key| key.starts_with(&prefix)));
    left.map(|effect| Violation::Uncompensated(format!("{} {}", request.id, effect.operation)))
}
