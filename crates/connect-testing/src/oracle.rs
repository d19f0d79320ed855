//! Judges a story by its logs. Knows nothing of how the processor works, and no vendor.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use connect_journal::{Fact, Note, RunState, RunView, StepResult, replay};
use connect_model::RequestStatus;
use jiff::Timestamp;
use serde::Serialize;

use crate::evidence::{EffectRole, Evidence, RunSeen, SeenRequest, VendorEffect};

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "promise", content = "what", rename_all = "snake_case")]
pub enum BrokenPromise {
    /// I1: one step of one request had more than one effect.
    Doubled(String),
    /// I2: a request is neither at an end, nor waiting, nor parked.
    Lost(String),
    /// I3: a request was approved and what it needs has not happened, or was recorded later.
    WithoutProof(String),
    /// Two approvals of one request were accepted.
    ApprovedTwice(String),
    /// I4: a request was rejected although its effect was left at the vendor.
    Uncompensated(String),
    /// I5: two effects on one tenant overlap.
    Overlap(String),
    /// I6: the history of a run does not give its live state.
    History(String),
    /// An effect that no request asked for: its key names no request that was seen, or a step that
    /// its approval does not rest on, or it is nothing that such a request needs, or the tenant is
    /// another request's.
    Stray(String),
    /// A request was seen pending and is not on the platform any more.
    Vanished(String),
    /// A request came to another end than in a story without an accident.
    Otherwise(String),
}

impl fmt::Display for BrokenPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doubled(what) => write!(f, "doubled: {what}"),
            Self::Lost(what) => write!(f, "lost: {what}"),
            Self::WithoutProof(what) => write!(f, "approved without proof: {what}"),
            Self::ApprovedTwice(what) => write!(f, "approved twice: {what}"),
            Self::Uncompensated(what) => write!(f, "rejected, with its effect left: {what}"),
            Self::Overlap(what) => write!(f, "overlapping effects: {what}"),
            Self::History(what) => write!(f, "history and state differ: {what}"),
            Self::Stray(what) => write!(f, "an effect nobody asked for: {what}"),
            Self::Vanished(what) => write!(f, "vanished: {what}"),
            Self::Otherwise(what) => write!(f, "ended otherwise: {what}"),
        }
    }
}

/// Every broken promise, in a stable order. Nothing means the story was told well.
#[must_use]
pub fn judge(evidence: &Evidence) -> Vec<BrokenPromise> {
    let mut broken = doubled(evidence);
    broken.extend(approved_twice(evidence));
    broken.extend(overlapping(&evidence.effects));
    broken.extend(evidence.runs.iter().filter_map(misremembered));
    broken.extend(strays(evidence));
    broken.extend(evidence.vanished.iter().cloned().map(BrokenPromise::Vanished));
    let runs: HashMap<&str, &RunSeen> =
        evidence.runs.iter().map(|run| (run.view.id.as_str(), run)).collect();
    for request in &evidence.requests {
        let run = runs.get(request.id.as_str()).copied();
        broken.extend(lost(request, run, evidence.now));
        broken.extend(without_proof(request, run, evidence));
        broken.extend(uncompensated(request, &evidence.effects));
    }
    broken.sort();
    broken
}

/// A step has one effect. Effects without a key are as many as the request needs, at most.
fn doubled(evidence: &Evidence) -> Vec<BrokenPromise> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for effect in &evidence.effects {
        if let Some(of) = effect.key.as_deref().or(effect.request.as_deref()) {
            *counts.entry((of, &effect.operation)).or_default() += 1;
        }
    }
    let may = |of: &str, operation: &str| {
        let request = evidence.requests.iter().find(|request| request.id == of);
        let needs = request.map_or(0, |it| it.needs.iter().filter(|it| *it == operation).count());
        needs.max(1)
    };
    let more = counts.into_iter().filter(|((of, operation), count)| *count > may(of, operation));
    let tell = |((of, operation), count): ((&str, &str), usize)| {
        let is_key = evidence.effects.iter().any(|effect| effect.key.as_deref() == Some(of));
        let what = if is_key { of.to_owned() } else { format!("{of} {operation}") };
        BrokenPromise::Doubled(format!("{what} {count} times"))
    };
    more.map(tell).collect()
}

