//! What runs came to, in a journal that was written before endings had a type.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use connect_client::{ApiKey, Client, RetryPolicy, ServiceTransport};
use connect_clock::VirtualClock;
use connect_journal::{Journal, RunFilter, RunState, SqliteJournal};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Ending, Failure, Outcome, Processor, Report};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::scripted::{RequestQuery, list};

/// What the run of each request came to, and whether it is over.
fn expected() -> [(&'static str, Ending, RunState); 10] {
    let (done, idle) = (RunState::Done, RunState::Idle);
    [
        ("PR-approved", Ending::Approved, done),
        ("PR-failed", Ending::Failed, done),
        ("PR-gone", Ending::Gone, idle),
        ("PR-inquired", Ending::Inquired, idle),
        ("PR-no-handler", Ending::NoHandler, idle),
        ("PR-not-ours", Ending::NotOurs, idle),
        ("PR-scheduled", Ending::Scheduled, idle),
        ("PR-settled-elsewhere", Ending::SettledElsewhere, done),
        ("PR-settled-elsewhere-for-now", Ending::SettledElsewhere, idle),
        ("PR-skipped", Ending::Skipped, idle),
    ]
}

fn clock() -> VirtualClock {
    VirtualClock::new("2026-11-02T12:00:00Z".parse().unwrap())
}

/// A copy of that journal.
fn earlier(folder: &Path, clock: &VirtualClock) -> SqliteJournal {
    let file = folder.join("journal.sqlite");
    Connection::open(&file).unwrap().execute_batch(include_str!("endings/journal.sql")).unwrap();
    SqliteJournal::open_inline(file, clock.clone()).unwrap()
}

#[tokio::test]
async fn what_was_written_as_text_is_read_as_an_ending() {
    let folder = TempDir::new().unwrap();
    let runs = earlier(folder.path(), &clock()).runs(&RunFilter::default()).await.unwrap();
    let read = runs.iter().map(|run| (run.id.as_str(), Ending::of(run).unwrap(), run.state));
    assert_eq!(read.collect::<Vec<_>>(), expected());
}

/// Where every request of that journal is listed as pending, in the version that was seen.
async fn requests(State(all): State<Arc<Vec<Value>>>, RawQuery(query): RawQuery) -> Response {
    list(&all, &RequestQuery::of(&query.unwrap_or_default()))
}

fn platform() -> Router {
    let request = |(id, ..): &(&str, Ending, RunState)| {
        json!({
            "id": id, "type": "resume", "status": "pending",
            "created": "2026-11-01T00:00:00+00:00", "updated": "2026-11-01T00:00:00+00:00",
            "asset": {"id": id.replace("PR", "AS"), "status": "suspended", "params": []},
        })
    };
    let all = Arc::new(expected().iter().map(request).collect());
    let accounts = async || list(&[json!({"id": "VA-1"})], &RequestQuery::of("limit=1"));
    Router::new().route("/public/v1/requests", get(requests)).with_state(all).fallback(accounts)
}

/// The requests that the handler was called for.
type Handled = Arc<Mutex<BTreeSet<String>>>;

async fn go_on(journal: SqliteJournal, clock: VirtualClock, handled: Handled) -> Report {
    let key = ApiKey::new("ApiKey SU-1:x").unwrap();
    let client = Client::builder("http://localhost/public/v1", key)
        .transport(ServiceTransport::new(platform()))
        .retry(RetryPolicy::never());
    let skip = |cx: Context<AssetRequest, Handled>| async move {
        cx.state().lock().unwrap().insert(cx.request().id.to_string());
        Ok::<_, Failure>(Outcome::Skip)
    };
    Processor::new(handled, client.build().unwrap(), Arc::new(journal))
        .clock(clock)
        .on(AssetRequestType::Resume, skip)
        .drain()
        .await
        .unwrap()
}

/// What had nothing to do is looked at again, what was skipped is not, and what had ended is shown
/// to a person.
#[tokio::test]
async fn a_processor_goes_on_with_the_journal_of_an_earlier_version() {
    let folder = TempDir::new().unwrap();
    let clock = clock();
    let handled = Handled::default();
    let report = go_on(earlier(folder.path(), &clock), clock, handled.clone()).await;
    let idle = expected().into_iter().filter(|(_, _, state)| *state == RunState::Idle);
    let idle = idle.map(|(request, ..)| request).filter(|request| *request != "PR-skipped");
    assert_eq!(*handled.lock().unwrap(), idle.map(str::to_owned).collect());
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Skipped]);
    let mut left: Vec<_> = report.open.iter().map(|left| left.request.as_str()).collect();
    left.sort_unstable();
    assert_eq!(left, ["PR-approved", "PR-failed", "PR-settled-elsewhere"]);
    assert!(report.open.iter().all(|left| left.state == "parked"));
}
