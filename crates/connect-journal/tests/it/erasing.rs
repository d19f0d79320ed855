//! Erasing what the journal knows of a customer.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_journal::{
    EraseError, Erasure, Finish, Journal, NewRun, Note, RunState, SqliteJournal, StepResult, replay,
};

const LEASE: Duration = Duration::from_secs(3600);
const CANARY: &str = "ines@customer.example";

/// Long enough for pages of its own, which are freed when it is replaced.
fn canary() -> String {
    format!("{CANARY} ").repeat(600)
}

/// Where the canary stands, of all files of the place.
fn traces(place: &Path) -> Vec<String> {
    let files = fs::read_dir(place).unwrap().map(|file| file.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        fs::read(path).unwrap().windows(CANARY.len()).any(|it| it == CANARY.as_bytes())
    };
    files.filter(holds).map(|path| path.display().to_string()).collect()
}

/// A run that went through everything that leaves a trace, to the given end.
async fn lived(journal: &SqliteJournal, run: &str, lane: &str, told: &str, end: Finish) {
    let claim = async || {
        let claims = journal.claim(&"w".into(), NonZeroUsize::MIN, LEASE).await.unwrap();
        claims.into_iter().next().unwrap()
    };
    journal.offer(&[NewRun::new(run, lane, told.to_owned())]).await.unwrap();
    let idle = Finish::Idle { outcome: told.to_owned().into() };
    journal.finish(&claim().await, idle).await.unwrap();
    journal.offer(&[NewRun::new(run, lane, format!("{told} again"))]).await.unwrap();
    let retry =
        Finish::Retry { due: jiff::Timestamp::UNIX_EPOCH, why: told.into(), hold_lane: true };
    journal.finish(&claim().await, retry).await.unwrap();
    let last = claim().await;
    let done = StepResult::Done(told.to_owned().into());
    journal.record(&last, &"create".into(), done, Some(&"pay".into())).await.unwrap();
    let (gave_up, note) = (StepResult::GaveUp(told.into()), told.to_owned().into());
    journal.record_noting(&last, &"pay".into(), gave_up, note).await.unwrap();
    journal.finish(&last, end).await.unwrap();
}

fn done(told: &str) -> Finish {
    Finish::Done { outcome: told.to_owned().into() }
}

#[tokio::test]
async fn nothing_of_a_customer_is_left_in_any_file() {
    let place = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(place.path().join("journal.db"), SystemClock).unwrap();
    for n in 0..20 {
        let (run, lane) = (format!("PR-1-{n:03}"), if n % 2 == 0 { "AS-1" } else { "AS-2" });
        let told = if n % 2 == 0 { canary() } else { "of others ".repeat(900) };
        let end = if n % 4 == 0 { Finish::Dead { why: told.clone() } } else { done(&told) };
        lived(&journal, &run, lane, &told, end).await;
    }
    assert!(!traces(place.path()).is_empty(), "the canary can be found");
    let erased = journal.erase(&Erasure::Lane("AS-1".into()), "ann").await.unwrap();
    assert_eq!(erased.len(), 10);
    assert_eq!(traces(place.path()), Vec::<String>::new());

    // The fact is left, and tells the same in both ways; the others are as they were.
    let run = journal.run(&"PR-1-002".into()).await.unwrap().unwrap();
    let history = journal.history(&run.id, 0..u64::MAX).await.unwrap();
    assert_eq!(replay(&run.id, &history).as_ref(), Some(&run));
    assert_eq!(run.state, RunState::Done);
    assert_eq!(run.note, Some(Note::Why("what it was about was erased by ann".to_owned())));
    let steps: Vec<_> = run.steps.iter().map(|record| record.step.as_str()).collect();
    assert_eq!(steps, ["create", "pay"]);
    let other = journal.run(&"PR-1-001".into()).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&other.payload).contains("of others"));
    // Once more changes nothing, and it can be gone on with.
    journal.erase(&Erasure::Run(run.id.clone()), "bob").await.unwrap();
    assert_eq!(journal.run(&run.id).await.unwrap(), Some(run));
    journal.offer(&[NewRun::new("PR-2", "AS-1", "")]).await.unwrap();
    assert_eq!(journal.counts().await.unwrap().ready_now, 1);
    drop(journal);
    assert_eq!(traces(place.path()), Vec::<String>::new());
}

#[tokio::test]
async fn what_may_go_on_is_not_erased() {
    let place = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(place.path().join("journal.db"), SystemClock).unwrap();
    lived(&journal, "PR-1", "AS-1", CANARY, done("")).await;
    let park = Finish::Park { why: CANARY.to_owned(), hold_lane: false, step: None };
    lived(&journal, "PR-2", "AS-1", CANARY, park).await;
    journal.offer(&[NewRun::new("PR-3", "AS-1", CANARY)]).await.unwrap();
    let refused = journal.erase(&Erasure::Lane("AS-1".into()), "ann").await.unwrap_err();
    insta::assert_snapshot!(refused, @"work on these runs may go on, so nothing was erased: PR-2 (parked), PR-3 (ready); bring their requests to an end first");
    let run = journal.run(&"PR-1".into()).await.unwrap().unwrap();
    assert_eq!(run.payload, format!("{CANARY} again"));

    journal.erase(&Erasure::Run("PR-1".into()), "ann").await.unwrap();
    let unknown = journal.erase(&Erasure::Lane("AS-9".into()), "ann").await.unwrap_err();
    assert!(matches!(unknown, EraseError::Nothing(_)));
}
