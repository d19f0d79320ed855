//! Carries runs out in a new journal, and says how fast that was.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;
use connect_clock::SystemClock;
use connect_journal::{Claim, Finish, Journal, NewRun, SqliteJournal, StepResult};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::figure::show;

const LANES: usize = 5_000;
const WORKERS: usize = 64;
const LEASE: Duration = Duration::from_secs(60);

#[derive(Serialize, Deserialize)]
pub(crate) struct Round {
    /// Runs per second.
    pub(crate) rate: f64,
    /// The rate of the last tenth of the runs beside that of the first.
    pub(crate) last_to_first: f64,
    /// The size of the file for each run.
    pub(crate) bytes: f64,
}

#[derive(Args)]
pub(crate) struct JournalRole {
    folder: std::path::PathBuf,
    runs: usize,
    steps: usize,
}

impl JournalRole {
    /// Offers the runs, has them carried out, and says how fast that was.
    pub(crate) async fn run(self) -> Result<()> {
        let file = self.folder.join("journal.db");
        let journal = Arc::new(SqliteJournal::open(&file, SystemClock)?);
        offer(&journal, self.runs).await?;
        let shift = Arc::new(Shift::begin(journal, self.runs, self.steps));
        let mut working = JoinSet::new();
        for _ in 0..WORKERS {
            working.spawn(Arc::clone(&shift).work());
        }
        for worked in working.join_all().await {
            worked?;
        }
        ensure!(shift.journal.counts().await?.done == self.runs as u64, "not every run is done");
        show(&serde_json::to_string(&shift.told(&file)?)?);
        Ok(())
    }
}

async fn offer(journal: &SqliteJournal, runs: usize) -> Result<()> {
    let run = |n| NewRun::new(format!("run-{n:08}"), format!("lane-{:08}", n % LANES), "payload");
    let runs: Vec<_> = (0..runs).map(run).collect();
    for batch in runs.chunks(1000) {
        journal.offer(batch).await?;
    }
    Ok(())
}

/// Workers that take one run after the other until there is none left to take.
struct Shift {
    journal: Arc<SqliteJournal>,
    runs: usize,
    steps: usize,
    done: AtomicUsize,
    began: Instant,
    /// When a tenth of the runs were done, when nine tenths were, and when all were, in
    /// microseconds.
    marks: [AtomicUsize; 3],
}

impl Shift {
    fn begin(journal: Arc<SqliteJournal>, runs: usize, steps: usize) -> Self {
        let (done, began) = (AtomicUsize::new(0), Instant::now());
        Self { journal, runs, steps, done, began, marks: Default::default() }
    }

    async fn work(self: Arc<Self>) -> Result<()> {
        loop {
            let claims = self.journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await?;
            let Some(claim) = claims.first() else { return Ok(()) };
            self.carry_out(claim).await?;
        }
    }

    async fn carry_out(&self, claim: &Claim) -> Result<()> {
        for step in 0..self.steps {
            let result = StepResult::Done("answer".into());
            self.journal.record(claim, &format!("step-{step}").into(), result, None).await?;
        }
        self.journal.finish(claim, Finish::Done { outcome: "done".into() }).await?;
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let tenth = self.runs / 10;
        for (mark, at) in self.marks.iter().zip([tenth, self.runs - tenth, self.runs]) {
            if done == at {
                mark.store(self.began.elapsed().as_micros() as usize, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn told(&self, file: &Path) -> Result<Round> {
        let [first, most, all] =
            self.marks.each_ref().map(|mark| mark.load(Ordering::Relaxed) as f64);
        let runs = self.runs as f64;
        Ok(Round {
            rate: runs / all * 1e6,
            last_to_first: first / (all - most),
            bytes: fs::metadata(file)?.len() as f64 / runs,
        })
    }
}
