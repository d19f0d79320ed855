//! One file, several handles and lives.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    os::unix::fs::MetadataExt,
    path::Path,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use connect_clock::SystemClock;
use connect_journal::{Claim, Finish, Journal, NewRun, RunId, SqliteJournal, StepResult};
use tokio::task::JoinSet;

const LEASE: Duration = Duration::from_secs(3600);

fn open(file: &Path) -> Arc<SqliteJournal> {
    Arc::new(SqliteJournal::open(file, SystemClock).unwrap())
}

async fn claim(journal: &SqliteJournal) -> Option<Claim> {
    journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await.unwrap().pop()
}

#[tokio::test]
async fn a_journal_opened_again_is_as_it_was_left() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let journal = open(&file);
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    let held = claim(&journal).await.unwrap();
    journal.record(&held, &"step".into(), StepResult::Done("one".into()), None).await.unwrap();
    journal.set_control(&"stopped".into(), Some("all".into()), "ann").await.unwrap();
    let before = journal.run(&"r1".into()).await.unwrap();
    let controls = journal.controls().await.unwrap();
    drop(journal);
    let left: Vec<_> = directory.path().read_dir().unwrap().collect();
    assert_eq!(left.len(), 1, "one file and no companions: {left:?}");

    let journal = open(&file);
    assert_eq!(journal.run(&"r1".into()).await.unwrap(), before);
    assert_eq!(journal.controls().await.unwrap(), controls);
    assert_eq!(controls[0].name, "stopped".into());
    journal.finish(&held, Finish::Done { outcome: "".into() }).await.unwrap();
}

#[tokio::test]
async fn what_was_asked_for_is_written_though_nobody_waits_for_the_answer() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let journal = open(&file);
    {
        let runs = [NewRun::new("r1", "lane", "payload")];
        let mut offer = pin!(journal.offer(&runs));
        let asked = offer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(asked, Poll::Pending | Poll::Ready(Ok(_))));
    }
    drop(journal);
    assert!(open(&file).run(&"r1".into()).await.unwrap().is_some());
}

/// The workers of two handles empty a journal; each run is worked on once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_handles_share_the_work_of_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let handles = [open(&file), open(&file)];
    let runs: Vec<_> =
        (0..200).map(|n| NewRun::new(format!("r{n}"), format!("lane{}", n % 50), "")).collect();
    handles[0].offer(&runs).await.unwrap();

    let mut workers = JoinSet::new();
    for worker in 0..8 {
        workers.spawn(work_off(handles[worker % 2].clone()));
    }
    let mut worked: BTreeMap<RunId, u32> = BTreeMap::new();
    for run in workers.join_all().await.into_iter().flatten() {
        *worked.entry(run).or_default() += 1;
    }
    assert_eq!(handles[1].counts().await.unwrap().done, 200);
    assert_eq!(worked.len(), 200);
    assert!(worked.values().all(|times| *times == 1), "{worked:?}");
}

/// Claims and finishes until nothing is left to be done by anybody.
async fn work_off(journal: Arc<SqliteJournal>) -> Vec<RunId> {
    let mut worked = Vec::new();
    while journal.counts().await.unwrap().done < 200 {
        if let Some(claim) = claim(&journal).await {
            journal.finish(&claim, Finish::Done { outcome: "".into() }).await.unwrap();
            worked.push(claim.run);
        }
    }
    worked
}

/// The locks that anybody holds on the file, as the kernel lists them.
#[cfg(target_os = "linux")]
fn locks_on(file: &Path) -> Vec<String> {
    let inode = format!(":{}", std::fs::metadata(file).unwrap().ino());
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let fields = locks.lines().map(|line| line.split_whitespace().skip(1));
    fields
        .filter(|fields| fields.clone().any(|field| field.ends_with(&inode)))
        .map(|fields| fields.collect::<Vec<_>>().join(" "))
        .collect()
}

/// A process loses its locks on a file when it closes any handle on it. Another program that then
/// opens and closes the journal takes itself for the last and removes the write-ahead log.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn opening_a_file_again_keeps_the_locks_on_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let journal = open(&file);
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    let held = locks_on(&file);
    assert_eq!(held.len(), 1, "{held:?}");

    let again = open(&file);
    assert_eq!(locks_on(&file), held);
    drop(again);
    assert_eq!(locks_on(&file), held);
}

#[test]
fn a_new_file_can_be_opened_by_many_at_once() {
    let directory = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let file = directory.path().join(format!("{round}.db"));
        let journals: Vec<_> = thread::scope(|scope| {
            let open = || scope.spawn(|| SqliteJournal::open(&file, SystemClock).unwrap());
            let opened: Vec<_> = (0..4).map(|_| open()).collect();
            opened.into_iter().map(|journal| journal.join().unwrap()).collect()
        });
        // One after the other: of two that close at the same moment, each may take the other for
        // the last, and both leave the write-ahead log for the next one that opens.
        drop(journals);
    }
    let left: Vec<_> = directory.path().read_dir().unwrap().map(Result::unwrap).collect();
    assert_eq!(left.len(), 20, "journals and nothing else: {left:?}");
}

#[tokio::test]
async fn calls_made_together_share_a_commit() {
    let directory = tempfile::tempdir().unwrap();
    let journal = open(&directory.path().join("journal.db"));
    let mut calls = JoinSet::new();
    for n in 0..500 {
        let journal = journal.clone();
        let run = NewRun::new(format!("r{n}"), format!("lane{n}"), "");
        calls.spawn(async move { journal.offer(&[run]).await.map(drop) });
    }
    for answer in calls.join_all().await {
        answer.unwrap();
    }
    let written = journal.written();
    assert_eq!(written.operations, 500);
    assert!(written.commits <= 100, "{written:?}");
    assert_eq!(journal.counts().await.unwrap().ready_now, 500);
}