fn approved_twice(evidence: &Evidence) -> Vec<BrokenPromise> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for approval in &evidence.approvals {
        *counts.entry(&approval.request).or_default() += 1;
    }
    let more = counts.into_iter().filter(|(_, count)| *count > 1);
    more.map(|(request, _)| BrokenPromise::ApprovedTwice(request.to_owned())).collect()
}

fn overlapping(effects: &[VendorEffect]) -> Vec<BrokenPromise> {
    let mut sorted: Vec<&VendorEffect> = effects.iter().collect();
    sorted.sort_by_key(|effect| (&effect.tenant, effect.span));
    let pairs = sorted.windows(2).filter_map(|pair| match pair {
        [first, second] if first.tenant == second.tenant && second.span.0 < first.span.1 => {
            Some(BrokenPromise::Overlap(format!(
                "{:?} and {:?} of {}",
                first.key, second.key, first.tenant
            )))
        }
        _ => None,
    });
    pairs.collect()
}

fn misremembered(run: &RunSeen) -> Option<BrokenPromise> {
    let told = replay(&run.view.id, &run.history);
    (told.as_ref() != Some(&run.view)).then(|| BrokenPromise::History(run.view.id.to_string()))
}

fn strays(evidence: &Evidence) -> Vec<BrokenPromise> {
    let requests: HashMap<&str, &SeenRequest> =
        evidence.requests.iter().map(|request| (request.id.as_str(), request)).collect();
    let stray = |effect: &&VendorEffect| !is_asked_for(effect, &requests, evidence);
    let tell = |effect: &VendorEffect| {
        let key = effect.key.as_deref().unwrap_or("no key");
        BrokenPromise::Stray(format!("{} of {} by {key}", effect.operation, effect.tenant))
    };
    evidence.effects.iter().filter(stray).map(tell).collect()
}

fn is_asked_for(
    effect: &VendorEffect,
    requests: &HashMap<&str, &SeenRequest>,
    evidence: &Evidence,
) -> bool {
    let Some(request) = request_of(effect).and_then(|id| requests.get(id)) else { return false };
    let is_known = request
        .may
        .as_ref()
        .is_none_or(|may| request.needs.iter().chain(may).any(|known| *known == effect.operation));
    is_known
        && is_on_record(effect, request, evidence)
        && request.tenant.as_ref().is_none_or(|tenant| *tenant == effect.tenant)
}

/// What an approval rests on is on record; a life may have ended before it wrote down another.
fn is_on_record(effect: &VendorEffect, request: &SeenRequest, evidence: &Evidence) -> bool {
    let run = evidence.runs.iter().find(|run| run.view.id.as_str() == request.id);
    let (true, Some(run)) = (request.status.is_granted(), run) else { return true };
    match step_of(effect) {
        Some((_, step)) => recorded(run).any(|(name, _)| name == step),
        None => without_key(evidence, request).count() <= keyless_steps(evidence, run),
    }
}

/// Returns the effects that are known as a request's by another evidence than their key.
fn without_key<'a>(
    evidence: &'a Evidence,
    request: &'a SeenRequest,
) -> impl Iterator<Item = &'a VendorEffect> {
    let is_own = |effect: &&VendorEffect| {
        step_of(effect).is_none() && effect.request.as_deref() == Some(&request.id)
    };
    evidence.effects.iter().filter(is_own)
}

/// Counts the recorded steps that no effect names.
fn keyless_steps(evidence: &Evidence, run: &RunSeen) -> usize {
    let id = run.view.id.as_str();
    let named = |step: &str| evidence.effects.iter().any(|it| step_of(it) == Some((id, step)));
    recorded(run).filter(|(step, _)| !named(step)).count()
}

/// Returns the request of an effect: its key names it, or another evidence.
fn request_of(effect: &VendorEffect) -> Option<&str> {
    step_of(effect).map(|(request, _)| request).or(effect.request.as_deref())
}

/// Returns the request and the step that an effect's key names.
fn step_of(effect: &VendorEffect) -> Option<(&str, &str)> {
    effect.key.as_deref().and_then(|key| key.split_once(':'))
}

