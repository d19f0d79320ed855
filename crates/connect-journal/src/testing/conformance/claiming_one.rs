//! Claims of one run, by its id.

use connect_clock::{Clock, Monotonic};
use futures::FutureExt;

use super::TestStore;
use super::harness::{Harness, LEASE, PAYLOAD, done, over, park, retry};
use crate::run::{NewRun, RunState};

/// However many runs come before it, they stay where they are.
pub async fn one_run_can_be_claimed_and_no_other(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for run in ["r1", "r2", "r3"] {
        harness.offer(run, run).await;
    }
    let before = harness.clock.monotonic();
    let claim = harness.claim_run("r2").await.expect("it is ready");
    assert_eq!((claim.run.as_str(), claim.attempt), ("r2", 1));
    assert_eq!(claim.deadline, before + LEASE);
    assert_eq!(harness.state("r1").await, RunState::Ready);
    assert!(harness.claim_run("r2").await.is_none(), "it is at work");
    assert!(harness.claim_run("nobody").await.is_none());
    harness.record(&claim, "step", "result").await;
    harness.finish(&claim, over()).await;
    assert!(harness.claim_run("r2").await.is_none(), "it is over");
    assert_eq!(harness.claimed(10).await, ["r1", "r3"]);
}

/// Neither before it is due nor while it waits for a person.
pub async fn one_run_is_claimed_only_when_it_is_ready(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let later = NewRun::new("later", "later", PAYLOAD).due(harness.in_secs(60));
    harness.offer_run(later).await;
    assert!(harness.claim_run("later").await.is_none());
    harness.pass_secs(60);
    let claim = harness.claim_run("later").await.expect("it is due");
    harness.finish(&claim, retry(harness.in_secs(5), true)).await;
    assert!(harness.claim_run("later").await.is_none());
    harness.revive("later").await;
    let claim = harness.claim_run("later").await.expect("it was brought forward");
    assert_eq!((claim.attempt, claim.failures), (2, 1));
    harness.finish(&claim, park(false)).await;
    assert!(harness.claim_run("later").await.is_none());
}

/// A run that is behind another of its lane waits, whether that is at work or only comes first.
pub async fn one_run_keeps_the_order_of_its_lane(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("first", "lane").await;
    harness.offer("second", "lane").await;
    assert!(harness.claim_run("second").await.is_none(), "another comes first");
    let first = harness.claim_run("first").await.expect("it is the next of its lane");
    harness.record(&first, "step", "result").await;
    assert!(harness.claim_run("second").await.is_none(), "another is at work");
    harness.let_leases_run_out();
    assert!(harness.claim_run("second").await.is_none(), "the interrupted one goes on first");
    let heir = harness.claim_run("first").await.expect("its lease has run out");
    assert_eq!(heir.result(&"step".into()), Some(done("result")));
    assert!(heir.fence > first.fence);
    harness.finish(&heir, over()).await;
    assert!(harness.claim_run("second").await.is_some());
}

/// A run of a group that is passed over is not claimed by its id either.
pub async fn one_run_of_a_group_that_is_passed_over_is_not_claimed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (run, group) in [("a", "closed"), ("b", "open")] {
        harness.offer_run(NewRun::new(run, run, PAYLOAD).group(group)).await;
    }
    assert!(harness.claim_run_except("a", &["closed", "unknown"]).await.is_none());
    assert!(harness.claim_run_except("b", &["closed"]).await.is_some());
    harness.let_leases_run_out();
    assert!(harness.claim_run_except("b", &["open"]).await.is_none(), "not even to go on");
    assert!(harness.claim_run_except("a", &["open"]).await.is_some());
}

/// Whoever claims one run waits for it, however many others could be claimed.
pub async fn who_claims_one_run_is_not_kept_awake_by_others(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("another", "another").await;
    harness.offer("held", "lane").await;
    harness.offer("wanted", "lane").await;
    let held = harness.claim_run("held").await.expect("it is ready");
    assert!(harness.claim_run("wanted").await.is_none());
    let waiting = harness.journal.wait_due(Monotonic::MAX);
    assert!(waiting.now_or_never().is_none(), "nothing has changed");
    harness.finish(&held, over()).await;
    harness.journal.wait_due(Monotonic::MAX).await;
    assert!(harness.claim_run("wanted").await.is_some());
}
