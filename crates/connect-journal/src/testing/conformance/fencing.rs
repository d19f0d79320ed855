//! Old claims cannot spoil new ones.

use super::TestStore;
use super::harness::{Harness, LEASE, assert_fenced, done, over};
use crate::run::RunState;

/// Once a run was claimed again, everything the former claim writes is refused and changes nothing.
pub async fn every_write_of_an_old_claim_is_refused(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let old = harness.claim().await;
    harness.record(&old, "first", "recorded in time").await;
    harness.let_leases_run_out();
    let new = harness.claim().await;
    let before = harness.run("r1").await;

    let journal = &harness.journal;
    assert_fenced(&journal.intend(&old, &"second".into()).await);
    assert_fenced(&journal.record(&old, &"second".into(), done("late"), None).await);
    assert_fenced(&journal.record(&old, &"first".into(), done("recorded in time"), None).await);
    assert_fenced(&journal.finish(&old, over()).await);
    assert_eq!(journal.renew(&[&old], LEASE).await.expect("renewing is answered"), [None]);
    assert_eq!(harness.run("r1").await, before);
    harness.finish(&new, over()).await;
}

/// A fence on the run alone would let another run into the lane and then accept the sleeper's
/// write; so nobody else gets in.
pub async fn only_the_interrupted_run_takes_its_lane_over(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    let sleeper = harness.claim().await;
    harness.let_leases_run_out();

    let successor = harness.claim().await;
    assert_eq!((successor.run.as_str(), sleeper.run.as_str()), ("r1", "r1"));
    assert!(harness.claimed(10).await.is_empty());
    assert_fenced(&harness.journal.record(&sleeper, &"step".into(), done("late"), None).await);
}

/// The fence belongs to the lane.
pub async fn fences_grow_over_all_runs_of_a_lane(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for run in ["r1", "r2", "r3"] {
        harness.offer(run, "lane").await;
    }

    let mut fences = Vec::new();
    harness.claim().await;
    for _ in 0..2 {
        harness.let_leases_run_out();
        let claim = harness.claim().await;
        fences.push(claim.fence);
        harness.finish(&claim, over()).await;
        fences.push(harness.claim().await.fence);
    }
    assert!(fences.is_sorted_by(|earlier, later| earlier < later), "{fences:?}");
}

/// The end of a lease is a permission for others, not a verdict.
pub async fn a_lease_that_ran_out_is_good_until_somebody_takes_the_run(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    harness.let_leases_run_out();

    harness.record(&claim, "late", "but unrivalled").await;
    let renewed = harness.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");
    assert!(renewed[0].is_some());
    assert!(harness.claimed(1).await.is_empty());
    harness.finish(&claim, over()).await;
    assert_eq!(harness.state("r1").await, RunState::Done);
}

/// A worker that renews in time keeps the run for as long as it likes.
pub async fn a_renewed_run_stays_with_its_worker(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    for _ in 0..3 {
        harness.pass_secs(LEASE.as_secs() - 1);
        let renewed = harness.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");
        assert!(renewed[0].is_some_and(|deadline| deadline >= claim.deadline));
        assert!(harness.claimed(1).await.is_empty());
    }
    harness.let_leases_run_out();
    assert_eq!(harness.claimed(1).await, ["r1"]);
}

/// Each claim is answered for itself, in order.
pub async fn renewing_tells_which_claims_are_lost(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for run in ["r1", "r2", "r3"] {
        harness.offer(run, run).await;
    }
    let claims = harness.claims(3).await;
    harness.finish(&claims[0], over()).await;
    harness.let_leases_run_out();
    assert_eq!(harness.claimed(1).await, ["r2"]);

    let claims: Vec<_> = claims.iter().collect();
    let renewed = harness.journal.renew(&claims, LEASE).await.expect("renewing is answered");
    let kept: Vec<_> = renewed.iter().map(Option::is_some).collect();
    assert_eq!(kept, [false, false, true]);
}
