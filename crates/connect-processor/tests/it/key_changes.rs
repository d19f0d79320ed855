//! A key that is replaced while a processor works.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use connect_client::{ApiKey, ApiKeySource, Client, ServiceTransport};
use connect_clock::{Clock, VirtualClock};
use connect_journal::{Journal, MemoryJournal, RunFilter};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Error, Failure, Outcome, Processor, Report};
use serde_json::json;

use crate::scripted::{RequestQuery, list, pending};

const FIRST: &str = "ApiKey SU-1:first";
const SAME_ACCOUNT: &str = "ApiKey SU-1:second";
const OTHER_ACCOUNT: &str = "ApiKey SU-2:third";

/// The key, wherever it is kept.
#[derive(Clone, Debug)]
struct Source(Arc<Mutex<&'static str>>);

impl ApiKeySource for Source {
    fn changed(&self) -> Option<ApiKey> {
        self.read()
    }

    fn read(&self) -> Option<ApiKey> {
        ApiKey::new(*self.0.lock().unwrap()).ok()
    }
}

/// A platform without a world's name, which shows each account its own request.
async fn says(
    State(shown): State<Arc<Mutex<Vec<String>>>>,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let key = headers["authorization"].to_str().unwrap().to_owned();
    let is_other = key == OTHER_ACCOUNT;
    let query = RequestQuery::of(&query.unwrap_or_default());
    if uri.path().ends_with("accounts") {
        let account = if is_other { "VA-2" } else { "VA-1" };
        return list(&[json!({"id": account})], &query);
    }
    shown.lock().unwrap().push(key);
    list(&[pending(usize::from(is_other))], &query)
}

/// What a processor comes to in ten minutes when its key becomes this one after a minute, and the
/// runs of its journal.
async fn after_a_change_to(key: &'static str) -> (Result<Report, Error>, Vec<String>) {
    let clock = VirtualClock::new("2026-11-02T12:00:00Z".parse().unwrap());
    let shown: Arc<Mutex<Vec<String>>> = Arc::default();
    let source = Source(Arc::new(Mutex::new(FIRST)));
    let platform = Router::new().fallback(says).with_state(Arc::clone(&shown));
    let client = Client::builder("http://localhost/public/v1", ApiKey::new(FIRST).unwrap())
        .transport(ServiceTransport::new(platform))
        .key_source(source.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let skip = async |_: Context<AssetRequest, ()>| Ok::<_, Failure>(Outcome::Skip);
    let processor = Processor::new((), client, Arc::<MemoryJournal>::clone(&journal))
        .clock(clock.clone())
        .on(AssetRequestType::Resume, skip);
    let (minute, start) = (Duration::from_secs(60), clock.monotonic());
    let ending = {
        let clock = clock.clone();
        async move {
            clock.until(start + minute).await;
            *source.0.lock().unwrap() = key;
            clock.until(start + 10 * minute).await;
        }
    };
    let passing = clock.clone();
    let report = tokio::select! {
        report = processor.run(ending) => report,
        never = async move { passing.pass().await } => match never {},
    };
    assert!(shown.lock().unwrap().iter().any(|shown| shown == key), "it was never used");
    let runs = journal.runs(&RunFilter::default()).await.unwrap();
    (report, runs.iter().map(|run| run.id.to_string()).collect())
}

#[tokio::test]
async fn a_new_key_of_the_same_account_is_worked_with() {
    let (report, runs) = after_a_change_to(SAME_ACCOUNT).await;
    report.unwrap();
    assert_eq!(runs, ["PR-0000"]);
}

#[tokio::test]
async fn nothing_that_the_key_of_another_account_shows_gets_into_the_journal() {
    let (report, runs) = after_a_change_to(OTHER_ACCOUNT).await;
    let error = report.unwrap_err();
    assert!(matches!(error, Error::OtherJournal { .. }), "{error}");
    assert_eq!(runs, ["PR-0000"]);
}
