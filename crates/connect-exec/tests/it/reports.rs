//! Workers that report usage by themselves, once a month.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use connect_clock::{SystemClock, VirtualClock};
use connect_exec::{ExecSettings, Workers};
use connect_journal::MemoryJournal;
use connect_processor::Ending;
use serde_json::{Value, json};

use crate::harness::{Platform, python};

/// Starts workers that declare this, or says why that cannot be.
async fn start(handlers: &Value, file: &Path) -> Result<Workers, String> {
    let line = python("reports.py", &format!("'{}' '{handlers}'", file.display()));
    let started = ExecSettings::of(line, None).start_by(Arc::new(SystemClock)).await;
    started.map_err(|error| error.to_string())
}

fn report(more: &Value) -> Value {
    let mut declared = json!({"collection": "usage/files", "type": "report", "kind": "report"});
    declared.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    declared
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_is_reported_once_and_only_then_usage_files_are_made() {
    let platform = Platform::start().await;
    platform.purchase().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("said");
    let purchase = json!({"collection": "requests", "type": "purchase"});
    let workers = start(&json!([purchase, report(&json!({"day": 31}))]), &file).await.unwrap();
    let clock = Arc::new(VirtualClock::new("2026-11-30T12:00:00Z".parse().unwrap()));
    let journal = Arc::new(MemoryJournal::new(Arc::clone(&clock)));
    let processor = connect_exec::processor(workers, platform.client(), journal).clock(clock);
    let ended = processor.drain().await.unwrap().ended;
    assert_eq!(ended.get(&Ending::Reported), Some(&1), "{ended:?}");
    let said = fs::read_to_string(&file).unwrap();
    let mut said: Vec<Value> = said.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    said.sort_by_key(|it| it["kind"].as_str() == Some("request"));
    let month = json!({
        "id": "report-2026-10",
        "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "now": "2026-11-30T00:00:00+00:00"
    });
    // Refusals of Connect are answers; what else is called is refused here.
    let answers = json!([400, 404, -32602, 200, -32601]);
    assert_eq!(
        said,
        [
            json!({"kind": "report", "month": month, "answers": answers}),
            json!({"kind": "request", "month": null, "answers": [-32601]}),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_cannot_be_meant_is_refused_at_the_start() {
    for (handlers, why) in [
        (vec![report(&json!({}))], "a report has a `day` of the month, 1 to 31"),
        (vec![report(&json!({"day": 0}))], "a report has a `day` of the month, 1 to 31"),
        (vec![report(&json!({"day": 1, "hour": 24}))], "a report's `hour` is 0 to 23"),
        (
            vec![report(&json!({"day": 1, "type": "purchase"}))],
            "a report is of `usage/files`, and its type is `report`",
        ),
        (vec![report(&json!({"day": 1})); 2], "it has more than one report"),
    ] {
        let refused = start(&json!(handlers), Path::new("none")).await.err();
        let refused = refused.unwrap_or_else(|| panic!("{handlers:?}"));
        assert!(refused.contains(why), "{refused}");
    }
}
