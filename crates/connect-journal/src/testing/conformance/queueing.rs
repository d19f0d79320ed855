//! Which of the runs that are due come first, and which are passed over.

use futures::FutureExt;

use super::TestStore;
use super::harness::{Harness, PAYLOAD, idle, over, park, retry, wait};
use crate::history::{Fact, replay};
use crate::names::Group;
use crate::run::{NewRun, OfferResult, RunState};

const DAY: u64 = NewRun::NOMINAL.as_secs();

fn run(id: &str) -> NewRun {
    NewRun::new(id, id, PAYLOAD)
}

impl Harness {
    /// The names of up to `max` runs that could be claimed although these groups are not claimed
    /// from, and are now.
    async fn claimed_except(&self, max: usize, except: &[&str]) -> Vec<String> {
        self.claims_except(max, except).await.iter().map(|claim| claim.run.to_string()).collect()
    }
}

/// Of the runs that are due, whenever they were offered.
pub async fn the_most_urgent_run_comes_first(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (id, urgent) in [("tomorrow", DAY), ("late", 0), ("soon", 60), ("later", 3600)] {
        harness.offer_run(run(id).urgent(harness.in_secs(urgent))).await;
        harness.pass_secs(1);
    }
    assert_eq!(harness.claimed(3).await, ["late", "soon", "later"]);
    assert_eq!(harness.claimed(3).await, ["tomorrow"]);
}

/// So they are neither passed over for ever nor in the way of what is urgent.
pub async fn a_run_without_a_date_should_be_over_a_day_after_it_is_due(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("first", "first").await;
    harness.offer("second", "second").await;
    harness.offer_run(run("sooner").urgent(harness.in_secs(DAY - 1))).await;
    harness.offer_run(run("as soon").urgent(harness.in_secs(DAY))).await;
    harness.offer_run(run("later").urgent(harness.in_secs(DAY + 1))).await;
    harness.pass_secs(2);
    harness.offer("third", "third").await;
    let order = ["sooner", "first", "second", "as soon", "later", "third"];
    assert_eq!(harness.claimed(10).await, order);
}

/// However near its date.
pub async fn no_run_is_urgent_before_it_is_due(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let urgent = run("urgent").due(harness.in_secs(60)).urgent(harness.in_secs(1));
    harness.offer_run(urgent).await;
    harness.offer("plain", "plain").await;
    harness.offer("another", "another").await;
    assert_eq!(harness.claimed(1).await, ["plain"]);
    harness.pass_secs(59);
    harness.let_leases_run_out();
    assert_eq!(
        harness.claimed(1).await,
        ["plain"],
        "what was interrupted comes first all the same"
    );
    assert_eq!(harness.claimed(2).await, ["urgent", "another"]);
}

/// The order of what happens to one thing is not for haste to change.
pub async fn urgency_changes_no_order_within_a_lane(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("a1", "a").await;
    let urgent = NewRun::new("a2", "a", PAYLOAD).urgent(harness.now());
    harness.offer_run(urgent).await;
    harness.offer("b", "b").await;
    let first = harness.claims(1).await.remove(0);
    assert_eq!(first.run, "a1".into());
    harness.finish(&first, over()).await;
    assert_eq!(harness.claimed(10).await, ["a2", "b"]);
}

/// A run that waits, fails or is revived keeps the date it was offered with.
pub async fn a_run_stays_as_urgent_as_it_was(store: &dyn TestStore) {
    let due = |harness: &Harness| harness.in_secs(10);
    for hold_lane in [true, false] {
        for way in 0..3 {
            let harness = Harness::new(store).await;
            harness.offer_run(run("urgent").urgent(harness.in_secs(60))).await;
            let claim = harness.claim().await;
            let ways =
                [retry(due(&harness), hold_lane), wait(due(&harness), hold_lane), park(hold_lane)];
            harness.finish(&claim, ways[way].clone()).await;
            harness.offer("plain", "plain").await;
            harness.pass_secs(10);
            if way == 2 {
                harness.revive("urgent").await;
            }
            assert_eq!(harness.claimed(10).await, ["urgent", "plain"], "{way}");
        }
    }
}

/// A date is a date in the world: what waits for a span of time is moved with the wall, it is not.
pub async fn the_date_of_a_run_is_not_moved_with_the_wall(store: &dyn TestStore) {
    for jump in [DAY, 3 * DAY] {
        let harness = Harness::new(store).await;
        let urgent = harness.in_secs(3600);
        harness.offer_run(run("waits").due(harness.in_secs(60)).urgent(urgent)).await;
        harness.offer_run(run("is due").urgent(urgent)).await;
        harness.set_back_secs(jump);
        assert_eq!(harness.claimed(1).await, ["is due"]);
        for id in ["waits", "is due"] {
            assert_eq!(harness.run(id).await.urgent, Some(urgent));
        }
        harness.pass_secs(60);
        harness.offer("plain", "plain").await;
        assert_eq!(harness.claimed(3).await, ["is due", "plain", "waits"], "a day is less");
    }
}

/// Many waiting runs whose time comes at once are all claimed, each once.
pub async fn runs_that_come_due_together_are_all_claimed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let due = harness.in_secs(60);
    let runs: Vec<_> = (0..50).map(|n| run(&format!("r{n:02}")).due(due)).collect();
    harness.journal.offer(&runs).await.expect("the offer is answered");
    assert!(harness.claimed(1).await.is_empty());
    harness.pass_secs(60);
    let mut claimed = Vec::new();
    for _ in 0..10 {
        claimed.extend(harness.claimed(5).await);
    }
    assert_eq!(claimed, runs.iter().map(|run| run.id.to_string()).collect::<Vec<_>>());
}

