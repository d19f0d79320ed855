//! Workers are asked what is wrong with a draft, while somebody waits.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use connect_client::Call;
use connect_clock::{Clock, SystemClock, VirtualClock};
use connect_exec::{ExecSettings, Workers};
use connect_journal::MemoryJournal;
use connect_processor::{Ending, Processor, QuestionError, Questions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::yield_now;

use crate::harness::{Platform, python};

/// Workers that are asked, and a draft.
struct Asked {
    processor: Option<Processor<Workers>>,
    questions: Questions,
    draft: Value,
    folder: TempDir,
    _platform: Platform,
}

impl Asked {
    /// At most one worker handles requests.
    async fn start(clock: Arc<dyn Clock>) -> Self {
        Self::start_with("", clock).await
    }

    async fn start_with(arguments: &str, clock: Arc<dyn Clock>) -> Self {
        let platform = Platform::start().await;
        let id = platform.purchase().await;
        let client = platform.client();
        let draft = client.call(Call::get(format!("requests/{id}"))).await.unwrap();
        let draft = draft.json().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let line = python("asked.py", &format!("'{}' {arguments}", folder.path().display()));
        let settings =
            ExecSettings { exec_workers: NonZeroUsize::MIN, ..ExecSettings::of(line, None) };
        let workers = settings.start_by(clock).await.unwrap();
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        let processor = connect_exec::processor(workers, client, journal);
        let questions = processor.questions();
        Self { processor: Some(processor), questions, draft, folder, _platform: platform }
    }

    /// Asks about a draft that says what the worker does.
    async fn ask(&self, note: &str) -> Result<Value, QuestionError> {
        let mut draft = self.draft.clone();
        draft["note"] = note.into();
        let answer = self.questions.validate(draft).await?;
        let params = answer["asset"]["params"].as_array().unwrap();
        Ok(params.iter().find(|row| row["id"] == "admin_email").unwrap().clone())
    }

    async fn is_answered(&self) {
        assert_eq!(self.ask("is-taken").await.unwrap()["value_error"], "It is taken.");
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

async fn written(file: &Path) {
    while !fs::read_to_string(file).is_ok_and(|text| !text.is_empty()) {
        yield_now().await;
    }
}

fn is_there(pid: &str) -> bool {
    Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().unwrap().success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_finds_is_in_the_answer() {
    let asked = Asked::start(Arc::new(SystemClock)).await;
    asked.is_answered().await;
    let all = asked.ask("finds-all").await.unwrap();
    assert_eq!(all["value"], "ada@cedar.example");
    assert_eq!(all["value_error"], "It is taken.");
    assert_eq!(all["structured_error"], json!({"message": "taken"}));
    assert_eq!(all["structured_value"], json!({"at": "cedar"}));
    let constraints = &all["constraints"];
    assert_eq!(
        (&constraints["required"], &constraints["hidden"], &constraints["readonly"]),
        (&json!(true), &json!(false), &json!(true))
    );
    let choices = json!([{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}]);
    assert_eq!(constraints["choices"], choices);
    assert_eq!(asked.ask("reads").await.unwrap()["value"], "purchase");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_whose_worker_goes_wrong_has_no_answer_and_the_next_one_has() {
    let asked = Asked::start(Arc::new(SystemClock)).await;
    for fault in [
        "dies",
        "prints-rubbish",
        "answers-another-call",
        "gives-an-outcome",
        "finds-what-is-no-text",
        "finds-another-parameter",
        "takes-a-step",
        "asks-for-another-run",
        "wants-a-person",
    ] {
        assert_eq!(asked.ask(fault).await, Err(QuestionError::Failed), "{fault}");
        asked.is_answered().await;
    }
    let refused = QuestionError::Refused { reason: "Nothing is sold today.".to_owned() };
    assert_eq!(asked.ask("refuses").await, Err(refused));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_hangs_over_a_question_is_ended_and_holds_no_other_up() {
    let clock = Arc::new(VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap()));
    let asked = Asked::start(Arc::clone(&clock) as Arc<dyn Clock>).await;
    let file = asked.file("hangs");
    tokio::select! {
        answer = asked.ask("hangs") => panic!("{answer:?}"),
        () = written(&file) => {}
    }
    asked.is_answered().await;
    let pid = fs::read_to_string(&file).unwrap();
    assert!(is_there(&pid), "it has some seconds to stop");
    while is_there(&pid) {
        clock.advance(Duration::from_secs(1));
        yield_now().await;
    }
    asked.is_answered().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_handle_no_requests_are_asked_and_leave_requests_alone() {
    let mut asked = Asked::start_with("drafts-alone", Arc::new(SystemClock)).await;
    let processor = asked.processor.take().unwrap();
    assert!(processor.only_answers());
    let report = processor.drain().await.unwrap();
    assert!(report.is_complete() && report.ended.is_empty(), "{report:?}");
    asked.is_answered().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_does_not_wait_for_requests() {
    let mut asked = Asked::start(Arc::new(SystemClock)).await;
    let processor = asked.processor.take().unwrap();
    let work = tokio::spawn(processor.drain());
    written(&asked.file("handles")).await;
    asked.is_answered().await;
    fs::write(asked.file("ends"), "").unwrap();
    let report = work.await.unwrap().unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&1), "{report:?}");
}
