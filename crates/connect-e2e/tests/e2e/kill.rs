//! A real processor in a process of its own is killed again and again under load.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::Stage;
use connect_e2e::kills::{Day, Kind, Watch, spoil, was_interrupted};
use connect_journal::SqliteJournal;

use crate::program::{Program, programs};

/// How much is done in one campaign.
struct Campaign {
    requests: usize,
    kills: usize,
    /// How long after its first question to the platform a life is ended, in milliseconds.
    life: Range<u64>,
}

impl Campaign {
    /// Kills a processor again and again while requests come in; `meanwhile` happens before each
    /// of its lives. Then one life without faults ends everything, and the oracle looks.
    async fn run(
        &self,
        program: impl Fn(&Stage, &Path) -> Program,
        mut meanwhile: impl FnMut(&Stage, &mut fastrand::Rng),
    ) {
        let stage = Stage::start().await.unwrap();
        let mut ids = stage.pending_resumes(self.requests - self.kills).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.sqlite");
        let mut random = fastrand::Rng::with_seed(7);

        let mut under_load = 0;
        for kill in 0..self.kills {
            ids.push(stage.pending_resume(&format!("late-{kill}")).await.unwrap());
            meanwhile(&stage, &mut random);
            let watch = Watch::set(&stage);
            let mut life = program(&stage, &file).start();
            // One in eight is ended by the clock alone: before it works, or in its first steps.
            if random.u8(0..8) > 0 {
                watch.poll().await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(random.u64(self.life.clone()))).await;
            under_load += usize::from(life.is_alive() && stage.approvals().len() < ids.len());
            life.kill();
        }
        stage.vendor.clear_faults();
        stage.emulator.faults().clear();
        let last = program(&stage, &file).argument("--once").argument("--patience=2m");
        let last = last.run().await;
        assert!(last.status.success(), "the last life ends with everything at an end: {last:?}");
        let least = self.kills * 9 / 10;
        assert!(under_load > least, "lives were killed with work left: {under_load}");
        let journal = SqliteJournal::open(&file, SystemClock).unwrap();
        stage.must_hold(&journal, &ids).await.unwrap();
        let runs = connect_testing::runs(&journal).await.unwrap();
        assert_eq!(runs.len(), self.requests);
        assert_eq!(stage.vendor.log().len(), self.requests, "one effect for each request");
        let interrupted = runs.iter().filter(|run| was_interrupted(run)).count();
        assert!(interrupted > self.requests / 10, "the kills hit runs at work: {interrupted}");
    }
}

/// Kills a processor again and again, each time at work that was given before, numbered from 0. Then
/// one life without faults ends everything.
pub(crate) async fn kill_at_work(
    stage: &Stage,
    file: &Path,
    (kills, seed): (usize, u64),
    mut work: impl AsyncFnMut(usize),
) {
    slow_vendor(stage, 40);
    let mut random = fastrand::Rng::with_seed(seed);
    for kill in 0..kills {
        work(kill).await;
        let watch = Watch::set(stage);
        let mut life = Program::new(stage, file).start();
        watch.poll().await.unwrap();
        tokio::time::sleep(Duration::from_millis(random.u64(0..130))).await;
        life.kill();
    }
    stage.vendor.clear_faults();
    let last = Program::new(stage, file).argument("--once").argument("--patience=2m").run().await;
    assert!(last.status.success(), "the last life ends with everything at an end: {last:?}");
}

/// Panics unless some of the kills hit runs at work.
pub(crate) async fn must_have_interrupted(journal: &SqliteJournal) {
    let runs = connect_testing::runs(journal).await.unwrap();
    let interrupted = runs.iter().filter(|run| was_interrupted(run)).count();
    assert!(interrupted > 3, "the kills hit runs at work: {interrupted}");
}

fn slow_vendor(stage: &Stage, millis: u64) {
    stage.vendor.fault(Fault::new(FaultEffect::Delay { millis }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_kills_lose_nothing_and_double_nothing() {
    let campaign = Campaign { requests: 500, kills: 200, life: 0..80 };
    campaign
        .run(Program::new, |stage, _| {
            stage.vendor.clear_faults();
            slow_vendor(stage, 60);
        })
        .await;
}

/// Redirects, bodies without an end, wrong yeses, calls that hang, lists that fail, lost answers,
/// and a log that nobody can write: a few of each before every life.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_on_the_worst_of_days_lose_nothing_and_double_nothing() {
    let campaign = Campaign { requests: 200, kills: 80, life: 0..80 };
    campaign
        .run(
            |stage, file| Program::new(stage, file).without_log(),
            |stage, random| spoil(stage, random, 4),
        )
        .await;
}

/// The part of `cargo xtask campaign kills` that is run with the tests.
pub(crate) async fn kills_of_break_no_promise(of: &str, kills: usize) {
    let of = Kind::named(of).unwrap();
    let toll = Day { of, programs: programs(), seed: 0, kills }.play().await.unwrap();
    assert_eq!(toll.broken, None);
    assert!(toll.interrupted > 5, "the kills hit runs at work: {toll:?}");
}

/// All families, two processors on one journal, all faults on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_two_processors_at_mixed_work_break_no_promise() {
    kills_of_break_no_promise("acme", 40).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_runtime_and_workers_in_python_break_no_promise() {
    kills_of_break_no_promise("python", 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_runtime_and_workers_in_javascript_break_no_promise() {
    kills_of_break_no_promise("javascript", 20).await;
}
