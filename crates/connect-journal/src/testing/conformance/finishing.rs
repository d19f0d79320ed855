//! Ends of claims, and what becomes of runs and lanes.

use super::TestStore;
use super::harness::{Harness, LEASE, assert_fenced, dead, done, idle, over, park, retry, wait};
use crate::claim::Claim;
use crate::finish::Finish;
use crate::history::Fact;
use crate::names::StepName;
use crate::run::RunState;

/// An answer that was lost is asked for again: right away, or after the run has moved on.
pub async fn the_same_finish_again_is_fine(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let now = harness.now();
    for how in [retry(now, false), wait(now, true), park(true), dead(), idle(), over()] {
        let run = format!("{how:?}");
        harness.offer(&run, &run).await;
        let claim = harness.claim().await;
        harness.finish(&claim, how.clone()).await;
        let told = harness.facts(&run).await;
        harness.finish(&claim, how.clone()).await;
        assert_eq!(harness.facts(&run).await, told);

        for later in harness.claims(10).await {
            harness.finish(&claim, how.clone()).await;
            assert_eq!(harness.state(&run).await, RunState::Running);
            harness.finish(&later, over()).await;
        }
        harness.finish(&claim, how).await;
    }
}

/// The first finish stands.
pub async fn another_finish_of_the_same_claim_is_refused(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    harness.finish(&claim, park(false)).await;
    let before = harness.run("r1").await;

    assert_fenced(&harness.journal.finish(&claim, over()).await);
    assert_fenced(&harness.journal.finish(&claim, park(true)).await);
    assert_eq!(harness.run("r1").await, before);
}

/// A claim ends with its finish, even while nobody else has the run.
pub async fn a_finished_claim_writes_nothing_more(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    harness.finish(&claim, wait(harness.in_secs(60), true)).await;

    assert_fenced(&harness.journal.intend(&claim, &"step".into()).await);
    assert_fenced(&harness.journal.record(&claim, &"step".into(), done("late"), None).await);
    let renewed = harness.journal.renew(&[&claim], LEASE).await;
    assert_eq!(renewed.expect("renewing is answered"), [None]);
}

/// Done, dead, parked and idle runs are not claimed, however much time passes.
pub async fn a_run_that_is_over_never_runs_again(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for how in [over(), dead(), park(false), park(true), idle()] {
        let run = format!("{how:?}");
        harness.offer(&run, &run).await;
        harness.finish(&harness.claim().await, how).await;
    }
    harness.pass_secs(100 * 24 * 60 * 60);
    assert!(harness.claimed(10).await.is_empty());
}

/// Neither earlier nor with less than it knew.
pub async fn a_failed_run_comes_back_when_due(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    harness.record(&first, "step", "one").await;
    harness.finish(&first, retry(harness.in_secs(60), false)).await;

    harness.pass_secs(59);
    assert!(harness.claimed(1).await.is_empty());
    harness.pass_secs(1);
    let second = harness.claim().await;
    assert_eq!((second.attempt, second.failures), (2, 1));
    assert_eq!(second.result(&"step".into()), Some(done("one")));
}

/// Two runs of one lane, of which the first was claimed.
async fn two_in_a_lane(harness: &Harness) -> Claim {
    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    harness.claim().await
}

/// Without the lane held, the next run passes; the waiting one has its turn when it is due.
pub async fn a_waiting_run_lets_its_lane_pass(store: &dyn TestStore) {
    for finish in [retry, wait] {
        let harness = Harness::new(store).await;
        let first = two_in_a_lane(&harness).await;
        harness.finish(&first, finish(harness.in_secs(60), false)).await;

        let second = harness.claim().await;
        assert_eq!(second.run, "r2".into());
        harness.pass_secs(60);
        harness.journal.renew(&[&second], LEASE).await.expect("renewing is answered");
        assert!(harness.claimed(1).await.is_empty());
        harness.finish(&second, over()).await;
        assert_eq!(harness.claimed(1).await, ["r1"]);
    }
}

/// With the lane held, nobody passes.
pub async fn a_waiting_run_can_keep_its_lane(store: &dyn TestStore) {
    for finish in [retry, wait] {
        let harness = Harness::new(store).await;
        let first = two_in_a_lane(&harness).await;
        harness.finish(&first, finish(harness.in_secs(60), true)).await;
        assert!(harness.run("r1").await.holds_lane);

        harness.offer("r3", "lane").await;
        assert!(harness.claimed(10).await.is_empty());
        harness.pass_secs(60);
        let again = harness.claim().await;
        assert_eq!(again.run, "r1".into());
        harness.finish(&again, over()).await;
        assert_eq!(harness.claimed(10).await, ["r2"]);
    }
}

/// Without the lane held, the next run passes.
pub async fn a_parked_run_lets_its_lane_pass(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let first = two_in_a_lane(&harness).await;
    harness.finish(&first, park(false)).await;
    assert!(!harness.run("r1").await.holds_lane);
    assert_eq!(harness.claimed(10).await, ["r2"]);
}

/// The step in doubt is part of the finish, and the history tells it.
pub async fn a_park_tells_which_step_is_in_doubt(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    let park = |step: Option<&str>| Finish::Park {
        why: "did it happen?".to_owned(),
        hold_lane: false,
        step: step.map(StepName::from),
    };
    harness.finish(&claim, park(Some("charge"))).await;
    let told = Fact::Finished { fence: claim.fence, how: park(Some("charge")) };
    assert_eq!(harness.facts("r1").await.pop(), Some(told));

    harness.finish(&claim, park(Some("charge"))).await;
    for other in [None, Some("ship")] {
        assert_fenced(&harness.journal.finish(&claim, park(other)).await);
    }
}

/// With the lane held, nobody passes until a person has looked.
pub async fn a_parked_run_can_keep_its_lane(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let first = two_in_a_lane(&harness).await;
    harness.finish(&first, park(true)).await;
    assert!(harness.run("r1").await.holds_lane);

    harness.offer("r3", "lane").await;
    harness.pass_secs(24 * 60 * 60);
    assert!(harness.claimed(10).await.is_empty());
    harness.revive("r1").await;
    let again = harness.claim().await;
    assert_eq!(again.run, "r1".into());
    harness.finish(&again, dead()).await;
    assert_eq!(harness.claimed(10).await, ["r2"]);
}

/// A run that is over holds nothing, also if it held its lane before.
pub async fn every_way_to_end_frees_the_lane(store: &dyn TestStore) {
    let ends: [fn() -> Finish; 3] = [over, idle, dead];
    for end in ends {
        let harness = Harness::new(store).await;
        let first = two_in_a_lane(&harness).await;
        harness.finish(&first, wait(harness.now(), true)).await;
        let again = harness.claim().await;
        harness.finish(&again, end()).await;
        assert_eq!(harness.claimed(10).await, ["r2"]);
        assert!(!harness.run("r1").await.holds_lane);
    }
}
