//! A real processor in a process of its own is killed 200 times under load.

use std::time::Duration;

use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::Stage;
use connect_journal::{Fact, SqliteJournal, SystemClock};

use crate::program::Program;

const REQUESTS: usize = 500;
const KILLS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_kills_lose_nothing_and_double_nothing() {
    let stage = Stage::start().await.unwrap();
    let mut ids = stage.pending_resumes(REQUESTS - KILLS).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    stage.vendor.fault(Fault::new(FaultEffect::Delay { millis: 60 }));
    let mut random = fastrand::Rng::with_seed(7);

    let mut under_load = 0;
    for kill in 0..KILLS {
        ids.push(stage.pending_resume(&format!("late-{kill}")).await.unwrap());
        let mut life = Program::new(&stage, &file).start();
        tokio::time::sleep(Duration::from_millis(random.u64(20..120))).await;
        under_load += usize::from(life.is_alive() && stage.approvals().len() < ids.len());
        life.kill();
    }
    stage.vendor.clear_faults();
    let last = Program::new(&stage, &file).argument("--once").run().await;
    assert!(last.status.success(), "the last life ends with everything at an end: {last:?}");
    assert!(under_load > KILLS * 9 / 10, "lives were killed with work left: {under_load}");
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    stage.must_hold(&journal, &ids).await.unwrap();
    let runs = connect_e2e::runs(&journal).await.unwrap();
    assert_eq!(runs.len(), REQUESTS);
    assert_eq!(stage.vendor.log().len(), REQUESTS, "one effect for each request");
    let interrupted = runs.iter().filter(|run| was_interrupted(run)).count();
    assert!(interrupted > REQUESTS / 10, "the kills hit runs at work: {interrupted}");
}

/// Whether a life ended while it worked on this run, and another took it over.
fn was_interrupted(run: &connect_e2e::RunSeen) -> bool {
    run.history.iter().any(|event| matches!(event.fact, Fact::Claimed { took_over: true, .. }))
}
