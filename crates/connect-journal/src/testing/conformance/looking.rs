//! Questions to a journal, and being told when to ask again.

use std::time::Duration;

use connect_clock::{Clock, Monotonic, SystemClock, saturating_add};

use super::TestStore;
use super::harness::{Harness, LEASE, PAYLOAD, dead, done, idle, over, park, retry, wait};
use crate::history::{Fact, replay};
use crate::names::{Fence, StepName};
use crate::run::{Counts, NewRun, Note, RunFilter, RunState};
use crate::step::{StepResult, StepState};

/// Every call that changed something is told, with the time it happened.
pub async fn history_tells_what_happened(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let start = harness.now();
    harness.offer("r1", "lane").await;
    harness.claim().await;
    harness.let_leases_run_out();
    let claim = harness.claim().await;
    let step: StepName = "step".into();
    harness.intend(&claim, "step").await;
    harness.record(&claim, "step", "one").await;
    harness.finish(&claim, idle()).await;
    harness.offer_run(NewRun::new("r1", "lane", "news")).await;
    let again = harness.claim().await;
    harness.finish(&again, park(false)).await;
    harness.pass_secs(1);
    harness.revive("r1").await;

    let worker = || "worker".into();
    let woken = saturating_add(start, LEASE);
    let facts = [
        Fact::Offered {
            lane: "lane".into(),
            payload: PAYLOAD.into(),
            due: start,
            urgent: None,
            group: None,
        },
        Fact::Claimed { worker: worker(), fence: Fence(1), attempt: 1, took_over: false },
        Fact::Claimed { worker: worker(), fence: Fence(2), attempt: 2, took_over: true },
        Fact::Intended { step: step.clone(), fence: Fence(2) },
        Fact::Recorded { step, fence: Fence(2), result: done("one") },
        Fact::Finished { fence: Fence(2), how: idle() },
        Fact::Woken { payload: "news".into(), due: woken },
        Fact::Claimed { worker: worker(), fence: Fence(3), attempt: 3, took_over: false },
        Fact::Finished { fence: Fence(3), how: park(false) },
        Fact::Revived { by: "ann".to_owned(), due: harness.now() },
    ];
    assert_eq!(harness.facts("r1").await, facts);
    let events = harness.journal.history(&"r1".into(), 0..u64::MAX).await;
    let events = events.expect("the history is read");
    let times: Vec<_> = events.iter().map(|event| event.at.duration_since(start)).collect();
    assert_eq!(
        times.iter().map(|at| at.as_secs()).collect::<Vec<_>>(),
        [0, 0, 30, 30, 30, 30, 30, 30, 30, 31]
    );
}

/// By sequence numbers, which have no holes; a range may reach beyond the end.
pub async fn history_is_read_in_pieces(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    for step in ["a", "b", "c"] {
        harness.record(&claim, step, "done").await;
    }
    let read = async |range| {
        let events = harness.journal.history(&"r1".into(), range).await;
        let events = events.expect("the history is read");
        events.iter().map(|event| event.seq).collect::<Vec<_>>()
    };
    assert_eq!(read(0..u64::MAX).await, [0, 1, 2, 3, 4]);
    assert_eq!(read(1..3).await, [1, 2]);
    assert_eq!(read(4..9).await, [4]);
    assert!(read(5..9).await.is_empty());
    assert!(read(2..2).await.is_empty());
    let nobody = harness.journal.history(&"nobody".into(), 0..9).await;
    assert!(nobody.expect("the history is read").is_empty());
}

/// And replaying its history says the same.
pub async fn a_run_shows_where_it_stands(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert_eq!(harness.journal.run(&"r1".into()).await.expect("the run is read"), None);
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    let gave_up = StepResult::GaveUp("no luck".to_owned());
    harness.journal.record(&claim, &"step".into(), gave_up, None).await.expect("recorded");
    let running = harness.run("r1").await;
    assert_eq!(running.worker, Some("worker".into()));
    assert_eq!((running.due, running.note, running.holds_lane), (None, None, true));

    let due = harness.in_secs(60);
    harness.finish(&claim, retry(due, false)).await;
    let waiting = harness.run("r1").await;
    assert_eq!((waiting.state, waiting.due), (RunState::Ready, Some(due)));
    assert_eq!((waiting.attempt, waiting.failures, waiting.fence), (1, 1, claim.fence));
    assert_eq!((waiting.worker.as_ref(), waiting.holds_lane), (None, false));
    assert_eq!(waiting.note, Some(Note::Why("no answer".to_owned())));
    assert_eq!(waiting.payload, PAYLOAD);
    assert_eq!(waiting.steps[0].state, StepState::GaveUp("no luck".to_owned()));

    let history = harness.journal.history(&"r1".into(), 0..u64::MAX).await;
    assert_eq!(replay(&"r1".into(), &history.expect("the history is read")), Some(waiting));
}

