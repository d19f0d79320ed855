//! The fuse and the scripted failures other tests rely on.

use std::{collections::BTreeSet, num::NonZeroUsize, sync::Arc, time::Duration};

use connect_clock::VirtualClock;
use connect_journal::testing::{FaultMoment, Faulty, Fuse, Point};
use connect_journal::{Finish, Journal, JournalError, MemoryJournal, NewRun, RunState, StepResult};

const LEASE: Duration = Duration::from_secs(30);

fn memory() -> (Arc<dyn Journal>, VirtualClock) {
    let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap());
    (Arc::new(MemoryJournal::new(clock.clone())), clock)
}

/// A whole life: offer, claim, one step, finish.
async fn live(journal: &impl Journal) {
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    for claim in journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await.unwrap() {
        let output = StepResult::Done("one".into());
        journal.record(&claim, &"step".into(), output, None).await.unwrap();
        journal.finish(&claim, Finish::Done { outcome: "".into() }).await.unwrap();
    }
}

/// Lives until the end or the fuse blows; whether it came to the end.
async fn lives_through(journal: &Arc<dyn Journal>, fuse: &Fuse) -> bool {
    let journal = Faulty::new(journal.clone(), fuse.clone());
    tokio::select! {
        biased;
        () = fuse.blown() => false,
        () = live(&journal) => true,
    }
}

#[tokio::test]
async fn a_life_can_die_before_and_after_every_call() {
    let (journal, _) = memory();
    let fuse = Fuse::never();
    assert!(lives_through(&journal, &fuse).await);
    let points: Vec<String> = fuse.points().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(points.join("\n"), @r"
    before journal offer #1
    after journal offer #1
    before journal claim #1
    after journal claim #1
    before journal record #1
    after journal record #1
    before journal finish #1
    after journal finish #1
    ");

    let mut left_behind = BTreeSet::new();
    for point in fuse.points() {
        let (journal, clock) = memory();
        let fuse = Fuse::at(point.clone());
        assert!(!lives_through(&journal, &fuse).await, "death {point}");
        let run = journal.run(&"r1".into()).await.unwrap();
        left_behind.insert(run.map(|run| (run.state, run.steps.len())));

        clock.advance(LEASE);
        assert!(lives_through(&journal, &Fuse::never()).await);
        let run = journal.run(&"r1".into()).await.unwrap().unwrap();
        assert_eq!((run.state, run.steps.len()), (RunState::Done, 1), "after death {point}");
    }
    let ready = Some((RunState::Ready, 0));
    let running = Some((RunState::Running, 0));
    let recorded = Some((RunState::Running, 1));
    let done = Some((RunState::Done, 1));
    assert_eq!(left_behind, BTreeSet::from([None, ready, running, recorded, done]));
}

#[tokio::test]
async fn after_the_fuse_has_blown_nothing_passes() {
    let fuse = Fuse::at(Point::new("anywhere", 1));
    for _ in 0..3 {
        tokio::select! {
            biased;
            () = fuse.pass("anywhere") => panic!("passed a blown fuse"),
            () = fuse.blown() => {}
        }
    }
    assert_eq!(fuse.points().len(), 3);
}

#[tokio::test]
async fn a_scripted_failure_hides_whether_the_call_was_carried_out() {
    let (inner, _) = memory();
    let journal = Faulty::new(inner.clone(), Fuse::never());
    let run = |id: &str| [NewRun::new(id, id, "payload")];

    journal.fail_next(2, FaultMoment::Before);
    for _ in 0..2 {
        let answer = journal.offer(&run("before")).await;
        assert!(matches!(answer, Err(JournalError::Unavailable { .. })));
    }
    journal.fail_next(1, FaultMoment::After);
    let answer = journal.offer(&run("after")).await;
    assert!(matches!(answer, Err(JournalError::Unavailable { .. })));
    journal.offer(&run("at last")).await.unwrap();

    assert_eq!(inner.run(&"before".into()).await.unwrap(), None);
    for known in ["after", "at last"] {
        assert!(inner.run(&known.into()).await.unwrap().is_some());
    }
}

#[test]
fn codes_are_stable() {
    let run = || "r1".into();
    let errors = [
        JournalError::Fenced,
        JournalError::Unavailable { source: "disk".into() },
        JournalError::Corrupt { source: "bytes".into() },
        JournalError::Gone { file: "journal.db".into() },
        JournalError::NoSuchRun { run: run() },
        JournalError::NotRevivable { run: run(), state: RunState::Done },
        JournalError::OtherOwner { owner: "ann".to_owned(), asked: "bob".to_owned() },
        JournalError::InvalidOwner,
    ];
    let told: Vec<_> = errors.iter().map(|error| format!("{} {error}", error.code())).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    JRN_FENCED fenced: this claim of the run is over, it was finished before or claimed again after its lease ran out; stop working on it, its present claim carries on
    JRN_UNAVAILABLE the journal is unavailable; the same call may be repeated
    JRN_CORRUPT the journal holds something this version cannot read; restore it from a backup
    JRN_GONE a file of the journal journal.db was removed or replaced while it was open; stop, and restore the journal before you start again: which effects have happened stood in it
    JRN_NO_SUCH_RUN there is no run `r1`; list the runs to find its id
    JRN_NOT_REVIVABLE run `r1` is done; only a parked, dead or waiting run can be revived
    JRN_OTHER_OWNER this journal belongs to `ann`, not to `bob`; use another journal
    JRN_INVALID_OWNER the owner of a journal is named by 1 to 512 bytes without control characters
    ");
}
