//! Backups, and the journals that are restored from them.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect_clock::{Clock, SystemClock, VirtualClock};
use connect_journal::{
    BackupError, Finish, Journal, NewRun, Restoration, RunFilter, SqliteJournal, StepResult, replay,
};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::task::JoinSet;

const LEASE: Duration = Duration::from_secs(3600);

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of all files, without those of a journal at work.
    fn files(&self) -> BTreeSet<String> {
        let names = fs::read_dir(self.0.path()).unwrap();
        let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with("journal.db")).collect()
    }

    fn told(&self, error: &BackupError) -> String {
        error.to_string().replace(&self.0.path().display().to_string(), "DIR")
    }
}

fn clock() -> VirtualClock {
    VirtualClock::new("2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap())
}

fn restore(from: &Path, to: &Path) -> Result<Restoration, BackupError> {
    SqliteJournal::restore(from, to, &SystemClock)
}

async fn with_one_run(file: &Path) -> SqliteJournal {
    let journal = SqliteJournal::open(file, clock()).unwrap();
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    journal
}

/// One worker: runs of its own from offer to end, each a step. Counts what was acknowledged.
async fn work(journal: Arc<SqliteJournal>, worker: usize, done: Arc<AtomicUsize>) {
    for n in 0.. {
        let run = format!("r{worker}-{n:05}");
        journal.offer(&[NewRun::new(run.as_str(), run.as_str(), "payload")]).await.unwrap();
        for claim in journal.claim(&"w".into(), NonZeroUsize::MIN, LEASE).await.unwrap() {
            let output = StepResult::Done(claim.run.to_string().into());
            journal.record(&claim, &"step".into(), output, None).await.unwrap();
            journal.finish(&claim, Finish::Done { outcome: "".into() }).await.unwrap();
            done.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_one_moment_and_nobody_waits_for_it() {
    let place = Place::new();
    let journal = Arc::new(SqliteJournal::open(place.file("journal.db"), SystemClock).unwrap());
    let (done, mut workers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for worker in 0..8 {
        workers.spawn(work(Arc::clone(&journal), worker, Arc::clone(&done)));
    }
    let mut least = Vec::new();
    for n in 0..3 {
        while done.load(Ordering::SeqCst) < (n + 1) * 100 {
            tokio::task::yield_now().await;
        }
        least.push(done.load(Ordering::SeqCst));
        journal.backup(place.file(&format!("{n}.backup"))).await.unwrap();
    }
    workers.shutdown().await;
    for (n, least) in least.into_iter().enumerate() {
        let file = place.file(&format!("{n}.db"));
        restore(&place.file(&format!("{n}.backup")), &file).unwrap();
        let restored = SqliteJournal::open(&file, SystemClock).unwrap();
        assert!(restored.counts().await.unwrap().done as usize >= least, "what was acknowledged");
        let mut page = RunFilter::default();
        loop {
            let runs = restored.runs(&page).await.unwrap();
            let Some(last) = runs.last() else { break };
            page.after = Some(last.id.clone());
            for run in &runs {
                let history = restored.history(&run.id, 0..u64::MAX).await.unwrap();
                assert_eq!(replay(&run.id, &history).as_ref(), Some(run));
            }
        }
    }
}

#[tokio::test]
async fn a_backup_is_one_file_for_its_user_alone() {
    let place = Place::new();
    let journal = with_one_run(&place.file("journal.db")).await;
    journal.backup(place.file("backup")).await.unwrap();
    assert_eq!(place.files(), BTreeSet::from(["backup".to_owned()]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(place.file("backup")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn nothing_that_is_there_is_overwritten() {
    let place = Place::new();
    let journal = with_one_run(&place.file("journal.db")).await;
    fs::write(place.file("backup"), "of yesterday").unwrap();
    let refused = journal.backup(place.file("backup")).await.unwrap_err();
    insta::assert_snapshot!(place.told(&refused), @"DIR/backup: is there already; name another file, or move it away first");
    assert_eq!(fs::read(place.file("backup")).unwrap(), b"of yesterday");

    journal.backup(place.file("new")).await.unwrap();
    let refused = restore(&place.file("new"), &place.file("journal.db")).unwrap_err();
    assert_eq!(refused.code(), "JRN_BACKUP_EXISTS");
    // A log that lost its journal would be taken for the log of the restored one.
    fs::write(place.file("other-wal"), "frames").unwrap();
    let refused = restore(&place.file("new"), &place.file("other")).unwrap_err();
    insta::assert_snapshot!(place.told(&refused), @"DIR/other-wal: is there already; name another file, or move it away first");
    assert!(!place.file("other").exists());
}

#[tokio::test]
async fn a_backup_is_not_gone_on_with_as_if_it_were_the_journal() {
    let place = Place::new();
    let journal = with_one_run(&place.file("journal.db")).await;
    journal.backup(place.file("backup")).await.unwrap();
    let before = fs::read(place.file("backup")).unwrap();
    let refused = SqliteJournal::open(place.file("backup"), clock()).err().unwrap();
    assert_eq!(refused.code(), "JRN_OPEN_BACKUP");
    insta::assert_snapshot!(place.told(&refused.into()), @"DIR/backup: is a backup of a journal; restore it under another name with `cnct journal restore` and open that");
    assert_eq!(fs::read(place.file("backup")).unwrap(), before);
    assert_eq!(place.files(), BTreeSet::from(["backup".to_owned()]));
}

#[tokio::test]
async fn a_restored_journal_says_so_for_ever() {
    let place = Place::new();
    let clock = clock();
    let journal = SqliteJournal::open(place.file("journal.db"), clock.clone()).unwrap();
    journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    assert_eq!(journal.restoration().await.unwrap(), None);
    let backup = clock.now();
    journal.backup(place.file("backup")).await.unwrap();
    clock.advance(LEASE);
    let told = SqliteJournal::restore(place.file("backup"), place.file("new"), &clock).unwrap();
    assert_eq!(told, Restoration { backup, at: clock.now() });

    clock.advance(LEASE);
    let restored = SqliteJournal::open(place.file("new"), clock.clone()).unwrap();
    restored.offer(&[NewRun::new("r2", "lane", "payload")]).await.unwrap();
    assert_eq!(restored.restoration().await.unwrap(), Some(told));
    assert_eq!(restored.counts().await.unwrap().ready_now, 2);

    // A backup of it knows of it, and is restored in its turn.
    restored.backup(place.file("second")).await.unwrap();
    clock.advance(LEASE);
    let again = SqliteJournal::restore(place.file("second"), place.file("third"), &clock).unwrap();
    assert_eq!(again.at, clock.now());
    let third = SqliteJournal::open(place.file("third"), clock.clone()).unwrap();
    assert_eq!(third.restoration().await.unwrap(), Some(again));
}

#[tokio::test]
async fn a_plain_copy_is_restored_together_with_its_log() {
    let place = Place::new();
    let journal = with_one_run(&place.file("journal.db")).await;
    for end in ["", "-wal"] {
        fs::copy(place.file(&format!("journal.db{end}")), place.file(&format!("copy{end}")))
            .unwrap();
    }
    drop(journal);
    let log = fs::read(place.file("copy-wal")).unwrap();
    assert!(!log.is_empty());
    let told = restore(&place.file("copy"), &place.file("new")).unwrap();
    assert_eq!(told.backup, clock().now(), "the date of its last event");
    assert_eq!(fs::read(place.file("copy-wal")).unwrap(), log, "left as it was");
    let restored = SqliteJournal::open(place.file("new"), SystemClock).unwrap();
    assert!(restored.run(&"r1".into()).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_no_whole_backup_is_refused_and_leaves_nothing() {
    let place = Place::new();
    let journal = with_one_run(&place.file("journal.db")).await;
    let runs: Vec<_> = (0..500).map(|n| NewRun::new(format!("x{n}"), "x", "payload")).collect();
    journal.offer(&runs).await.unwrap();
    journal.backup(place.file("backup")).await.unwrap();
    let whole = fs::read(place.file("backup")).unwrap();
    let page = 4096;
    let mut damages = vec![
        ("missing", None),
        ("empty", Some(Vec::new())),
        ("text", Some(b"something else".to_vec())),
        ("cut within a page", Some(whole[..whole.len() - 100].to_vec())),
        ("without its last page", Some(whole[..whole.len() - page].to_vec())),
    ];
    for n in 1..whole.len() / page {
        let mut page_lost = whole.clone();
        page_lost[n * page..(n + 1) * page].fill(0);
        damages.push(("a page of zeros", Some(page_lost)));
    }
    for (what, bytes) in damages {
        let _ = fs::remove_file(place.file("damaged"));
        if let Some(bytes) = &bytes {
            fs::write(place.file("damaged"), bytes).unwrap();
        }
        let refused = restore(&place.file("damaged"), &place.file("new"));
        assert!(refused.is_err(), "{what}");
        assert!(!place.file("new").exists(), "{what}");
        assert!(!place.files().iter().any(|name| name.ends_with(".new")), "{what}");
    }
}
