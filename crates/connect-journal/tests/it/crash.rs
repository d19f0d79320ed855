//! What was acknowledged survives `kill -9`.

use std::{
    env,
    io::{BufRead, BufReader, Write, stdout},
    num::NonZeroUsize,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use connect_clock::{Clock, SystemClock, VirtualClock};
use connect_journal::{Finish, Journal, NewRun, RunState, SqliteJournal, StepResult};

const FILE: &str = "JOURNAL_OF_THE_LIFE_TO_BE_KILLED";
const LEASE: Duration = Duration::from_secs(3600);

/// Works until it is killed and says what the journal has acknowledged.
#[tokio::test]
#[ignore = "the life that the other test kills"]
async fn a_life() {
    let journal = Arc::new(SqliteJournal::open(env::var(FILE).unwrap(), SystemClock).unwrap());
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..8 {
        let journal = journal.clone();
        workers.spawn(async move {
            for n in 0.. {
                work(&journal, &format!("r{worker}-{n}"), n % 3 > 0).await;
            }
        });
    }
    workers.join_all().await;
}

async fn work(journal: &SqliteJournal, run: &str, to_the_end: bool) {
    journal.offer(&[NewRun::new(run, run, "payload")]).await.unwrap();
    acknowledged("offered", run);
    for claim in journal.claim(&"w".into(), NonZeroUsize::MIN, LEASE).await.unwrap() {
        let output = StepResult::Done(claim.run.to_string().into());
        journal.record(&claim, &"step".into(), output, None).await.unwrap();
        acknowledged("recorded", claim.run.as_str());
        if to_the_end {
            journal.finish(&claim, Finish::Done { outcome: "".into() }).await.unwrap();
            acknowledged("finished", claim.run.as_str());
        }
    }
}

fn acknowledged(what: &str, run: &str) {
    stdout().write_all(format!("\nack {what} {run} .\n").as_bytes()).unwrap();
}

#[tokio::test]
async fn everything_acknowledged_survives_being_killed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("journal.db");
    let mut life = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::a_life", "--nocapture"])
        .env(FILE, &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();

    let mut acknowledged = Vec::new();
    for line in BufReader::new(life.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let ["ack", what, run, "."] = line.split(' ').collect::<Vec<_>>()[..] {
            acknowledged.push((what.to_owned(), run.to_owned()));
        }
        if acknowledged.len() == 500 {
            life.kill().unwrap();
        }
    }
    life.wait().unwrap();

    let clock = VirtualClock::new(SystemClock.now());
    let journal = SqliteJournal::open(&file, clock.clone()).unwrap();
    for (what, run) in &acknowledged {
        let run = journal.run(&run.as_str().into()).await.unwrap().unwrap();
        match what.as_str() {
            "offered" => assert_eq!(run.payload, "payload"),
            "recorded" => {
                let output = StepResult::Done(run.id.to_string().into());
                assert_eq!(run.steps[0].result(), Some(output));
            }
            _ => assert_eq!(run.state, RunState::Done),
        }
    }
    assert!(acknowledged.len() >= 500);
    the_interrupted_go_on(&journal, &clock).await;
}

async fn the_interrupted_go_on(journal: &SqliteJournal, clock: &VirtualClock) {
    let interrupted = journal.counts().await.unwrap().running;
    assert!(interrupted > 0);
    clock.advance(2 * LEASE);
    let all = NonZeroUsize::new(interrupted as usize).unwrap();
    let claims = journal.claim(&"heir".into(), all, LEASE).await.unwrap();
    assert_eq!(claims.len() as u64, interrupted);
    assert!(claims.iter().all(|claim| claim.attempt == 2));
}
