//! Old claims cannot spoil new ones.

use super::{
    TestStore,
    scene::{LEASE, Scene, assert_fenced, done, over},
};
use crate::RunState;

/// Once a run was claimed again, everything the former claim writes is refused and changes nothing.
pub async fn every_write_of_an_old_claim_is_refused(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let old = scene.claim().await;
    scene.record(&old, "first", "recorded in time").await;
    scene.let_leases_run_out();
    let new = scene.claim().await;
    let before = scene.run("r1").await;

    let journal = &scene.journal;
    assert_fenced(&journal.intend(&old, &"second".into()).await);
    assert_fenced(&journal.record(&old, &"second".into(), done("late"), None).await);
    assert_fenced(&journal.record(&old, &"first".into(), done("recorded in time"), None).await);
    assert_fenced(&journal.finish(&old, over()).await);
    assert_eq!(journal.renew(&[&old], LEASE).await.expect("renewing is answered"), [None]);
    assert_eq!(scene.run("r1").await, before);
    scene.finish(&new, over()).await;
}

/// A fence on the run alone would let another run into the lane and then accept the sleeper's
/// write; so nobody else gets in.
pub async fn only_the_interrupted_run_takes_its_lane_over(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    scene.offer("r2", "lane").await;
    let sleeper = scene.claim().await;
    scene.let_leases_run_out();

    let successor = scene.claim().await;
    assert_eq!((successor.run.as_str(), sleeper.run.as_str()), ("r1", "r1"));
    assert!(scene.claimed(10).await.is_empty());
    assert_fenced(&scene.journal.record(&sleeper, &"step".into(), done("late"), None).await);
}

/// The fence belongs to the lane.
pub async fn fences_grow_over_all_runs_of_a_lane(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    for run in ["r1", "r2", "r3"] {
        scene.offer(run, "lane").await;
    }

    let mut fences = Vec::new();
    scene.claim().await;
    for _ in 0..2 {
        scene.let_leases_run_out();
        let claim = scene.claim().await;
        fences.push(claim.fence);
        scene.finish(&claim, over()).await;
        fences.push(scene.claim().await.fence);
    }
    assert!(fences.is_sorted_by(|earlier, later| earlier < later), "{fences:?}");
}

/// The end of a lease is a permission for others, not a verdict.
pub async fn a_lease_that_ran_out_is_good_until_somebody_takes_the_run(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    scene.let_leases_run_out();

    scene.record(&claim, "late", "but unrivalled").await;
    let renewed = scene.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");
    assert!(renewed[0].is_some());
    assert!(scene.claimed(1).await.is_empty());
    scene.finish(&claim, over()).await;
    assert_eq!(scene.state("r1").await, RunState::Done);
}

/// A worker that renews in time keeps the run for as long as it likes.
pub async fn a_renewed_run_stays_with_its_worker(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    for _ in 0..3 {
        scene.pass_secs(LEASE.as_secs() - 1);
        let renewed = scene.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");
        assert!(renewed[0].is_some_and(|deadline| deadline >= claim.deadline));
        assert!(scene.claimed(1).await.is_empty());
    }
    scene.let_leases_run_out();
    assert_eq!(scene.claimed(1).await, ["r1"]);
}

/// Each claim is answered for itself, in order.
pub async fn renewing_tells_which_claims_are_lost(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    for run in ["r1", "r2", "r3"] {
        scene.offer(run, run).await;
    }
    let claims = scene.claims(3).await;
    scene.finish(&claims[0], over()).await;
    scene.let_leases_run_out();
    assert_eq!(scene.claimed(1).await, ["r2"]);

    let claims: Vec<_> = claims.iter().collect();
    let renewed = scene.journal.renew(&claims, LEASE).await.expect("renewing is answered");
    let kept: Vec<_> = renewed.iter().map(Option::is_some).collect();
    assert_eq!(kept, [false, false, true]);
}
