//! A project of CloudBlue's Python template, unchanged: what it does by itself, and under the runtime.

mod keyless;
mod snippet;

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use connect_clock::SystemClock;
use connect_demo_vendor::{Canned, Fault, FaultEffect};
use connect_e2e::{Project, Stage};
use connect_journal::SqliteJournal;
use connect_model::RequestStatus;
use connect_model::asset_request::NewRequest;

use crate::kill::kills_of_break_no_promise;
use crate::program::Program;
use crate::questions::{Answering, SECRET, draft, email, post, validate_at, with};

pub(crate) fn project(stage: &Stage, folder: &Path) -> Project {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (vendor, product) = (stage.vendor.url(), stage.emulator.product());
    Project::write(&folder.join("project"), (&vendor, product.as_str()), target).unwrap()
}

/// The project under the runtime; its vendor honours keys.
fn under_the_runtime(stage: &Stage, file: &Path) -> Program {
    let project = project(stage, file.parent().unwrap()).with_keys();
    Program::of_template(&project, stage, file)
}

async fn alone(stage: &Stage, project: &Project) -> std::process::Child {
    let (endpoint, key) = (stage.emulator.endpoint(), stage.emulator.keys().vendor.clone());
    let mut command = project.alone(&endpoint, &key).unwrap();
    command.stderr(std::process::Stdio::null());
    tokio::task::spawn_blocking(move || command.spawn()).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_250_requests_are_worked_on_in_one_pass_and_a_poisoned_one_blocks_nobody() {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let ids = stage.pending_resumes(250).await.unwrap();
    let poisoned = &ids[100];
    let tenant =
        stage.read(poisoned).await.unwrap().asset.value("subscription_id").unwrap().to_owned();
    stage.vendor.fault(
        Fault::new(FaultEffect::Answer(Canned::status(StatusCode::INTERNAL_SERVER_ERROR)))
            .of(&tenant),
    );

    let program = under_the_runtime(&stage, &file).argument("--once").argument("--patience=1s");
    let ended = program.run().await;
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
    for id in &ids {
        let status = stage.read(id).await.unwrap().status;
        let wanted = if id == poisoned { RequestStatus::Pending } else { RequestStatus::Approved };
        assert_eq!(status, wanted, "{id}");
    }
    assert_eq!(stage.vendor.log().len(), 249);
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    stage.must_hold(&journal, &ids).await.unwrap();
}

/// Its list moves while it is walked, and what fails ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_itself_the_same_project_skips_requests_and_a_poisoned_one_blocks_all() {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let project = project(&stage, folder.path());
    stage.pending_resumes(250).await.unwrap();
    let mut pass = alone(&stage, &project).await;
    tokio::task::spawn_blocking(move || pass.wait()).await.unwrap().unwrap();
    assert_eq!(stage.approvals().len(), 150, "of 250 in one pass");

    let first = stage.read(&stage.pending_resume("t-first").await.unwrap()).await.unwrap();
    let tenant = first.asset.value("subscription_id").unwrap().to_owned();
    stage.vendor.fault(
        Fault::new(FaultEffect::Answer(Canned::status(StatusCode::INTERNAL_SERVER_ERROR)))
            .of(&tenant),
    );
    let mut pass = alone(&stage, &project).await;
    let ended = tokio::task::spawn_blocking(move || pass.wait()).await.unwrap().unwrap();
    assert!(!ended.success(), "it ends at what fails");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_runtime_and_workers_of_a_project_break_no_promise() {
    kills_of_break_no_promise("template", 14).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_itself_the_same_project_doubles_what_it_was_killed_in() {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let project = project(&stage, folder.path());
    let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
    for _ in 0..5 {
        stage.request(&purchase).await.unwrap();
    }
    stage.vendor.fault(Fault::new(FaultEffect::Delay { millis: 40 }));
    let creates =
        || stage.vendor.log().iter().filter(|it| it.operation.as_str() == "create").count();
    for _ in 0..2 {
        let before = creates();
        let mut life = alone(&stage, &project).await;
        // A tenant is there, and nothing remembers it yet.
        while creates() == before && life.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let _ = life.kill();
        life.wait().unwrap();
    }
    let mut last = alone(&stage, &project).await;
    tokio::task::spawn_blocking(move || last.wait()).await.unwrap().unwrap();
    assert_eq!(stage.approvals().len(), 5);
    assert!(creates() > 5, "{} tenants for 5 purchases", creates());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_says_what_is_wrong_with_a_draft() {
    let stage = Stage::start().await.unwrap();
    says_what_is_wrong(&stage, Answering::of_template(&stage).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_that_handles_no_requests_says_what_is_wrong_with_a_draft() {
    let stage = Stage::start().await.unwrap();
    says_what_is_wrong(&stage, Answering::of_service_alone(&stage).await).await;
}

async fn says_what_is_wrong(stage: &Stage, project: Answering) {
    validate_at(stage, &project.url, SECRET).await;
    let path = format!("/requests/{}/validate", draft(stage).await);
    let (_, wrong) = post(stage, &path, with("ada@taken.example")).await;
    let taken = "taken.example is taken: give an address of your own.";
    assert_eq!(email(&wrong), ("ada@taken.example", taken));
    let (_, right) = post(stage, &path, with("ada@cedar.example")).await;
    assert_eq!(email(&right), ("ada@cedar.example", ""));
}
