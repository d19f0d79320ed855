//! Journals of earlier versions.

use std::{num::NonZeroUsize, path::Path, time::Duration};

use connect_clock::{Clock, VirtualClock};
use connect_journal::{
    Fact, Finish, Group, Journal, JournalError, NewRun, RunFilter, RunState, SqliteJournal,
    StepResult, replay,
};
use jiff::Timestamp;
use rusqlite::Connection;

const LEASE: Duration = Duration::from_secs(30);

/// A journal as the first version left it: a run that is done, one that is parked in the middle of
/// a step, one whose worker died, and one whose worker died with its clock thirty years ahead.
const FIRST: &str = "
    pragma journal_mode = wal;
    pragma application_id = 0x4a524e4c;
    pragma user_version = 1;

    insert into lanes (no, name, fence, holder, running, next, due) values
        (1, 'AS-1', 1, null, 0, null, null),
        (2, 'AS-2', 1, null, 0, null, null),
        (3, 'AS-3', 1, 3, 1, 3, 1772366430000000000),
        (4, 'AS-4', 1, 4, 1, 4, 2719051230000000000);
    insert into runs (no, id, lane, payload, state, due, fence, attempt, failures, worker, outcome, why) values
        (1, 'PR-1', 1, x'7b7d', 'done', null, 1, 1, 0, null, x'617070726f766564', null),
        (2, 'PR-2', 2, x'7b7d', 'parked', null, 1, 1, 0, null, null, 'look'),
        (3, 'PR-3', 3, x'7b7d', 'running', null, 1, 1, 0, 'w', null, null),
        (4, 'PR-4', 4, x'7b7d', 'running', null, 1, 1, 0, 'w', null, null);
    insert into events (run, seq, at, kind, fence, step, who, due, attempt, hold_lane, body, why) values
        (1, 0, 1772366400000000000, 'offered', null, null, null, 1772366400000000000, null, null, x'7b7d', null),
        (1, 1, 1772366400000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (1, 2, 1772366400000000000, 'step_done', 1, 'charge', null, null, null, null, x'3432', null),
        (1, 3, 1772366400000000000, 'done', 1, null, null, null, null, null, x'617070726f766564', null),
        (2, 0, 1772366400000000000, 'offered', null, null, null, 1772366400000000000, null, null, x'7b7d', null),
        (2, 1, 1772366400000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (2, 2, 1772366400000000000, 'intended', 1, 'charge', null, null, null, null, null, null),
        (2, 3, 1772366400000000000, 'parked', 1, null, null, null, null, 0, null, 'look'),
        (3, 0, 1772366400000000000, 'offered', null, null, null, 1772366400000000000, null, null, x'7b7d', null),
        (3, 1, 1772366400000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (3, 2, 1772366400000000000, 'step_done', 1, 'charge', null, null, null, null, x'3433', null),
        (4, 0, 1772366400000000000, 'offered', null, null, null, 1772366400000000000, null, null, x'7b7d', null),
        (4, 1, 2719051200000000000, 'claimed', 1, null, 'w', null, 1, null, null, null);
";

/// A minute before the runs of that journal were claimed.
fn clock() -> VirtualClock {
    VirtualClock::new("2026-03-01T11:59:00Z".parse::<Timestamp>().unwrap())
}

fn first_version(file: &Path) {
    let db = Connection::open(file).unwrap();
    db.execute_batch(include_str!("../../migrations/0001.sql")).unwrap();
    db.execute_batch(FIRST).unwrap();
}

#[tokio::test]
async fn a_journal_of_the_first_version_is_taken_over_with_everything_in_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    first_version(&file);

    let journal = SqliteJournal::open(&file, clock()).unwrap();
    let runs = journal.runs(&RunFilter::default()).await.unwrap();
    let states: Vec<_> = runs.iter().map(|run| run.state).collect();
    let running = RunState::Running;
    assert_eq!(states, [RunState::Done, RunState::Parked, running, running]);
    for run in &runs {
        let history = journal.history(&run.id, 0..u64::MAX).await.unwrap();
        assert_eq!(replay(&run.id, &history).as_ref(), Some(run));
    }
    assert_eq!(runs[0].steps[0].result(), Some(StepResult::Done("42".into())));
    let parked = journal.history(&"PR-2".into(), 3..4).await.unwrap().remove(0).fact;
    assert!(
        matches!(parked, Fact::Finished { how: Finish::Park { step: None, .. }, .. }),
        "an old park is about no step: {parked:?}"
    );
}

#[tokio::test]
async fn a_journal_of_the_first_version_belongs_to_whoever_binds_it_first() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    first_version(&file);

    SqliteJournal::open(&file, clock()).unwrap().bind("ann").await.unwrap();
    let journal = SqliteJournal::open(&file, clock()).unwrap();
    journal.bind("ann").await.unwrap();
    let refusal = journal.bind("bob").await;
    assert!(matches!(refusal, Err(JournalError::OtherOwner { owner, .. }) if owner == "ann"));
}

/// Also the one from a wrong year.
#[tokio::test]
async fn leases_of_the_first_version_run_out() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    first_version(&file);

    let clock = clock();
    clock.advance(Duration::from_secs(61));
    let journal = SqliteJournal::open(&file, clock.clone()).unwrap();
    let most = NonZeroUsize::new(10).unwrap();
    let claims = async || journal.claim(&"heir".into(), most, LEASE).await.unwrap();
    assert_eq!(claims().await.len(), 0);
    clock.advance(LEASE);
    let claims = claims().await;
    let runs: Vec<_> = claims.iter().map(|claim| claim.run.as_str()).collect();
    assert_eq!(runs, ["PR-3", "PR-4"]);
    assert_eq!(claims[0].result(&"charge".into()), Some(StepResult::Done("43".into())));
}

