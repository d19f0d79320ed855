//! A journal on disk that needs neither a thread nor a runtime.

use std::num::NonZeroUsize;
use std::time::Duration;

use connect_clock::{Monotonic, VirtualClock};
use connect_journal::{
    Finish, Journal, JournalError, NewRun, RunFilter, SqliteJournal, StepResult,
};
use futures::FutureExt;
use jiff::Timestamp;

const LEASE: Duration = Duration::from_secs(30);

/// The answer of a call that nobody has to wait for.
fn at_once<T>(call: impl Future<Output = Result<T, JournalError>>) -> T {
    call.now_or_never().expect("it is over when it is first polled").unwrap()
}

#[test]
fn each_call_is_over_when_it_is_first_polled() {
    let directory = tempfile::tempdir().unwrap();
    let (file, clock) =
        (directory.path().join("journal.db"), VirtualClock::new(Timestamp::UNIX_EPOCH));
    let journal = SqliteJournal::open_inline(&file, clock.clone()).unwrap();
    at_once(journal.bind("ann"));
    at_once(journal.offer(&[NewRun::new("run", "lane", "payload")]));
    let claim = at_once(journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE)).remove(0);
    at_once(journal.renew(&[&claim], LEASE));
    at_once(journal.intend(&claim, &"step".into()));
    at_once(journal.record(&claim, &"step".into(), StepResult::Done("one".into()), None));
    at_once(journal.finish(&claim, Finish::Done { outcome: "done".into() }));
    at_once(journal.reopen(&"run".into(), "look"));
    at_once(journal.revive(&"run".into(), Timestamp::UNIX_EPOCH, "ann"));
    assert_eq!(at_once(journal.counts()).ready_now, 1);
    assert_eq!(at_once(journal.runs(&RunFilter::default())).len(), 1);
    assert_eq!(at_once(journal.run(&"run".into())).unwrap().attempt, 1);
    assert_eq!(at_once(journal.history(&"run".into(), 0..u64::MAX)).len(), 7);
    at_once(journal.check());
    assert!(journal.wait_due(Monotonic::MAX).now_or_never().is_some(), "there is a run to claim");

    drop(journal);
    assert!(!file.with_extension("db-wal").exists(), "the last to close tidies up");
    let again = SqliteJournal::open(&file, clock).unwrap();
    assert_eq!(again.written().operations, 0);
}
