//! The usage of a month, reported by the real Acme program and accepted by whom it is reported to.

use std::path::Path;
use std::time::Duration;

use connect_client::Call;
use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_emulator::{Fault, FaultEffect};
use connect_journal::{Journal, RunFilter, RunState, SqliteJournal};
use connect_model::{UsageFile, UsageFileStatus};
use futures::TryStreamExt;
use serde_json::json;

use crate::program::Program;

/// A platform that takes consumption of what is reserved, with subscriptions on trial.
pub(crate) async fn stage(subscriptions: usize) -> Stage {
    let stage = Stage::start().await.unwrap();
    let path = format!("products/{}", stage.emulator.product());
    let on = json!({"capabilities": {"reservation": {"consumption": true}}});
    stage.client().unwrap().call(Call::put(path).json(&on).unwrap()).await.unwrap();
    for number in 0..subscriptions {
        stage.active(&format!("t-{number}")).await.unwrap();
    }
    stage
}

fn program(stage: &Stage, journal: &Path) -> Program {
    let product = stage.emulator.product();
    let program = Program::new(stage, journal).argument("--usage-day=1");
    program.argument("--environments=preview").argument(&format!("--products={product}"))
}

pub(crate) async fn files(stage: &Stage) -> Vec<UsageFile> {
    stage.client().unwrap().list::<UsageFile>().stream().try_collect().await.unwrap()
}

#[tokio::test]
async fn a_program_reports_what_its_tenants_used_and_it_is_accepted() {
    let stage = stage(3).await;
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.sqlite");
    let ended = program(&stage, &journal).argument("--once").run().await;
    assert!(ended.status.success(), "{ended:?}");
    let file = files(&stage).await.remove(0);
    assert_eq!((&file.status, file.stats.validated), (&UsageFileStatus::Pending, 3));
    let client = stage.client().unwrap();
    let records = client.call(Call::get("usage/records")).await.unwrap();
    let records: Vec<serde_json::Value> = records.json().unwrap();
    assert!(records.iter().all(|record| record["usage"] == 10), "{records:?}");
    must_be_accepted(&stage, &journal, &file).await;
}

/// Accepts a file, after which another life leaves it the only one.
async fn must_be_accepted(stage: &Stage, journal: &Path, file: &UsageFile) {
    let accept = Call::post(format!("usage/files/{}/accept", file.id));
    let accept = accept.json(&json!({"acceptance_note": "Thanks"})).unwrap();
    stage.client().unwrap().call(accept).await.unwrap();
    let again = program(stage, journal).argument("--once").run().await;
    assert!(again.status.success(), "{again:?}");
    let all = files(stage).await;
    assert_eq!((all.len(), &all[0].status), (1, &UsageFileStatus::Accepted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_any_time_leave_one_file_for_the_month() {
    const WORLDS: usize = 8;
    const KILLS: usize = 6;
    let mut random = fastrand::Rng::with_seed(11);
    let mut interrupted = 0;
    for world in 0..WORLDS {
        let stage = stage(2).await;
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        for _ in 0..KILLS {
            // Slow enough that a kill hits every part of the report.
            stage.emulator.faults().clear();
            stage.emulator.faults().add(Fault::new(FaultEffect::Delay { millis: 15 }));
            let mut life = program(&stage, &journal).start();
            tokio::time::sleep(Duration::from_millis(random.u64(60..350))).await;
            life.kill();
            interrupted += usize::from(is_under_way(&journal).await);
        }
        stage.emulator.faults().clear();
        let last = program(&stage, &journal).argument("--once").argument("--patience=2m");
        let last = last.run().await;
        assert!(last.status.success(), "world {world}: {last:?}");
        let files = files(&stage).await;
        let pending: Vec<_> = files.iter().map(|file| file.status.as_str()).collect();
        assert_eq!(pending, ["pending"], "world {world}");
        assert_eq!(files[0].stats.validated, 2, "world {world}");
        must_be_accepted(&stage, &journal, &files[0]).await;
    }
    assert!(interrupted >= WORLDS, "the kills hit reports at work: {interrupted}");
}

/// Whether a report was begun and is not at its end.
async fn is_under_way(journal: &Path) -> bool {
    let Ok(journal) = SqliteJournal::open(journal, SystemClock) else { return false };
    let runs = journal.runs(&RunFilter::default()).await.unwrap();
    runs.iter().any(|run| run.state != RunState::Done)
}
