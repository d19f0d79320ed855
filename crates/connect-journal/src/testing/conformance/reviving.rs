//! A person makes a run ready again.

use super::TestStore;
use super::harness::{Harness, dead, done, idle, over, park, retry, wait};
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::{Fact, replay};
use crate::run::{NewRun, Note, RunState};

/// With its steps, its due time and the person's name.
pub async fn a_revived_run_is_ready_again(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    harness.record(&first, "step", "one").await;
    harness.finish(&first, park(false)).await;

    let due = harness.in_secs(60);
    harness.journal.revive(&"r1".into(), due, "ann").await.expect("the run is revived");
    assert_eq!(harness.facts("r1").await.pop(), Some(Fact::Revived { by: "ann".to_owned(), due }));
    assert!(harness.claimed(1).await.is_empty());
    harness.pass_secs(60);
    let second = harness.claim().await;
    assert_eq!((second.attempt, second.steps.len()), (2, 1));
}

/// It has no right to the lane it lost.
pub async fn a_dead_run_takes_its_turn_again(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    harness.finish(&harness.claim().await, dead()).await;
    let second = harness.claim().await;

    harness.revive("r1").await;
    assert!(harness.claimed(10).await.is_empty());
    harness.finish(&second, over()).await;
    assert_eq!(harness.claimed(10).await, ["r1"]);
}

/// A run that was parked with its lane keeps it until it is finished otherwise.
pub async fn a_revived_run_still_holds_its_lane(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    harness.finish(&harness.claim().await, park(true)).await;

    let due = harness.in_secs(60);
    harness.journal.revive(&"r1".into(), due, "ann").await.expect("the run is revived");
    assert!(harness.run("r1").await.holds_lane);
    assert!(harness.claimed(10).await.is_empty());
    harness.pass_secs(60);
    assert_eq!(harness.claimed(10).await, ["r1"]);
}

/// "Try it now" for a run that waits, whether or not it keeps its lane meanwhile.
pub async fn a_waiting_run_is_brought_forward_and_never_postponed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for hold_lane in [false, true] {
        let run = format!("holding {hold_lane}");
        harness.offer(&run, &run).await;
        harness.finish(&harness.claim().await, wait(harness.in_secs(60), hold_lane)).await;
        let (later, sooner) = (harness.in_secs(90), harness.in_secs(30));
        let id = run.as_str().into();
        harness.journal.revive(&id, later, "ann").await.expect("the run is revived");
        assert_eq!(harness.run(&run).await.due, Some(harness.in_secs(60)));
        harness.journal.revive(&id, sooner, "ann").await.expect("the run is revived");
        assert_eq!(harness.run(&run).await.due, Some(sooner));
    }
    harness.pass_secs(30);
    assert_eq!(harness.claimed(10).await.len(), 2);
}

/// The error names the run and its state, and nothing changes.
pub async fn what_cannot_be_revived_is_said(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let revive = async |run: &str| harness.journal.revive(&run.into(), harness.now(), "ann").await;
    assert!(matches!(
        revive("nobody").await,
        Err(JournalError::NoSuchRun { run }) if run == "nobody".into()
    ));

    harness.offer("done", "a").await;
    harness.finish(&harness.claim().await, over()).await;
    harness.offer("idle", "b").await;
    harness.finish(&harness.claim().await, idle()).await;
    harness.offer("running", "c").await;
    harness.claim().await;
    harness.offer("ready", "d").await;
    for state in [RunState::Done, RunState::Idle, RunState::Running, RunState::Ready] {
        let before = harness.run(state.as_str()).await;
        assert!(matches!(
            revive(state.as_str()).await,
            Err(JournalError::NotRevivable { run, state: told })
                if run == state.as_str().into() && told == state
        ));
        assert_eq!(harness.run(state.as_str()).await, before);
    }
}

