//! A platform that answers its list of requests as a test says, to show what real ones get wrong.

use std::future::IntoFuture;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use connect_client::{ApiKey, Client, RetryPolicy, ServiceTransport};
use connect_clock::{Clock, SystemClock};
use connect_journal::MemoryJournal;
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Backoff, Context, Failure, Outcome, Processor};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A question about requests.
pub(crate) struct RequestQuery {
    /// Which ones, when they are asked for by their ids; otherwise the pending ones are listed.
    pub(crate) ids: Option<Vec<String>>,
    pub(crate) rows: Range<usize>,
}

type Says = Arc<dyn Fn(&RequestQuery) -> Response + Send + Sync>;

#[derive(Clone)]
struct Shared {
    says: Says,
    calls: Arc<AtomicUsize>,
}

pub(crate) struct ScriptedPlatform {
    endpoint: String,
    routes: Router,
    writes: Arc<AtomicUsize>,
    calls: Arc<AtomicUsize>,
    clock: Arc<dyn Clock>,
    pub(crate) journal: Arc<MemoryJournal>,
    server: JoinHandle<()>,
}

impl Drop for ScriptedPlatform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl ScriptedPlatform {
    pub(crate) async fn that(
        says: impl Fn(&RequestQuery) -> Response + Send + Sync + 'static,
    ) -> Self {
        Self::at(SystemClock, says).await
    }

    /// One whose processors live by a clock of the test's own.
    pub(crate) async fn at(
        clock: impl Clock,
        says: impl Fn(&RequestQuery) -> Response + Send + Sync + 'static,
    ) -> Self {
        let calls = Arc::new(AtomicUsize::new(0));
        let shared = Shared { says: Arc::new(says), calls: Arc::clone(&calls) };
        let writes = Arc::new(AtomicUsize::new(0));
        let written = Arc::clone(&writes);
        let other = move |method: axum::http::Method, uri: axum::http::Uri| {
            written.fetch_add(usize::from(method != axum::http::Method::GET), Ordering::SeqCst);
            let row = match uri.path().ends_with("/templates") {
                true => {
                    json!({"id": "TL-1", "name": "VA-1", "scope": "asset", "type": "fulfillment"})
                }
                false => json!({"id": "VA-1"}),
            };
            async { page(&[row], 0..1, 1) }
        };
        let routes = Router::new()
            .route("/public/v1/requests", get(requests))
            .fallback(other)
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/public/v1", listener.local_addr().unwrap());
        let served = routes.clone();
        let server = tokio::spawn(async move {
            axum::serve(listener, served).into_future().await.unwrap();
        });
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let journal = Arc::new(MemoryJournal::new(Arc::clone(&clock)));
        Self { endpoint, routes, writes, calls, clock, journal, server }
    }

    /// How often requests were asked for.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// How often anything was written.
    pub(crate) fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    /// A processor without handlers that calls without a socket, so that time can pass by itself.
    pub(crate) fn inline(&self) -> Processor<()> {
        let client = Client::builder(&self.endpoint, ApiKey::new("ApiKey SU-1:x").unwrap())
            .retry(RetryPolicy::never())
            .clock(Arc::clone(&self.clock))
            .transport(ServiceTransport::new(self.routes.clone()));
        let journal = Arc::clone(&self.journal);
        Processor::new((), client.build().unwrap(), journal).clock(Arc::clone(&self.clock))
    }

    /// A processor that skips resume requests, and repeats no call.
    pub(crate) fn skipping(&self) -> Processor<()> {
        let skip = |_: Context<AssetRequest, ()>| async { Ok::<_, Failure>(Outcome::Skip) };
        self.processor().on(AssetRequestType::Resume, skip)
    }

    /// A processor without handlers that repeats no call.
    pub(crate) fn processor(&self) -> Processor<()> {
        let client = Client::builder(&self.endpoint, ApiKey::new("ApiKey SU-1:x").unwrap())
            .retry(RetryPolicy::never())
            .max_body(1024 * 1024);
        let journal = Arc::clone(&self.journal);
        let short = Duration::from_millis(1);
        Processor::new((), client.build().unwrap(), journal)
            .clock(Arc::clone(&self.clock))
            .backoff(Backoff { base: short, cap: short })
            .patience(Duration::from_millis(50))
    }
}

async fn requests(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    shared.calls.fetch_add(1, Ordering::SeqCst);
    (shared.says)(&RequestQuery::of(&query.unwrap_or_default()))
}

impl RequestQuery {
    pub(crate) fn of(query: &str) -> Self {
        let number = |name: &str| {
            let found =
                query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.map_or(0, |number| number.parse::<usize>().unwrap())
        };
        let ids = query.split_once("in(id,(").and_then(|(_, rest)| rest.split_once(')'));
        let ids = ids.map(|(ids, _)| ids.split(',').map(ToOwned::to_owned).collect());
        let first = number("offset");
        Self { ids, rows: first..first + number("limit") }
    }
}

/// The rows that were asked for, of all there are.
pub(crate) fn list(all: &[Value], asked: &RequestQuery) -> Response {
    let wanted = |row: &&Value| {
        let id = row["id"].as_str().unwrap_or_default();
        asked.ids.as_ref().is_none_or(|ids| ids.iter().any(|one| one == id))
    };
    let rows: Vec<Value> = all.iter().filter(wanted).cloned().collect();
    let range = asked.rows.start.min(rows.len())..asked.rows.end.min(rows.len());
    page(&rows[range.clone()], range, rows.len())
}

pub(crate) fn page(rows: &[Value], range: Range<usize>, total: usize) -> Response {
    let range = match range.is_empty() {
        true => format!("items 0-0/{total}"),
        false => format!("items {}-{}/{total}", range.start, range.end - 1),
    };
    ([("content-range", range)], axum::Json(rows)).into_response()
}

pub(crate) fn fails(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

pub(crate) fn id(number: usize) -> String {
    format!("PR-{number:04}")
}

/// A pending resume request.
pub(crate) fn pending(number: usize) -> Value {
    let id = id(number);
    json!({
        "id": id, "type": "resume", "status": "pending", "created": "2026-11-01T00:00:00+00:00",
        "updated": "2026-11-01T00:00:00+00:00",
        "asset": {"id": id.replace("PR", "AS"), "status": "suspended", "params": []},
    })
}
