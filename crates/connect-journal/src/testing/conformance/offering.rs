//! Making runs known, and waking them.

use super::TestStore;
use super::harness::{Harness, PAYLOAD, dead, idle, over, park};
use crate::finish::Finish;
use crate::run::{NewRun, OfferResult, RunState};

/// Offering a run a second time changes nothing and tells its state.
pub async fn a_run_offered_again_is_known(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert_eq!(harness.offer("r1", "lane").await, OfferResult::New);
    let before = harness.run("r1").await;

    let again = NewRun::new("r1", "another lane", "another payload").due(harness.in_secs(60));
    assert_eq!(harness.offer_run(again).await, OfferResult::Known(RunState::Ready));
    assert_eq!(harness.run("r1").await, before);
}

/// Each run of an offer is answered for itself, in order.
pub async fn a_run_offered_twice_in_one_call_is_new_once(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let run = |id: &str| NewRun::new(id, "lane", PAYLOAD);
    let offered = harness.journal.offer(&[run("r1"), run("r2"), run("r1")]).await;
    let known = OfferResult::Known(RunState::Ready);
    assert_eq!(
        offered.expect("the offer is answered"),
        [OfferResult::New, OfferResult::New, known]
    );
}

/// A due time is kept.
pub async fn a_run_offered_for_later_is_not_claimed_before(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer_run(NewRun::new("r1", "lane", PAYLOAD).due(harness.in_secs(60))).await;

    harness.pass_secs(59);
    assert!(harness.claimed(1).await.is_empty());
    harness.pass_secs(1);
    assert_eq!(harness.claimed(1).await, ["r1"]);
}

/// Returns what an idle run has seen already does not wake it.
pub async fn an_idle_run_sleeps_through_the_same_payload(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.finish(&harness.claim().await, idle()).await;

    assert_eq!(harness.offer("r1", "lane").await, OfferResult::Known(RunState::Idle));
    assert!(harness.claimed(1).await.is_empty());
}

/// Another payload makes an idle run ready, and replaces the old one.
pub async fn an_idle_run_is_woken_by_news(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    harness.record(&first, "greet", "hello").await;
    harness.finish(&first, idle()).await;

    let news = NewRun::new("r1", "another lane", "news");
    assert_eq!(harness.offer_run(news.clone()).await, OfferResult::Woken);
    assert_eq!(harness.offer_run(news).await, OfferResult::Known(RunState::Ready));
    let second = harness.claim().await;
    assert_eq!(second.payload, "news");
    assert_eq!(second.lane, "lane".into());
    assert_eq!(second.steps, harness.run("r1").await.steps);
    assert_eq!((second.attempt, second.steps.len()), (2, 1));
}

/// The due time of the news is kept.
pub async fn news_can_wake_a_run_for_later(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.finish(&harness.claim().await, idle()).await;

    harness.offer_run(NewRun::new("r1", "lane", "news").due(harness.in_secs(60))).await;
    assert!(harness.claimed(1).await.is_empty());
    harness.pass_secs(60);
    assert_eq!(harness.claimed(1).await, ["r1"]);
}

/// A run in any other state keeps its payload and its state.
pub async fn news_changes_nothing_unless_the_run_is_idle(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let ends: [(&str, Option<Finish>, RunState); 4] = [
        ("running", None, RunState::Running),
        ("parked", Some(park(false)), RunState::Parked),
        ("done", Some(over()), RunState::Done),
        ("dead", Some(dead()), RunState::Dead),
    ];
    for (run, finish, state) in ends {
        harness.offer(run, run).await;
        let claim = harness.claim().await;
        if let Some(how) = finish {
            harness.finish(&claim, how).await;
        }
        let before = harness.run(run).await;
        assert_eq!(
            harness.offer_run(NewRun::new(run, run, "news")).await,
            OfferResult::Known(state)
        );
        assert_eq!(harness.run(run).await, before);
        assert!(harness.claimed(1).await.is_empty());
    }
}