/// A journal as the second version left it in a wrong year: two runs that wait for a minute, one of
/// them with its lane, and one that was offered and is due.
const SECOND: &str = "
    pragma journal_mode = wal;
    pragma application_id = 0x4a524e4c;
    pragma user_version = 2;

    insert into lanes (no, name, fence, holder, running, next, due) values
        (1, 'AS-1', 1, 1, 0, 1, 2719051260000000000),
        (2, 'AS-2', 1, null, 0, 2, 2719051260000000000),
        (3, 'AS-3', 0, null, 0, 3, 2719051200000000000);
    insert into runs (no, id, lane, payload, state, due, fence, attempt, failures, worker, outcome, why) values
        (1, 'PR-1', 1, x'7b7d', 'ready', 2719051260000000000, 1, 1, 1, null, null, 'busy'),
        (2, 'PR-2', 2, x'7b7d', 'ready', 2719051260000000000, 1, 1, 0, null, null, 'not yet'),
        (3, 'PR-3', 3, x'7b7d', 'ready', 2719051200000000000, 0, 0, 0, null, null, null);
    insert into events (run, seq, at, kind, fence, step, who, due, attempt, hold_lane, body, why) values
        (1, 0, 2719051200000000000, 'offered', null, null, null, 2719051200000000000, null, null, x'7b7d', null),
        (1, 1, 2719051200000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (1, 2, 2719051200000000000, 'retry', 1, null, null, 2719051260000000000, null, 1, null, 'busy'),
        (2, 0, 2719051200000000000, 'offered', null, null, null, 2719051200000000000, null, null, x'7b7d', null),
        (2, 1, 2719051200000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (2, 2, 2719051200000000000, 'wait', 1, null, null, 2719051260000000000, null, 0, null, 'not yet'),
        (3, 0, 2719051200000000000, 'offered', null, null, null, 2719051200000000000, null, null, x'7b7d', null);
";

#[tokio::test]
async fn what_waits_in_a_journal_of_the_second_version_is_not_lost_to_a_wrong_year() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let db = Connection::open(&file).unwrap();
    for layout in
        [include_str!("../../migrations/0001.sql"), include_str!("../../migrations/0002.sql")]
    {
        db.execute_batch(layout).unwrap();
    }
    db.execute_batch(SECOND).unwrap();
    drop(db);

    let clock = clock();
    let journal = SqliteJournal::open(&file, clock.clone()).unwrap();
    let claims = async || {
        let most = NonZeroUsize::new(10).unwrap();
        let claims = journal.claim(&"heir".into(), most, LEASE * 10).await.unwrap();
        claims.into_iter().map(|claim| claim.run.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(claims().await, ["PR-3"]);
    clock.advance(Duration::from_secs(59));
    assert_eq!(claims().await, Vec::<String>::new());
    clock.advance(Duration::from_secs(1));
    assert_eq!(claims().await, ["PR-1", "PR-2"]);
}

/// A journal as the third version left it: one run that is ready, one that waits for a minute, and
/// two that were interrupted or parked with their lane.
const THIRD: &str = "
    pragma journal_mode = wal;
    pragma application_id = 0x4a524e4c;
    pragma user_version = 3;

    update lives set latest = 7;
    insert into lanes (no, name, fence, holder, running, next, due, since, life) values
        (1, 'AS-1', 0, null, 0, 1, 1772366340000000000, null, null),
        (2, 'AS-2', 1, null, 0, 2, 1772366400000000000, null, null),
        (3, 'AS-3', 1, 3, 1, 3, 1772366350000000000, 1772366320000000000, 7),
        (4, 'AS-4', 1, 4, 0, 4, null, null, null);
    insert into runs (no, id, lane, payload, state, due, fence, attempt, failures, worker, outcome, why, since, life) values
        (1, 'PR-1', 1, x'7b7d', 'ready', 1772366340000000000, 0, 0, 0, null, null, null, 1772366340000000000, 7),
        (2, 'PR-2', 2, x'7b7d', 'ready', 1772366400000000000, 1, 1, 0, null, null, 'not yet', 1772366340000000000, 7),
        (3, 'PR-3', 3, x'7b7d', 'running', null, 1, 1, 0, 'w', null, null, null, null),
        (4, 'PR-4', 4, x'7b7d', 'parked', null, 1, 1, 0, null, null, 'look', null, null);
    insert into events (run, seq, at, kind, fence, step, who, due, attempt, hold_lane, body, why) values
        (1, 0, 1772366340000000000, 'offered', null, null, null, 1772366340000000000, null, null, x'7b7d', null),
        (2, 0, 1772366340000000000, 'offered', null, null, null, 1772366340000000000, null, null, x'7b7d', null),
        (2, 1, 1772366340000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (2, 2, 1772366340000000000, 'wait', 1, null, null, 1772366400000000000, null, 0, null, 'not yet'),
        (3, 0, 1772366320000000000, 'offered', null, null, null, 1772366320000000000, null, null, x'7b7d', null),
        (3, 1, 1772366320000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (4, 0, 1772366320000000000, 'offered', null, null, null, 1772366320000000000, null, null, x'7b7d', null),
        (4, 1, 1772366320000000000, 'claimed', 1, null, 'w', null, 1, null, null, null),
        (4, 2, 1772366320000000000, 'parked', 1, null, null, null, null, 1, null, 'look');
";

#[tokio::test]
async fn a_journal_of_the_third_version_goes_on_in_its_order() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let db = Connection::open(&file).unwrap();
    for layout in [
        include_str!("../../migrations/0001.sql"),
        include_str!("../../migrations/0002.sql"),
        include_str!("../../migrations/0003.sql"),
    ] {
        db.execute_batch(layout).unwrap();
    }
    db.execute_batch(THIRD).unwrap();
    drop(db);

    let clock = clock();
    let journal = SqliteJournal::open(&file, clock.clone()).unwrap();
    for run in journal.runs(&RunFilter::default()).await.unwrap() {
        assert_eq!((run.urgent, run.group.as_ref()), (None, None));
        let history = journal.history(&run.id, 0..u64::MAX).await.unwrap();
        assert_eq!(replay(&run.id, &history), Some(run));
    }
    let urgent = NewRun::new("PR-5", "AS-5", "{}").urgent(clock.now()).group("shop");
    let known = NewRun::new("PR-1", "AS-1", "{}").group("shop");
    journal.offer(&[urgent, known]).await.unwrap();
    let claims = async |except: &[Group]| {
        let most = NonZeroUsize::new(10).unwrap();
        let claims = journal.claim_except(&"heir".into(), most, LEASE * 10, except).await.unwrap();
        claims.into_iter().map(|claim| claim.run.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(claims(&["shop".into()]).await, Vec::<String>::new());
    assert_eq!(claims(&[]).await, ["PR-5", "PR-1"]);
    clock.advance(Duration::from_secs(60));
    assert_eq!(claims(&["shop".into()]).await, ["PR-3", "PR-2"]);
}
