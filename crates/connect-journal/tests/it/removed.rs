//! Files that are removed or replaced while a journal is open.

use std::{fs, num::NonZeroUsize, path::PathBuf, time::Duration};

use connect_clock::SystemClock;
use connect_journal::{
    Claim, Finish, Journal, JournalError, NewRun, RunFilter, SqliteJournal, StepResult,
};
use tempfile::TempDir;

const LEASE: Duration = Duration::from_secs(3600);

/// A journal at work, in a directory of its own.
struct AtWork {
    place: TempDir,
    journal: SqliteJournal,
    claim: Claim,
}

impl AtWork {
    async fn begin() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("data")).unwrap();
        let journal = SqliteJournal::open(place.path().join("data/journal.db"), SystemClock);
        let journal = journal.unwrap();
        journal.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
        let claim = claim(&journal).await.unwrap().remove(0);
        Self { place, journal, claim }
    }

    fn file(&self, end: &str) -> PathBuf {
        self.place.path().join(format!("data/journal.db{end}"))
    }

    /// The codes of all calls, each made once.
    async fn answers(&self) -> Vec<&'static str> {
        let Self { journal, claim: held, .. } = self;
        let (run, step) = (&held.run, &"step".into());
        let done = StepResult::Done("one".into());
        let over = Finish::Done { outcome: "".into() };
        vec![
            code(&journal.record(held, step, done, None).await),
            code(&journal.intend(held, step).await),
            code(&journal.renew(&[held], LEASE).await),
            code(&journal.finish(held, over).await),
            code(&journal.offer(&[NewRun::new("r2", "lane", "")]).await),
            code(&claim(journal).await),
            code(&journal.bind("owner").await),
            code(&journal.revive(run, jiff::Timestamp::UNIX_EPOCH, "ann").await),
            code(&journal.history(run, 0..9).await),
            code(&journal.run(run).await),
            code(&journal.runs(&RunFilter::default()).await),
            code(&journal.counts().await),
        ]
    }
}

async fn claim(journal: &SqliteJournal) -> Result<Vec<Claim>, JournalError> {
    journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await
}

fn code<T>(answer: &Result<T, JournalError>) -> &'static str {
    answer.as_ref().err().map_or("ok", JournalError::code)
}

#[tokio::test]
async fn nothing_is_acknowledged_once_a_file_is_gone() {
    type Harm = fn(&AtWork);
    let harms: [(&str, Harm); 8] = [
        ("emptied", |at| fs::write(at.file(""), "").unwrap()),
        ("removed", |at| fs::remove_file(at.file("")).unwrap()),
        ("its log removed", |at| fs::remove_file(at.file("-wal")).unwrap()),
        ("the log's index removed", |at| fs::remove_file(at.file("-shm")).unwrap()),
        ("moved away", |at| fs::rename(at.file(""), at.file(".old")).unwrap()),
        ("replaced by a copy", |at| {
            fs::copy(at.file(""), at.file(".copy")).unwrap();
            fs::rename(at.file(".copy"), at.file("")).unwrap();
        }),
        ("its log replaced", |at| {
            fs::write(at.file(".copy"), "").unwrap();
            fs::rename(at.file(".copy"), at.file("-wal")).unwrap();
        }),
        ("its directory removed", |at| fs::remove_dir_all(at.place.path().join("data")).unwrap()),
    ];
    for (what, harm) in harms {
        let at_work = AtWork::begin().await;
        harm(&at_work);
        assert_eq!(at_work.answers().await, ["JRN_GONE"; 12], "{what}");
    }
}

#[tokio::test]
async fn a_journal_that_was_away_for_a_while_is_not_trusted_again() {
    let at_work = AtWork::begin().await;
    fs::rename(at_work.file(""), at_work.file(".old")).unwrap();
    assert_eq!(code(&claim(&at_work.journal).await), "JRN_GONE");
    fs::rename(at_work.file(".old"), at_work.file("")).unwrap();
    assert_eq!(at_work.answers().await, ["JRN_GONE"; 12]);
}

#[tokio::test]
async fn the_loss_is_told_with_its_remedy() {
    let at_work = AtWork::begin().await;
    fs::remove_file(at_work.file("")).unwrap();
    let told = claim(&at_work.journal).await.unwrap_err().to_string();
    insta::assert_snapshot!(
        told.replace(&at_work.place.path().display().to_string(), "DIR"),
        @"a file of the journal DIR/data/journal.db was removed or replaced while it was open; stop, and restore the journal before you start again: which effects have happened stood in it"
    );
}

/// Closing the last connection to a database removes its log, whose name may be another's by now.
#[tokio::test]
async fn a_journal_that_lost_its_files_leaves_its_successors_alone() {
    let at_work = AtWork::begin().await;
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(at_work.file(end)).unwrap();
    }
    let successor = SqliteJournal::open(at_work.file(""), SystemClock).unwrap();
    successor.offer(&[NewRun::new("r1", "lane", "payload")]).await.unwrap();
    let AtWork { place, journal, .. } = at_work;
    drop(journal);

    assert!(place.path().join("data/journal.db-wal").exists());
    successor.offer(&[NewRun::new("r2", "lane", "payload")]).await.unwrap();
    assert_eq!(successor.counts().await.unwrap().ready_now, 2);
}
