//! How many runs per second the SQLite journal carries from claim to finish.
//!
//! `cargo run --release -p connect-journal --example throughput -- [runs] [workers] [steps]`
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::{
    error::Error,
    num::NonZeroUsize,
    sync::Arc,
    time::{Duration, Instant},
};

use connect_clock::SystemClock;
use connect_journal::{Claim, Finish, Journal, JournalError, NewRun, SqliteJournal, StepResult};
use tokio::task::JoinSet;

const LEASE: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>());
    let runs = arguments.next().unwrap_or(Ok(20_000))?;
    let workers = arguments.next().unwrap_or(Ok(64))?;
    let steps = arguments.next().unwrap_or(Ok(2))?;

    let directory = tempfile::tempdir()?;
    let journal = SqliteJournal::open(directory.path().join("journal.db"), SystemClock)?;
    let journal = Arc::new(journal);
    offer(&journal, runs).await?;

    let before = journal.written();
    let start = Instant::now();
    let mut working = JoinSet::new();
    for _ in 0..workers {
        working.spawn(work(journal.clone(), steps));
    }
    for worked in working.join_all().await {
        worked?;
    }
    let took = start.elapsed();
    assert_eq!(journal.counts().await?.done, runs as u64, "every run is done");

    let after = journal.written();
    let operations = after.operations - before.operations;
    println!(
        "{runs} runs of {steps} steps, {workers} workers: {:.0} runs/s, {:.1} operations per commit",
        runs as f64 / took.as_secs_f64(),
        operations as f64 / (after.commits - before.commits) as f64,
    );
    Ok(())
}

/// Four runs to a lane.
async fn offer(journal: &SqliteJournal, runs: usize) -> Result<(), JournalError> {
    let lanes = runs.div_ceil(4);
    let runs: Vec<_> = (0..runs)
        .map(|n| NewRun::new(format!("run-{n:08}"), format!("lane-{:08}", n % lanes), "payload"))
        .collect();
    for batch in runs.chunks(1000) {
        journal.offer(batch).await?;
    }
    Ok(())
}

/// Takes one run after the other until there is none left to take.
async fn work(journal: Arc<SqliteJournal>, steps: usize) -> Result<(), JournalError> {
    loop {
        let claims = journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await?;
        if claims.is_empty() {
            return Ok(());
        }
        for claim in claims {
            carry_out(&journal, &claim, steps).await?;
        }
    }
}

async fn carry_out(
    journal: &SqliteJournal,
    claim: &Claim,
    steps: usize,
) -> Result<(), JournalError> {
    for step in 0..steps {
        let result = StepResult::Done("answer".into());
        journal.record(claim, &format!("step-{step}").into(), result, None).await?;
    }
    journal.finish(claim, Finish::Done { outcome: "done".into() }).await
}