/// Whether or not it keeps its lane, and what brought it forward is told.
pub async fn a_run_that_waits_as_planned_is_brought_forward_by_news(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for hold_lane in [false, true] {
        let run = format!("holding {hold_lane}");
        harness.offer(&run, &run).await;
        harness.finish(&harness.claim().await, wait(harness.in_secs(60), hold_lane)).await;
        let found = harness.journal.hasten(&run.as_str().into(), "news").await;
        assert_eq!(found.expect("the run is brought forward"), Some(RunState::Ready));
        let fact = Fact::Revived { by: "news".to_owned(), due: harness.now() };
        assert_eq!(harness.facts(&run).await.pop(), Some(fact));
        assert_eq!(harness.run(&run).await.holds_lane, hold_lane);
        let claim = harness.claim().await;
        assert_eq!(claim.run, run.as_str().into());
        harness.finish(&claim, over()).await;
    }
}

/// One that failed waits for as long as it was told to; a person's decision is nobody else's.
pub async fn what_does_not_wait_as_planned_is_left_as_it_is(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let later = harness.in_secs(60);
    for (run, end, state) in [
        ("failed", retry(later, false), RunState::Ready),
        ("parked", park(false), RunState::Parked),
        ("idle", idle(), RunState::Idle),
        ("done", over(), RunState::Done),
        ("dead", dead(), RunState::Dead),
    ] {
        harness.offer(run, run).await;
        harness.finish(&harness.claim().await, end).await;
        unmoved(&harness, run, state).await;
    }
    harness.offer("running", "running").await;
    harness.claim().await;
    unmoved(&harness, "running", RunState::Running).await;
    harness.offer("ready", "ready").await;
    unmoved(&harness, "ready", RunState::Ready).await;
    let unknown = harness.journal.hasten(&"nobody".into(), "news").await;
    assert_eq!(unknown.expect("nobody knows it"), None);
}

async fn unmoved(harness: &Harness, run: &str, state: RunState) {
    let before = harness.run(run).await;
    let found = harness.journal.hasten(&run.into(), "news").await;
    assert_eq!(found.expect("it is found"), Some(state));
    assert_eq!(harness.run(run).await, before);
}

/// A person reads why, and what was recorded is still there when the run is revived.
pub async fn a_run_that_is_over_can_be_reopened_for_a_person(store: &dyn TestStore) {
    for end in [over as fn() -> Finish, dead] {
        let harness = Harness::new(store).await;
        harness.offer("r1", "lane").await;
        harness.offer("r2", "lane").await;
        let claim = harness.claim().await;
        harness.record(&claim, "charge", "paid").await;
        harness.finish(&claim, end()).await;

        let reopen = async || harness.journal.reopen(&"r1".into(), "it is not over").await;
        assert!(reopen().await.expect("the run is reopened"));
        let run = harness.run("r1").await;
        assert_eq!((run.state, run.holds_lane), (RunState::Parked, false));
        assert_eq!(run.note, Some(Note::Why("it is not over".to_owned())));
        let history = harness.journal.history(&"r1".into(), 0..u64::MAX).await.expect("it is read");
        assert_eq!(replay(&"r1".into(), &history), Some(run));
        assert!(!reopen().await.expect("it waits for a person already"));
        harness.finish(&claim, end()).await;
        assert_eq!(harness.state("r1").await, RunState::Parked, "a repeated finish is old news");

        let next = harness.claim().await;
        assert_eq!(next.run, "r2".into(), "its lane goes on");
        harness.finish(&next, over()).await;
        harness.revive("r1").await;
        let again = harness.claim().await;
        assert_eq!(again.result(&"charge".into()), Some(done("paid")));
    }
}

/// Somebody cares for it, or waits for news, or nobody knows it.
pub async fn what_is_not_over_is_not_reopened(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let reopen = async |run: &str| harness.journal.reopen(&run.into(), "why").await;
    assert!(matches!(reopen("r1").await, Err(JournalError::NoSuchRun { .. })));
    harness.offer("r1", "lane").await;
    assert!(!reopen("r1").await.expect("it is ready"));
    for end in [idle(), park(false), wait(harness.now(), false)] {
        let claim = harness.claim().await;
        assert!(!reopen("r1").await.expect("it is running"));
        harness.finish(&claim, end).await;
        let state = harness.state("r1").await;
        assert!(!reopen("r1").await.expect("it is cared for"));
        assert_eq!(harness.state("r1").await, state);
        if state == RunState::Idle {
            harness.offer_run(NewRun::new("r1", "lane", "news")).await;
        } else if state == RunState::Parked {
            harness.revive("r1").await;
        }
    }
}
