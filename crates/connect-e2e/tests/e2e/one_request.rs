//! The real program works on one request alone.

use std::process::Output;

use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::Stage;
use connect_model::{RequestId, RequestStatus};

use crate::program::Program;

/// What a program said on stdout, with its exit code.
fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn is(stage: &Stage, request: &RequestId) -> RequestStatus {
    stage.read(request).await.unwrap().status
}

#[tokio::test]
async fn one_request_is_brought_to_its_end_and_no_other_is_touched() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(2).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.sqlite");
    let on = async |request: &str| {
        let program = Program::new(&stage, &journal).argument(&format!("--request={request}"));
        program.argument("--patience=100ms").run().await
    };
    let first = on(ids[0].as_str()).await;
    assert_eq!(said(&first), (Some(0), format!("{}: approved\n", ids[0])));
    assert_eq!(is(&stage, &ids[1]).await, RequestStatus::Pending);

    stage.vendor.fault(Fault::new(FaultEffect::answer(503)).of("t-1").times(1));
    let (code, line) = said(&on(ids[1].as_str()).await);
    assert!(code == Some(3) && line.contains("Acme answered 503"), "{code:?} {line}");
    assert_eq!(is(&stage, &ids[1]).await, RequestStatus::Pending);
    let again = on(ids[1].as_str()).await;
    assert_eq!(said(&again), (Some(0), format!("{}: approved\n", ids[1])));

    let unknown = on("PR-0000-0000-0000-001").await;
    let told = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(unknown.status.code() == Some(1) && told.contains("there is no request"), "{told}");
}

#[tokio::test]
async fn one_request_waits_beside_a_program_whose_journal_is_paused_and_says_so() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(1).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.sqlite");
    let paused = Program::new(&stage, &journal).argument("--start-paused").argument("--once");
    paused.argument("--patience=100ms").run().await;
    let mut beside = Program::new(&stage, &journal).start();
    let on = Program::new(&stage, &journal).argument(&format!("--request={}", ids[0]));
    let (code, line) = said(&on.argument("--patience=100ms").run().await);
    assert!(code == Some(3) && line.contains("it is paused"), "{code:?} {line}");
    assert!(beside.is_alive() && stage.vendor.log().is_empty());
}