/// An offer that names another date is news about the queue, and told; one that names none is not.
pub async fn another_offer_changes_the_date_of_a_waiting_run(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("first", "first").await;
    harness.offer("second", "second").await;
    let known = OfferResult::Known(RunState::Ready);
    for seconds in [60, 30, 30] {
        let urgent = run("second").urgent(harness.in_secs(seconds));
        assert_eq!(harness.offer_run(urgent).await, known);
        assert_eq!(harness.offer("second", "second").await, known);
    }
    let requeued = |seconds| Fact::Requeued { urgent: Some(harness.in_secs(seconds)), group: None };
    let facts = harness.facts("second").await;
    assert_eq!(facts[1..], [requeued(60), requeued(30)], "what is no news is not written");
    assert_eq!(harness.run("second").await.urgent, Some(harness.in_secs(30)));
    assert_eq!(harness.claimed(10).await, ["second", "first"]);
}

/// News that wakes a run says also by when it should be over now.
pub async fn news_brings_its_own_date(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer_run(run("r1").urgent(harness.now())).await;
    harness.finish(&harness.claim().await, idle()).await;
    harness.offer("plain", "plain").await;
    let later = harness.in_secs(2 * DAY);
    let same = run("r1").urgent(later);
    assert_eq!(harness.offer_run(same).await, OfferResult::Known(RunState::Idle));
    assert_ne!(harness.run("r1").await.urgent, Some(later), "it sleeps through it");
    let news = NewRun::new("r1", "r1", "news").urgent(later);
    assert_eq!(harness.offer_run(news).await, OfferResult::Woken);
    assert_eq!(harness.claimed(10).await, ["plain", "r1"]);
}

/// Replaying its history says the same, for every way to get there.
pub async fn a_run_shows_its_date_and_its_group(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let urgent = harness.in_secs(60);
    harness.offer_run(run("r1").urgent(urgent).group("shop")).await;
    harness.offer("r2", "r2").await;
    harness.offer_run(run("r2").group("shop")).await;
    harness.offer_run(run("r2").group("another").urgent(urgent)).await;
    for id in ["r1", "r2"] {
        let view = harness.run(id).await;
        assert_eq!((view.urgent, view.group.clone()), (Some(urgent), Some("shop".into())));
        let history = harness.journal.history(&id.into(), 0..u64::MAX).await.expect("it is read");
        assert_eq!(replay(&id.into(), &history), Some(view));
    }
}

/// Not when they are ready, nor when they were interrupted; and they are there afterwards.
pub async fn groups_can_be_passed_over(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (id, group) in [("a1", "a"), ("b1", "b"), ("a2", "a"), ("c1", "c")] {
        harness.offer_run(run(id).group(group).urgent(harness.now())).await;
    }
    harness.offer("none", "none").await;
    assert_eq!(harness.claimed_except(3, &["a", "c"]).await, ["b1", "none"]);
    assert_eq!(harness.claimed_except(1, &["b"]).await, ["a1"]);
    harness.let_leases_run_out();
    assert_eq!(harness.claimed_except(10, &["a"]).await, ["b1", "none", "c1"]);
    assert_eq!(harness.claimed_except(10, &["unknown"]).await, ["a1", "a2"]);
    assert!(harness.claimed(10).await.is_empty());
}

/// A claim that passes groups over finds the others in the same order as any other.
pub async fn what_is_not_passed_over_comes_in_its_order(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for n in 0..12_u64 {
        let group = ["a", "b", "c"][n as usize % 3];
        let new = run(&format!("{group}{n}")).group(group);
        let date = harness.in_secs(100 - n % 4);
        harness.offer_run(if n.is_multiple_of(5) { new } else { new.urgent(date) }).await;
    }
    let mut claimed = harness.claimed_except(3, &["b"]).await;
    claimed.extend(harness.claimed_except(3, &["b"]).await);
    claimed.extend(harness.claimed_except(3, &["b"]).await);
    assert_eq!(claimed, ["a3", "c11", "c2", "a6", "a9", "c8", "a0", "c5"]);
}

/// A lane goes on in its order or not at all.
pub async fn a_lane_waits_for_a_run_that_is_passed_over(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer_run(NewRun::new("a1", "lane", PAYLOAD).group("a")).await;
    harness.offer_run(NewRun::new("b1", "lane", PAYLOAD).group("b")).await;
    assert!(harness.claimed_except(10, &["a"]).await.is_empty());
    let claim = harness.claims_except(10, &["b"]).await.remove(0);
    assert_eq!(claim.run, "a1".into());
    harness.finish(&claim, over()).await;
    assert!(harness.claimed_except(10, &["b"]).await.is_empty());
    assert_eq!(harness.claimed_except(10, &["a"]).await, ["b1"]);
}

/// A run is of the group that an offer named first.
pub async fn a_run_stays_in_its_group(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "r1").await;
    assert_eq!(harness.run("r1").await.group, None);
    harness.offer_run(run("r1").group("a")).await;
    harness.offer_run(run("r1").group("b")).await;
    assert_eq!(harness.run("r1").await.group, Some(Group::from("a")));
    assert!(harness.claimed_except(1, &["a"]).await.is_empty());
    assert_eq!(harness.facts("r1").await.len(), 2);
    assert_eq!(harness.claimed_except(1, &["b"]).await, ["r1"]);
}

/// Nobody is told at every moment that there is work for somebody else.
pub async fn what_is_passed_over_keeps_nobody_awake(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer_run(run("a1").group("a")).await;
    harness.offer_run(run("a2").group("a").due(harness.in_secs(60))).await;
    assert!(harness.claimed_except(1, &["a"]).await.is_empty());
    let waiting = harness.journal.wait_due(connect_clock::Monotonic::MAX);
    assert!(waiting.now_or_never().is_none());
}
