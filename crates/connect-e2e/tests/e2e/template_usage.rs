//! A project of CloudBlue's Python template that reports usage by its own code, under the runtime.

use std::path::Path;
use std::time::Duration;

use connect_client::Call;
use connect_e2e::{Project, Stage};
use connect_emulator::{Fault, FaultEffect};
use connect_model::UsageFileStatus;

use crate::program::Program;
use crate::usage::{files, stage};

/// The calls of which a usage file is made.
const CALLS: [&str; 3] = ["/usage/files", "/usage/files/*/upload", "/usage/files/*/submit"];

fn program(stage: &Stage, folder: &Path) -> Program {
    let (vendor, product) = (stage.vendor.url(), stage.emulator.product().to_string());
    let (project, target) = (folder.join("project"), Path::new(env!("CARGO_TARGET_TMPDIR")));
    let is_new = !project.exists();
    let project = Project::write(&project, (&vendor, &product), target).unwrap();
    if is_new {
        project.add_report().unwrap();
    }
    Program::of_template(&project, stage, &folder.join("journal.sqlite"))
}

/// One life that ends with everything at an end, and leaves one file, submitted, with the usage of both
/// tenants.
async fn must_end(stage: &Stage, folder: &Path, of: &str) {
    let last = program(stage, folder).argument("--once").argument("--patience=2m").run().await;
    assert!(last.status.success(), "{of}: {last:?}");
    let files = files(stage).await;
    let seen: Vec<_> = files.iter().map(|it| (it.status.clone(), it.stats.validated)).collect();
    assert_eq!(seen, [(UsageFileStatus::Pending, 2)], "{of}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_projects_own_code_reports_once_what_its_tenants_used() {
    let stage = stage(2).await;
    let folder = tempfile::tempdir().unwrap();
    must_end(&stage, folder.path(), "the first life").await;
    let client = stage.client().unwrap();
    let records = client.call(Call::get("usage/records")).await.unwrap();
    let records: Vec<serde_json::Value> = records.json().unwrap();
    assert!(records.iter().all(|record| record["usage"] == 10), "{records:?}");
    must_end(&stage, folder.path(), "the second life").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_or_after_any_call_leaves_one_submitted_file() {
    // A call that is carried out after the death, and one that was carried out before it.
    let late = FaultEffect::Delay { millis: 300 };
    for effect in [late, FaultEffect::LoseAnswer] {
        let stage = stage(2).await;
        let folder = tempfile::tempdir().unwrap();
        for call in CALLS {
            let fault = Fault::new(effect.clone()).on("POST", call).times(1);
            stage.emulator.faults().add(fault);
            let mut life = program(&stage, folder.path()).start();
            while !stage.emulator.faults().list().is_empty() {
                assert!(life.is_alive(), "it ended before {call}");
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            life.kill();
        }
        must_end(&stage, folder.path(), &format!("{effect:?}")).await;
    }
}
