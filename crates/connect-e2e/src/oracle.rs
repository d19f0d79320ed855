//! Judges a story by its logs. Knows nothing of how the processor works.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use connect_demo_vendor::TenantOperation;
use connect_journal::{Fact, Note, RunState, RunView, StepResult, replay};
use connect_model::{AssetRequestType, RequestStatus, TierConfigRequestType};
use jiff::Timestamp;

use crate::evidence::{Evidence, RunSeen, SeenRequest, SeenType, VendorEffect};

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        }
    }
}

/// Returns what has to have happened at the vendor's, under a key of the request, before a request
/// of a type is approved.
fn required(kind: &SeenType) -> &'static [TenantOperation] {
    let kind = match kind {
        SeenType::Asset(kind) => kind,
        SeenType::Migration => return &[TenantOperation::Adopt],
        SeenType::TierConfig(TierConfigRequestType::Setup) => return &[TenantOperation::Create],
        SeenType::TierConfig(_) => return &[],
        SeenType::TierAccount(_) => return &[TenantOperation::SetContact],
    };
    match kind {
        AssetRequestType::Purchase => &[TenantOperation::Create, TenantOperation::SetLimit],
        AssetRequestType::Change => &[TenantOperation::SetLimit],
        AssetRequestType::Suspend => &[TenantOperation::Disable],
        AssetRequestType::Resume => &[TenantOperation::Enable],
        AssetRequestType::Cancel => &[TenantOperation::Delete],
        AssetRequestType::Renew => &[TenantOperation::Extend],
        AssetRequestType::Transfer => &[TenantOperation::HandOver],
        _ => &[],
    }
}

/// Returns what takes back what was begun for a request of a type, when the vendor refuses to go on.
fn undoing(kind: &SeenType) -> &'static [TenantOperation] {
    match kind {
        SeenType::Asset(AssetRequestType::Purchase) => &[TenantOperation::Delete],
        _ => &[],
    }
}

/// Every broken promise, in a stable order. Nothing means the story was told well.
#[must_use]
pub fn judge(evidence: &Evidence) -> Vec<BrokenPromise> {
    let mut broken = doubled(&evidence.effects);
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

fn doubled(effects: &[VendorEffect]) -> Vec<BrokenPromise> {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for effect in effects {
        if let Some(key) = &effect.key {
            *counts.entry((key, &effect.operation)).or_default() += 1;
        }
    }
    let more = counts.into_iter().filter(|(_, count)| *count > 1);
    more.map(|((key, _), count)| BrokenPromise::Doubled(format!("{key} {count} times"))).collect()
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
    let Some((request, step)) = step_of(effect) else { return false };
    let Some(request) = requests.get(request) else { return false };
    let mut known = required(&request.kind).iter().chain(undoing(&request.kind));
    // What an approval rests on is on record; a life may have ended before it wrote down another.
    let run = evidence.runs.iter().find(|run| run.view.id.as_str() == request.id);
    let is_recorded = !request.status.is_granted()
        || run.is_none_or(|run| recorded(run).any(|(name, _)| name == step));
    known.any(|known| known.as_str() == effect.operation)
        && is_recorded
        && request.tenant.as_ref().is_none_or(|tenant| *tenant == effect.tenant)
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
        .collect();
    let effect_of = |step: &str| {
        let is_own = |effect: &&VendorEffect| step_of(effect) == Some((&request.id, step));
        evidence.effects.iter().find(is_own)
    };
    let done: Vec<&str> =
        in_time.iter().filter_map(|step| Some(effect_of(step)?.operation.as_str())).collect();
    // A vendor that says that it is so already has no effect to show.
    let without_effect = in_time.iter().filter(|step| effect_of(step).is_none()).count();
    let mut missing =
        required(&request.kind).iter().filter(|operation| !done.contains(&operation.as_str()));
    let missing = missing.nth(without_effect)?;
    Some(BrokenPromise::WithoutProof(format!("{} lacks {}", request.id, missing.as_str())))
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
    let prefix = format!("{}:", request.id);
    let is_own =
        |effect: &&VendorEffect| effect.key.as_ref().is_some_and(|it| it.starts_with(&prefix));
    let own: Vec<&VendorEffect> = effects.iter().filter(is_own).collect();
    let left = own.iter().find(|effect| !is_undone(effect, &own));
    left.map(|effect| BrokenPromise::Uncompensated(format!("{} {}", request.id, effect.operation)))
}

/// A tenant that a request first created and last deleted is as if it had never been.
fn is_undone(effect: &VendorEffect, own: &[&VendorEffect]) -> bool {
    let of_tenant = || own.iter().filter(|other| other.tenant == effect.tenant);
    let first = of_tenant().min_by_key(|effect| effect.span);
    let last = of_tenant().max_by_key(|effect| effect.span);
    first.is_some_and(|first| first.operation == "create")
        && last.is_some_and(|last| last.operation == "delete")
}