fn lost(request: &SeenRequest, run: Option<&RunSeen>, now: Timestamp) -> Option<BrokenPromise> {
    if request.status.is_final() || run.is_some_and(|run| is_cared_for(request, &run.view, now)) {
        return None;
    }
    let state = run.map_or("unknown", |run| run.view.state.as_str());
    Some(BrokenPromise::Lost(format!("{} is {}, its run {state}", request.id, request.status)))
}

/// Whether the request will be looked at again, or somebody can read why not.
fn is_cared_for(request: &SeenRequest, run: &RunView, now: Timestamp) -> bool {
    let has_reason = matches!(run.note, Some(Note::Why(_)));
    match run.state {
        RunState::Parked | RunState::Dead => has_reason,
        RunState::Ready => has_reason || run.due.is_some_and(|due| due > now),
        RunState::Idle => {
            !matches!(request.status, RequestStatus::Pending | RequestStatus::Revoking)
        }
        RunState::Running | RunState::Done => false,
    }
}

fn without_proof(
    request: &SeenRequest,
    run: Option<&RunSeen>,
    evidence: &Evidence,
) -> Option<BrokenPromise> {
    if !request.status.is_granted() {
        return None;
    }
    let approved = evidence.approvals.iter().find(|approval| approval.request == request.id);
    let in_time: Vec<&str> = run
        .into_iter()
        .flat_map(recorded)
        .filter(|(_, at)| approved.is_none_or(|approved| *at <= approved.at))
        .map(|(step, _)| step)
        .filter(|step| !step.starts_with('@'))
        .collect();
    if let Some(step) = request.steps.iter().find(|step| !in_time.contains(&step.as_str())) {
        return Some(BrokenPromise::WithoutProof(format!(
            "{} lacks the record of step `{step}`",
            request.id
        )));
    }
    let effect_of = |step: &str| {
        let is_own = |effect: &&VendorEffect| step_of(effect) == Some((&request.id, step));
        evidence.effects.iter().find(is_own)
    };
    let keyed = in_time.iter().filter_map(|step| effect_of(step));
    let done: Vec<&str> = keyed
        .chain(without_key(evidence, request))
        .map(|effect| effect.operation.as_str())
        .collect();
    // A vendor that says that it is so already has no effect to show.
    let without_effect = in_time.len().saturating_sub(done.len());
    let mut missing = missing(&request.needs, done).into_iter();
    let missing = missing.nth(without_effect)?;
    Some(BrokenPromise::WithoutProof(format!("{} lacks {missing}", request.id)))
}

/// Returns what is needed and was not done, each as often as it is missing.
fn missing<'a>(needs: &'a [String], mut done: Vec<&str>) -> Vec<&'a str> {
    let mut missing = Vec::new();
    for need in needs {
        match done.iter().position(|it| it == need) {
            Some(at) => drop(done.swap_remove(at)),
            None => missing.push(need.as_str()),
        }
    }
    missing
}

/// Returns the steps that a run has recorded as done, each with the time.
fn recorded(run: &RunSeen) -> impl Iterator<Item = (&str, Timestamp)> {
    run.history.iter().filter_map(|event| match &event.fact {
        Fact::Recorded { step, result: StepResult::Done(_), .. } => Some((step.as_str(), event.at)),
        _ => None,
    })
}

fn uncompensated(request: &SeenRequest, effects: &[VendorEffect]) -> Option<BrokenPromise> {
    let taken_back = [RequestStatus::Failed, RequestStatus::Revoked, RequestStatus::Ignored];
    if !taken_back.contains(&request.status) {
        return None;
    }
    let is_own = |effect: &&VendorEffect| request_of(effect) == Some(&request.id);
    let own: Vec<&VendorEffect> = effects.iter().filter(is_own).collect();
    let left = own.iter().find(|effect| !is_undone(effect, &own));
    left.map(|effect| BrokenPromise::Uncompensated(format!("{} {}", request.id, effect.operation)))
}

/// A tenant that a request first created and last deleted is as if it had never been.
fn is_undone(effect: &VendorEffect, own: &[&VendorEffect]) -> bool {
    let of_tenant = || own.iter().filter(|other| other.tenant == effect.tenant);
    let first = of_tenant().min_by_key(|effect| effect.span);
    let last = of_tenant().max_by_key(|effect| effect.span);
    first.is_some_and(|first| first.role == EffectRole::Makes)
        && last.is_some_and(|last| last.role == EffectRole::Removes)
}