/// Filters combine; pages follow each other by id.
pub async fn runs_are_listed_by_state_lane_and_page(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (run, lane) in [("d", "even"), ("a", "odd"), ("c", "odd"), ("b", "even")] {
        harness.offer(run, lane).await;
    }
    let claims = harness.claims(1).await;
    harness.finish(&claims[0], over()).await;

    let list = async |filter: RunFilter| {
        let runs = harness.journal.runs(&filter).await.expect("the runs are listed");
        runs.iter().map(|run| run.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    let all = RunFilter::default;
    let ready = || Some(RunState::Ready);
    assert_eq!(list(all()).await, "a b c d");
    assert_eq!(list(RunFilter { limit: 2, ..all() }).await, "a b");
    assert_eq!(list(RunFilter { limit: 2, after: Some("b".into()), ..all() }).await, "c d");
    assert_eq!(list(RunFilter { state: ready(), ..all() }).await, "a b c");
    assert_eq!(list(RunFilter { lane: Some("even".into()), ..all() }).await, "b d");
    let even = RunFilter { lane: Some("even".into()), state: ready(), ..all() };
    assert_eq!(list(even).await, "b");
    assert_eq!(list(RunFilter { lane: Some("neither".into()), ..all() }).await, "");
    assert_eq!(list(RunFilter { limit: 0, ..all() }).await, "");
}

/// `next_due` is the earliest moment at which time alone changes something.
pub async fn counts_add_up_and_tell_when_to_look_again(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    let counts = async || harness.journal.counts().await.expect("the counts are answered");
    assert_eq!(counts().await, Counts::default());

    for how in [idle(), park(true), over(), dead(), wait(harness.in_secs(60), false)] {
        let run = format!("{how:?}");
        harness.offer(&run, &run).await;
        harness.finish(&harness.claim().await, how).await;
    }
    let each = Counts { idle: 1, parked: 1, done: 1, dead: 1, ready_later: 1, ..Counts::default() };
    assert_eq!(counts().await, Counts { next_due: Some(harness.in_secs(60)), ..each });

    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    let oldest_due = Some(harness.in_secs(0));
    harness.claim().await;
    let lease_end = harness.in_secs(LEASE.as_secs());
    let busy = Counts { running: 1, ready_now: 1, oldest_due, ..each };
    assert_eq!(counts().await, Counts { next_due: Some(lease_end), ..busy });

    harness.pass_secs(60);
    let due = Counts { ready_now: 2, ready_later: 0, ..busy };
    assert_eq!(counts().await, Counts { next_due: None, ..due });
}

/// Fails if `waiting` is not over soon, by the clock of whoever runs the test.
pub(super) async fn soon(waiting: impl Future<Output = ()>) {
    let clock: &dyn Clock = &SystemClock;
    clock.limit(Duration::from_secs(60), waiting).await.expect("waiting ends early");
}

/// An offer wakes those who wait.
pub async fn waiting_ends_when_a_run_is_offered(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert!(harness.claimed(1).await.is_empty());
    soon(async {
        tokio::join!(harness.journal.wait_due(Monotonic::MAX), harness.offer("r1", "lane"));
    })
    .await;
}

/// A finish that lets the next run of its lane begin wakes those who wait.
pub async fn waiting_ends_when_a_lane_is_freed(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    let claim = harness.claim().await;
    soon(async {
        tokio::join!(harness.journal.wait_due(Monotonic::MAX), harness.finish(&claim, over()));
    })
    .await;
}

/// A due time that has come ends the waiting.
pub async fn waiting_ends_when_a_run_is_due(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer_run(NewRun::new("r1", "lane", PAYLOAD).due(harness.in_secs(3600))).await;
    assert!(harness.claimed(1).await.is_empty());
    soon(async {
        tokio::join!(harness.journal.wait_due(Monotonic::MAX), async { harness.pass_secs(3600) });
    })
    .await;
}

/// At the latest.
pub async fn waiting_ends_at_its_time(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert!(harness.claimed(1).await.is_empty());
    let until = harness.clock.monotonic() + LEASE;
    soon(async {
        tokio::join!(harness.journal.wait_due(until), async { harness.let_leases_run_out() });
    })
    .await;
}

/// A worker that found nothing and waits has missed nothing in between.
pub async fn news_between_claiming_and_waiting_is_not_lost(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    assert!(harness.claimed(1).await.is_empty());
    harness.offer("r1", "lane").await;
    soon(harness.journal.wait_due(Monotonic::MAX)).await;
    soon(harness.journal.wait_due(Monotonic::MAX)).await;
}
