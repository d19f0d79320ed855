//! Making runs known, and waking them.

use super::{
    TestStore,
    scene::{PAYLOAD, Scene, dead, idle, over, park},
};
use crate::{Finish, NewRun, Offered, RunState};

/// Offering a run a second time changes nothing and tells its state.
pub async fn a_run_offered_again_is_known(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    assert_eq!(scene.offer("r1", "lane").await, Offered::New);
    let before = scene.run("r1").await;

    let again = NewRun::new("r1", "another lane", "another payload").due(scene.in_secs(60));
    assert_eq!(scene.offer_run(again).await, Offered::Known(RunState::Ready));
    assert_eq!(scene.run("r1").await, before);
}

/// Each run of an offer is answered for itself, in order.
pub async fn a_run_offered_twice_in_one_call_is_new_once(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let run = |id: &str| NewRun::new(id, "lane", PAYLOAD);
    let offered = scene.journal.offer(&[run("r1"), run("r2"), run("r1")]).await;
    let known = Offered::Known(RunState::Ready);
    assert_eq!(offered.expect("the offer is answered"), [Offered::New, Offered::New, known]);
}

/// A due time is kept.
pub async fn a_run_offered_for_later_is_not_claimed_before(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer_run(NewRun::new("r1", "lane", PAYLOAD).due(scene.in_secs(60))).await;

    scene.pass_secs(59);
    assert!(scene.claimed(1).await.is_empty());
    scene.pass_secs(1);
    assert_eq!(scene.claimed(1).await, ["r1"]);
}

/// What an idle run has seen already does not wake it.
pub async fn an_idle_run_sleeps_through_the_same_payload(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    scene.finish(&scene.claim().await, idle()).await;

    assert_eq!(scene.offer("r1", "lane").await, Offered::Known(RunState::Idle));
    assert!(scene.claimed(1).await.is_empty());
}

/// Another payload makes an idle run ready, and replaces the old one.
pub async fn an_idle_run_is_woken_by_news(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let first = scene.claim().await;
    scene.record(&first, "greet", "hello").await;
    scene.finish(&first, idle()).await;

    let news = NewRun::new("r1", "another lane", "news");
    assert_eq!(scene.offer_run(news.clone()).await, Offered::Woken);
    assert_eq!(scene.offer_run(news).await, Offered::Known(RunState::Ready));
    let second = scene.claim().await;
    assert_eq!(second.payload, "news");
    assert_eq!(second.lane, "lane".into());
    assert_eq!(second.steps, scene.run("r1").await.steps);
    assert_eq!((second.attempt, second.steps.len()), (2, 1));
}

/// The due time of the news is kept.
pub async fn news_can_wake_a_run_for_later(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    scene.finish(&scene.claim().await, idle()).await;

    scene.offer_run(NewRun::new("r1", "lane", "news").due(scene.in_secs(60))).await;
    assert!(scene.claimed(1).await.is_empty());
    scene.pass_secs(60);
    assert_eq!(scene.claimed(1).await, ["r1"]);
}

/// A run in any other state keeps its payload and its state.
pub async fn news_changes_nothing_unless_the_run_is_idle(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let ends: [(&str, Option<Finish>, RunState); 4] = [
        ("running", None, RunState::Running),
        ("parked", Some(park(false)), RunState::Parked),
        ("done", Some(over()), RunState::Done),
        ("dead", Some(dead()), RunState::Dead),
    ];
    for (run, finish, state) in ends {
        scene.offer(run, run).await;
        let claim = scene.claim().await;
        if let Some(how) = finish {
            scene.finish(&claim, how).await;
        }
        let before = scene.run(run).await;
        assert_eq!(scene.offer_run(NewRun::new(run, run, "news")).await, Offered::Known(state));
        assert_eq!(scene.run(run).await, before);
        assert!(scene.claimed(1).await.is_empty());
    }
}
