//! Removing runs that were over long ago.

use jiff::Timestamp;

use super::TestStore;
use super::harness::{Harness, LEASE, assert_fenced, dead, done, idle, over, park, retry};
use crate::claim::Claim;
use crate::finish::Finish;
use crate::names::RunId;
use crate::run::{OfferResult, RunFilter};

/// With all that is known of it. One that ended later is kept.
pub async fn a_run_that_was_over_long_ago_can_be_removed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    ended(&harness, "old-done", over()).await;
    ended(&harness, "old-dead", dead()).await;
    harness.pass_secs(3600);
    let before = harness.now();
    ended(&harness, "young", over()).await;
    assert_eq!(over_before(&harness, before).await, ["old-dead".into(), "old-done".into()]);

    let all = ["old-dead", "old-done", "young", "unknown"];
    assert_eq!(removed(&harness, &all, before).await, 2);
    assert_eq!(listed(&harness, &RunFilter::default()).await, ["young".into()]);
    assert!(harness.facts("old-done").await.is_empty());
    let notes = harness.journal.notes(&"old-done".into()).await.expect("notes are answered");
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(removed(&harness, &all, before).await, 0, "once more is fine");
}

/// However old it is.
pub async fn what_is_not_over_is_never_removed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (run, how) in [("idle", idle()), ("parked", park(false))] {
        ended(&harness, run, how).await;
    }
    ended(&harness, "waits", retry(harness.in_secs(7200), true)).await;
    harness.offer("running", "running").await;
    harness.claim().await;
    harness.offer("ready", "ready").await;
    harness.pass_secs(3600);
    let now = harness.now();
    assert!(over_before(&harness, now).await.is_empty());
    let all = ["idle", "parked", "waits", "running", "ready"];
    assert_eq!(removed(&harness, &all, now).await, 0);
    assert_eq!(listed(&harness, &RunFilter::default()).await.len(), all.len());
}

/// Also when the run was offered anew and is worked on again.
pub async fn a_claim_of_a_removed_run_writes_nothing(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let old = ended(&harness, "run", over()).await;
    harness.pass_secs(3600);
    assert_eq!(removed(&harness, &["run"], harness.now()).await, 1);
    writes_nothing(&harness, &old).await;

    assert_eq!(harness.offer("run", "run").await, OfferResult::New);
    assert!(harness.claim().await.fence > old.fence);
    writes_nothing(&harness, &old).await;
}

async fn writes_nothing(harness: &Harness, old: &Claim) {
    let (journal, step) = (&harness.journal, "step".into());
    assert_fenced(&journal.intend(old, &step).await);
    assert_fenced(&journal.record(old, &step, done("two"), None).await);
    assert_fenced(&journal.finish(old, over()).await);
    let renewed = journal.renew(&[old], LEASE).await.expect("the renewal is answered");
    assert_eq!(renewed, [None]);
}

/// A run of its own lane that took a step and ended like this; its claim.
async fn ended(harness: &Harness, run: &str, how: Finish) -> Claim {
    harness.offer(run, run).await;
    let claim = harness.claim().await;
    harness.record(&claim, "step", "one").await;
    let notes = [("other".into(), "said".into())];
    harness.journal.finish_noting(&claim, how, &notes).await.expect("the end is answered");
    claim
}

async fn removed(harness: &Harness, runs: &[&str], before: Timestamp) -> u64 {
    let runs: Vec<RunId> = runs.iter().map(|run| (*run).into()).collect();
    harness.journal.remove(&runs, before).await.expect("the removal is answered")
}

async fn over_before(harness: &Harness, before: Timestamp) -> Vec<RunId> {
    listed(harness, &RunFilter { ended_before: Some(before), ..RunFilter::default() }).await
}

async fn listed(harness: &Harness, filter: &RunFilter) -> Vec<RunId> {
    let runs = harness.journal.runs(filter).await.expect("the list is answered");
    runs.into_iter().map(|run| run.id).collect()
}
