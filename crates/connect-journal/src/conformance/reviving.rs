//! A person makes a run ready again.

use super::{
    TestStore,
    scene::{Scene, dead, done, idle, over, park, wait},
};
use crate::{Fact, Finish, JournalError, NewRun, Note, RunState, replay};

/// With its steps, its due time and the person's name.
pub async fn a_revived_run_is_ready_again(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    let first = scene.claim().await;
    scene.record(&first, "step", "one").await;
    scene.finish(&first, park(false)).await;

    let due = scene.in_secs(60);
    scene.journal.revive(&"r1".into(), due, "ann").await.expect("the run is revived");
    assert_eq!(scene.facts("r1").await.pop(), Some(Fact::Revived { by: "ann".to_owned(), due }));
    assert!(scene.claimed(1).await.is_empty());
    scene.pass_secs(60);
    let second = scene.claim().await;
    assert_eq!((second.attempt, second.steps.len()), (2, 1));
}

/// It has no right to the lane it lost.
pub async fn a_dead_run_takes_its_turn_again(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    scene.offer("r2", "lane").await;
    scene.finish(&scene.claim().await, dead()).await;
    let second = scene.claim().await;

    scene.revive("r1").await;
    assert!(scene.claimed(10).await.is_empty());
    scene.finish(&second, over()).await;
    assert_eq!(scene.claimed(10).await, ["r1"]);
}

/// A run that was parked with its lane keeps it until it is finished otherwise.
pub async fn a_revived_run_still_holds_its_lane(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    scene.offer("r1", "lane").await;
    scene.offer("r2", "lane").await;
    scene.finish(&scene.claim().await, park(true)).await;

    let due = scene.in_secs(60);
    scene.journal.revive(&"r1".into(), due, "ann").await.expect("the run is revived");
    assert!(scene.run("r1").await.holds_lane);
    assert!(scene.claimed(10).await.is_empty());
    scene.pass_secs(60);
    assert_eq!(scene.claimed(10).await, ["r1"]);
}

/// "Try it now" for a run that waits, whether or not it keeps its lane meanwhile.
pub async fn a_waiting_run_is_brought_forward_and_never_postponed(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    for hold_lane in [false, true] {
        let run = format!("holding {hold_lane}");
        scene.offer(&run, &run).await;
        scene.finish(&scene.claim().await, wait(scene.in_secs(60), hold_lane)).await;
        let (later, sooner) = (scene.in_secs(90), scene.in_secs(30));
        let id = run.as_str().into();
        scene.journal.revive(&id, later, "ann").await.expect("the run is revived");
        assert_eq!(scene.run(&run).await.due, Some(scene.in_secs(60)));
        scene.journal.revive(&id, sooner, "ann").await.expect("the run is revived");
        assert_eq!(scene.run(&run).await.due, Some(sooner));
    }
    scene.pass_secs(30);
    assert_eq!(scene.claimed(10).await.len(), 2);
}

/// The error names the run and its state, and nothing changes.
pub async fn what_cannot_be_revived_is_said(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let revive = async |run: &str| scene.journal.revive(&run.into(), scene.now(), "ann").await;
    assert!(matches!(
        revive("nobody").await,
        Err(JournalError::NoSuchRun { run }) if run == "nobody".into()
    ));

    scene.offer("done", "a").await;
    scene.finish(&scene.claim().await, over()).await;
    scene.offer("idle", "b").await;
    scene.finish(&scene.claim().await, idle()).await;
    scene.offer("running", "c").await;
    scene.claim().await;
    scene.offer("ready", "d").await;
    for state in [RunState::Done, RunState::Idle, RunState::Running, RunState::Ready] {
        let before = scene.run(state.as_str()).await;
        assert!(matches!(
            revive(state.as_str()).await,
            Err(JournalError::NotRevivable { run, state: told })
                if run == state.as_str().into() && told == state
        ));
        assert_eq!(scene.run(state.as_str()).await, before);
    }
}

/// A person reads why, and what was recorded is still there when the run is revived.
pub async fn a_run_that_is_over_can_be_reopened_for_a_person(store: &dyn TestStore) {
    for end in [over as fn() -> Finish, dead] {
        let scene = Scene::set(store).await;
        scene.offer("r1", "lane").await;
        scene.offer("r2", "lane").await;
        let claim = scene.claim().await;
        scene.record(&claim, "charge", "paid").await;
        scene.finish(&claim, end()).await;

        let reopen = async || scene.journal.reopen(&"r1".into(), "it is not over").await;
        assert!(reopen().await.expect("the run is reopened"));
        let run = scene.run("r1").await;
        assert_eq!((run.state, run.holds_lane), (RunState::Parked, false));
        assert_eq!(run.note, Some(Note::Why("it is not over".to_owned())));
        let history = scene.journal.history(&"r1".into(), 0..u64::MAX).await.expect("it is read");
        assert_eq!(replay(&"r1".into(), &history), Some(run));
        assert!(!reopen().await.expect("it waits for a person already"));
        scene.finish(&claim, end()).await;
        assert_eq!(scene.state("r1").await, RunState::Parked, "a repeated finish is old news");

        let next = scene.claim().await;
        assert_eq!(next.run, "r2".into(), "its lane goes on");
        scene.finish(&next, over()).await;
        scene.revive("r1").await;
        let again = scene.claim().await;
        assert_eq!(again.result(&"charge".into()), Some(done("paid")));
    }
}

/// Somebody cares for it, or waits for news, or nobody knows it.
pub async fn what_is_not_over_is_not_reopened(store: &dyn TestStore) {
    let scene = Scene::set(store).await;
    let reopen = async |run: &str| scene.journal.reopen(&run.into(), "why").await;
    assert!(matches!(reopen("r1").await, Err(JournalError::NoSuchRun { .. })));
    scene.offer("r1", "lane").await;
    assert!(!reopen("r1").await.expect("it is ready"));
    for end in [idle(), park(false), wait(scene.now(), false)] {
        let claim = scene.claim().await;
        assert!(!reopen("r1").await.expect("it is running"));
        scene.finish(&claim, end).await;
        let state = scene.state("r1").await;
        assert!(!reopen("r1").await.expect("it is cared for"));
        assert_eq!(scene.state("r1").await, state);
        if state == RunState::Idle {
            scene.offer_run(NewRun::new("r1", "lane", "news")).await;
        } else if state == RunState::Parked {
            scene.revive("r1").await;
        }
    }
}
