//! A journal and the world it is about.

use std::process::Output;

use connect_e2e::Stage;
use connect_emulator::Config;
use connect_model::RequestStatus;

use crate::program::Program;

/// What the program says and ends with, once it has worked on what is pending.
async fn once(stage: &Stage, journal: &std::path::Path) -> (Option<i32>, String) {
    let program = Program::new(stage, journal).log("warn").argument("--once");
    let Output { status, stderr, .. } = program.run().await;
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A new world has other requests: what the journal says is about those of the old one.
#[tokio::test]
async fn a_journal_of_another_world_is_refused_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.sqlite");
    let old = Stage::start().await.unwrap();
    old.pending_resume("t-1").await.unwrap();
    assert_eq!(once(&old, &journal).await.0, Some(0));

    let new = Stage::start().await.unwrap();
    let request = new.pending_resume("t-1").await.unwrap();
    let (code, told) = once(&new, &journal).await;
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("this journal belongs to local world"), "{told}");
    assert!(told.contains("Use another journal file"), "{told}");
    assert_eq!(new.read(&request).await.unwrap().status, RequestStatus::Pending);
    assert!(new.vendor.log().is_empty());
}

/// The world is started anew behind the same address while the processor works.
#[tokio::test]
async fn a_processor_ends_when_its_world_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.sqlite");
    let old = Stage::start().await.unwrap();
    old.pending_resume("t-1").await.unwrap();
    let listen = old.emulator.address();
    let mut life = Program::new(&old, &journal).start();
    while old.approvals().is_empty() {
        tokio::task::yield_now().await;
    }
    old.emulator.stop().await;
    let new = Stage::with(Config { listen, ..Config::default() }).await.unwrap();
    let request = new.pending_resume("t-1").await.unwrap();
    let ended = tokio::task::spawn_blocking(move || life.end()).await.unwrap();
    assert_eq!(ended.code(), Some(2));
    assert_eq!(new.read(&request).await.unwrap().status, RequestStatus::Pending);
}

/// The same seed gives the same requests; the vendor knows nothing of what the journal recorded.
#[tokio::test]
async fn a_request_of_a_world_made_again_is_neither_approved_by_old_records_nor_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.sqlite");
    for life in 0..3 {
        let stage = Stage::with(Config { seed: Some(7), ..Config::default() }).await.unwrap();
        let request = stage.pending_resume("t-1").await.unwrap();
        let (code, told) = once(&stage, &journal).await;
        if life == 0 {
            assert_eq!(code, Some(0), "{told}");
            continue;
        }
        assert_eq!(code, Some(3), "{told}");
        assert!(
            told.contains(request.as_str()) && told.contains("on the platform it is"),
            "{told}"
        );
        assert_eq!(stage.read(&request).await.unwrap().status, RequestStatus::Pending);
        assert!(stage.vendor.log().is_empty());
    }
}

/// What a vendor says stays on its line and steers no terminal.
#[tokio::test]
async fn words_of_the_vendor_forge_no_line_of_the_log() {
    use connect_demo_vendor::{Canned, Fault, FaultEffect};
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::start().await.unwrap();
    stage.pending_resume("t-1").await.unwrap();
    let words = "\u{1b}]0;mine\u{7}\u{1b}[2J\u{9b}31m\n2026-01-01 ERROR forged\r\u{202e}";
    let status = reqwest::StatusCode::BAD_REQUEST;
    let body = serde_json::json!({"error": {"code": "no", "message": words}});
    let refuse = Canned { body: Some(body), ..Canned::status(status) };
    stage.vendor.fault(Fault::new(FaultEffect::Answer(refuse)));
    let program = Program::new(&stage, &folder.path().join("journal.sqlite"));
    let output = program.log("debug").argument("--once").run().await;
    let log = String::from_utf8(output.stderr).unwrap();
    let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!log.chars().any(steers), "{log:?}");
    assert!(!log.lines().any(|line| line.starts_with("2026-01-01 ERROR")), "{log}");
}
