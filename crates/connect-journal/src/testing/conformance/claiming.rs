//! Claims: which runs they take, and when.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::time::Duration;

use connect_clock::Clock;
use tokio::task::JoinSet;

use super::TestStore;
use super::harness::{Harness, LEASE, PAYLOAD, done, over, park, retry, wait};
use crate::run::NewRun;
use crate::step::StepState;

/// An empty journal has no work.
pub async fn nothing_offered_nothing_claimed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert!(harness.claimed(10).await.is_empty());
}

/// Even one call gets only one run of a lane.
pub async fn a_claim_takes_at_most_one_run_of_each_lane(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (run, lane) in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b"), ("c1", "c")] {
        harness.offer(run, lane).await;
    }
    assert_eq!(harness.claimed(10).await, ["a1", "b1", "c1"]);
    assert!(harness.claimed(10).await.is_empty());
}

/// `max` is kept; the earliest due runs are taken.
pub async fn a_claim_takes_no_more_than_it_asks_for(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for run in ["r1", "r2", "r3"] {
        harness.offer(run, run).await;
    }
    assert_eq!(harness.claimed(2).await, ["r1", "r2"]);
    assert_eq!(harness.claimed(2).await, ["r3"]);
}

/// By due time; where that is equal, by first offer.
pub async fn runs_of_a_lane_come_by_due_time_then_in_the_order_offered(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let run = |id: &str, due| NewRun::new(id, "lane", PAYLOAD).due(due);
    let (early, late) = (harness.now(), harness.in_secs(1));
    for (id, due) in [("z", late), ("y", late), ("x", early), ("a", late), ("b", early)] {
        harness.offer_run(run(id, due)).await;
    }
    harness.pass_secs(5);

    let mut order = Vec::new();
    for _ in 0..5 {
        let claim = harness.claim().await;
        order.push(claim.run.to_string());
        harness.finish(&claim, over()).await;
    }
    assert_eq!(order, ["x", "b", "z", "y", "a"]);
}

/// The next run of a lane is claimable the moment the one before is finished.
pub async fn a_busy_lane_waits_while_others_go_on(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("a1", "a").await;
    harness.offer("a2", "a").await;
    let first = harness.claim().await;

    harness.offer("b1", "b").await;
    assert_eq!(harness.claimed(10).await, ["b1"]);
    harness.finish(&first, over()).await;
    assert_eq!(harness.claimed(10).await, ["a2"]);
}

/// However old the backlog, a run that was interrupted is continued first.
pub async fn interrupted_runs_come_before_new_ones(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for run in ["r1", "r2", "r3", "r4"] {
        harness.offer(run, run).await;
    }
    assert_eq!(harness.claimed(2).await, ["r1", "r2"]);
    harness.let_leases_run_out();
    assert_eq!(harness.claimed(1).await, ["r1"]);
    assert_eq!(harness.claimed(2).await, ["r2", "r3"]);
}

/// Lanes with nothing to take do not use up a claim's `max`.
pub async fn interrupted_and_held_lanes_starve_nobody(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for lane in ["parked", "waiting", "interrupted"] {
        for place in 1..=3 {
            harness.offer(&format!("{lane}{place}"), lane).await;
        }
    }
    let claims = harness.claims(3).await;
    harness.finish(&claims[0], park(true)).await;
    harness.finish(&claims[1], wait(harness.in_secs(3600), true)).await;
    harness.let_leases_run_out();
    harness.offer("free", "free").await;

    assert_eq!(harness.claimed(1).await, ["interrupted1"]);
    assert_eq!(harness.claimed(1).await, ["free"]);
    assert!(harness.claimed(1).await.is_empty());
}

/// After an interruption, the next claim continues where the journal ends.
pub async fn a_claim_finds_everything_earlier_claims_recorded(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    assert_eq!((first.payload.as_ref(), first.steps.len()), (PAYLOAD.as_bytes(), 0));
    harness.record(&first, "create", "id 7").await;
    harness.intend(&first, "enable").await;
    harness.let_leases_run_out();

    let second = harness.claim().await;
    let steps: Vec<_> =
        second.steps.iter().map(|step| (step.step.as_str(), step.fence, &step.state)).collect();
    assert_eq!(
        steps,
        [
            ("create", first.fence, &StepState::Done("id 7".into())),
            ("enable", first.fence, &StepState::Intended),
        ]
    );
    assert_eq!(second.result(&"create".into()), Some(done("id 7")));
    assert_eq!(second.result(&"enable".into()), None);
}

/// Every claim counts as an attempt; only retries in a row count as failures.
pub async fn claims_and_failures_are_counted(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let now = harness.now();
    let finishes = [retry(now, false), retry(now, true), wait(now, false), retry(now, false)];

    let mut counted = Vec::new();
    for how in finishes {
        let claim = harness.claim().await;
        counted.push((claim.attempt, claim.failures));
        harness.finish(&claim, how).await;
    }
    harness.claim().await;
    harness.let_leases_run_out();
    let claim = harness.claim().await;
    counted.push((claim.attempt, claim.failures));
    assert_eq!(counted, [(1, 0), (2, 1), (3, 2), (4, 0), (6, 1)]);
}

/// Taken before the call, so that it lies before the end of the lease.
pub async fn the_local_deadline_is_a_lease_after_the_call(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.pass_secs(7);
    let before = harness.clock.monotonic();
    assert_eq!(harness.claim().await.deadline, before + LEASE);
}

/// A lease too long to calculate with is no accident.
pub async fn an_endless_lease_never_runs_out(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claims = harness.journal.claim(&"worker".into(), NonZeroUsize::MIN, Duration::MAX).await;
    assert_eq!(claims.expect("the claim is answered").len(), 1);
    harness.pass_secs(10 * 365 * 24 * 60 * 60);
    assert!(harness.claimed(1).await.is_empty());
}

/// Claims made at the same time get different runs of different lanes.
pub async fn workers_that_claim_together_share_nothing(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for place in 0..60 {
        harness.offer(&format!("r{place}"), &format!("lane{}", place % 20)).await;
    }
    let mut workers = JoinSet::new();
    for worker in 0..10 {
        let journal = harness.journal.clone();
        let name = format!("worker{worker}").into();
        let three = NonZeroUsize::MIN.saturating_add(2);
        workers.spawn(async move { journal.claim(&name, three, LEASE).await });
    }
    let mut lanes = Vec::new();
    for claims in workers.join_all().await {
        lanes.extend(claims.expect("the claim is answered").into_iter().map(|claim| claim.lane));
    }
    assert_eq!(lanes.len(), 20);
    assert_eq!(lanes.into_iter().collect::<BTreeSet<_>>().len(), 20);
}
