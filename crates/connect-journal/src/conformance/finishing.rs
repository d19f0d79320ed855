//! How a claim ends, and what becomes of its run and its lane.

use super::{
    TestStore,
    scene::{LEASE, Scene, assert_fenced, dead, done, idle, over, park, retry, wait},
};
use crate::{Claim, Fact, Finish, RunState, StepName};

/// An answer that was lost is asked for again: right away, or after the run has moved on.
pub async fn the_same_finish_again_is_fine(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let now = scene.now();
    for how in [retry(now, false), wait(now, true), park(true), dead(), idle(), over()] {
        let run = format!("{how:?}");
        scene.offer(&run, &run).await;
        let claim = scene.claim().await;
        scene.finish(&claim, how.clone()).await;
        let told = scene.facts(&run).await;
        scene.finish(&claim, how.clone()).await;
        assert_eq!(scene.facts(&run).await, told);

        for later in scene.claims(10).await {
            scene.finish(&claim, how.clone()).await;
            assert_eq!(scene.state(&run).await, RunState::Running);
            scene.finish(&later, over()).await;
        }
        scene.finish(&claim, how).await;
    }
}

/// The first finish stands.
pub async fn another_finish_of_the_same_claim_is_refused(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    scene.finish(&claim, park(false)).await;
    let before = scene.run("r1").await;

    assert_fenced(&scene.journal.finish(&claim, over()).await);
    assert_fenced(&scene.journal.finish(&claim, park(true)).await);
    assert_eq!(scene.run("r1").await, before);
}

/// A claim ends with its finish, even while nobody else has the run.
pub async fn a_finished_claim_writes_nothing_more(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    scene.finish(&claim, wait(scene.in_secs(60), true)).await;

    assert_fenced(&scene.journal.intend(&claim, &"step".into()).await);
    assert_fenced(&scene.journal.record(&claim, &"step".into(), done("late"), None).await);
    let renewed = scene.journal.renew(&[&claim], LEASE).await;
    assert_eq!(renewed.expect("renewing is answered"), [None]);
}

/// Done, dead, parked and idle runs are not claimed, however much time passes.
pub async fn a_run_that_is_over_never_runs_again(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    for how in [over(), dead(), park(false), park(true), idle()] {
        let run = format!("{how:?}");
        scene.offer(&run, &run).await;
        scene.finish(&scene.claim().await, how).await;
    }
    scene.pass_secs(100 * 24 * 60 * 60);
    assert!(scene.claimed(10).await.is_empty());
}

/// Neither earlier nor with less than it knew.
pub async fn a_failed_run_comes_back_when_due(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let first = scene.claim().await;
    scene.record(&first, "step", "one").await;
    scene.finish(&first, retry(scene.in_secs(60), false)).await;

    scene.pass_secs(59);
    assert!(scene.claimed(1).await.is_empty());
    scene.pass_secs(1);
    let second = scene.claim().await;
    assert_eq!((second.attempt, second.failures), (2, 1));
    assert_eq!(second.result(&"step".into()), Some(done("one")));
}

/// Two runs of one lane, of which the first was claimed.
async fn two_in_a_lane(scene: &Scene) -> Claim {
    scene.offer("r1", "lane").await;
    scene.offer("r2", "lane").await;
    scene.claim().await
}

/// Without the lane held, the next run passes; the waiting one has its turn when it is due.
pub async fn a_waiting_run_lets_its_lane_pass(store: &dyn TestStore) {
    for finish in [retry, wait] {
        let scene = Scene::set(store).await;
        let first = two_in_a_lane(&scene).await;
        scene.finish(&first, finish(scene.in_secs(60), false)).await;

        let second = scene.claim().await;
        assert_eq!(second.run, "r2".into());
        scene.pass_secs(60);
        scene.journal.renew(&[&second], LEASE).await.expect("renewing is answered");
        assert!(scene.claimed(1).await.is_empty());
        scene.finish(&second, over()).await;
        assert_eq!(scene.claimed(1).await, ["r1"]);
    }
}

/// With the lane held, nobody passes.
pub async fn a_waiting_run_can_keep_its_lane(store: &dyn TestStore) {
    for finish in [retry, wait] {
        let scene = Scene::set(store).await;
        let first = two_in_a_lane(&scene).await;
        scene.finish(&first, finish(scene.in_secs(60), true)).await;
        assert!(scene.run("r1").await.holds_lane);

        scene.offer("r3", "lane").await;
        assert!(scene.claimed(10).await.is_empty());
        scene.pass_secs(60);
        let again = scene.claim().await;
        assert_eq!(again.run, "r1".into());
        scene.finish(&again, over()).await;
        assert_eq!(scene.claimed(10).await, ["r2"]);
    }
}

/// Without the lane held, the next run passes.
pub async fn a_parked_run_lets_its_lane_pass(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let first = two_in_a_lane(&scene).await;
    scene.finish(&first, park(false)).await;
    assert!(!scene.run("r1").await.holds_lane);
    assert_eq!(scene.claimed(10).await, ["r2"]);
}

/// The step in doubt is part of the finish, and the history tells it.
pub async fn a_park_tells_which_step_is_in_doubt(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let claim = scene.claim().await;
    let park = |step: Option<&str>| Finish::Park {
        why: "did it happen?".to_owned(),
        hold_lane: false,
        step: step.map(StepName::from),
    };
    scene.finish(&claim, park(Some("charge"))).await;
    let told = Fact::Finished { fence: claim.fence, how: park(Some("charge")) };
    assert_eq!(scene.facts("r1").await.pop(), Some(told));

    scene.finish(&claim, park(Some("charge"))).await;
    for other in [None, Some("ship")] {
        assert_fenced(&scene.journal.finish(&claim, park(other)).await);
    }
}

/// With the lane held, nobody passes until a person has looked.
pub async fn a_parked_run_can_keep_its_lane(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let first = two_in_a_lane(&scene).await;
    scene.finish(&first, park(true)).await;
    assert!(scene.run("r1").await.holds_lane);

    scene.offer("r3", "lane").await;
    scene.pass_secs(24 * 60 * 60);
    assert!(scene.claimed(10).await.is_empty());
    scene.revive("r1").await;
    let again = scene.claim().await;
    assert_eq!(again.run, "r1".into());
    scene.finish(&again, dead()).await;
    assert_eq!(scene.claimed(10).await, ["r2"]);
}

/// A run that is over holds nothing, also if it held its lane before.
pub async fn every_way_to_end_frees_the_lane(store: &dyn TestStore) {
    let ends: [fn() -> Finish; 3] = [over, idle, dead];
    for end in ends {
        let scene = Scene::set(store).await;
        let first = two_in_a_lane(&scene).await;
        scene.finish(&first, wait(scene.now(), true)).await;
        let again = scene.claim().await;
        scene.finish(&again, end()).await;
        assert_eq!(scene.claimed(10).await, ["r2"]);
        assert!(!scene.run("r1").await.holds_lane);
    }
}
