//! What must be told to nobody is in no answer, number or line of the log, whatever state a processor is
//! in.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use connect_client::{ApiKey, Client, RetryPolicy, ServiceTransport};
use connect_clock::VirtualClock;
use connect_journal::{MemoryJournal, WriteCounts};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Hold, Outcome, Processor};
use connect_vendor::Api;
use serve::InProcess;
use tokio::sync::Notify;
use tower_service::Service;
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::doors::Doors;
use crate::listener::routes;
use crate::logging::json::JsonLines;
use crate::webhook;

/// Of the API key, the key of webhooks, the vendor's token, and a parameter.
const SECRETS: [&str; 4] = ["canary-key", "canary-webhook", "canary-vendor", "canary-password"];

const REQUEST: &str = "PR-8027-7606-7082-003";

/// The text of a log, of all levels and in both formats.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn begin(&self) -> tracing::subscriber::DefaultGuard {
        let (text, json) = (self.clone(), self.clone());
        let text = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .fmt_fields(plain::Fields)
            .with_writer(move || text.clone());
        let lines = JsonLines::to(move || json.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(text).with(lines))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn asset_request(status: &str) -> Value {
    json!({
        "id": REQUEST, "type": "resume", "status": status, "created": "2026-03-01T12:00:00+00:00",
        "asset": {
            "id": "AS-8027-7606-7082", "status": "suspended", "items": [],
            "product": {"id": "PRD-411-678-887", "name": "Tenants"},
            "connection": {"id": "CT-0000-0000-0000", "type": "production"},
            "params": [{"id": "password", "type": "password", "value": SECRETS[3]}],
        },
    })
}

/// A platform with one request, that may be gone.
#[derive(Default)]
struct Platform {
    is_approved: AtomicBool,
    is_gone: AtomicBool,
}

impl Platform {
    fn answer(&self, call: &Request) -> Response {
        let path = call.uri().path().trim_start_matches("/public/v1/").to_owned();
        let query = call.uri().query().unwrap_or_default();
        let status = match self.is_gone.load(Ordering::SeqCst) {
            true => StatusCode::FORBIDDEN,
            false => StatusCode::OK,
        };
        if path.ends_with("/approve") {
            self.is_approved.store(true, Ordering::SeqCst);
        }
        let is_approved = self.is_approved.load(Ordering::SeqCst);
        let body = match path.as_str() {
            // Whoever refuses may repeat what was sent.
            _ if status != StatusCode::OK => {
                json!({"errors": [format!("ApiKey SU-1:{}", SECRETS[0])]})
            }
            "accounts" => json!([{"id": "VA-000-000-001"}]),
            "requests" if query.contains("status") && is_approved => json!([]),
            "requests" if is_approved => json!([asset_request("approved")]),
            "requests" => json!([asset_request("pending")]),
            path if path.ends_with("/approve") => asset_request("approved"),
            path if path.ends_with("/templates") => json!([{
                "id": "TL-411-678-887-001", "name": "Default Activation Template",
                "scope": "asset", "type": "fulfillment",
            }]),
            _ => json!([]),
        };
        let mut answer = (status, Json(&body)).into_response();
        if let Some(rows) = body.as_array().map(Vec::len) {
            let last = rows.saturating_sub(1);
            let range = HeaderValue::from_str(&format!("items 0-{last}/{rows}")).unwrap();
            answer.headers_mut().insert("content-range", range);
        }
        answer
    }
}

/// The vendor's side: its API, and when its handler may go on.
struct Vendor {
    api: Api,
    is_called: Notify,
    may_go_on: Notify,
}

impl Vendor {
    fn new() -> Self {
        let answer = Router::new().fallback(async || Json(json!({"id": "t-1"})));
        let mut token = HeaderValue::from_static(SECRETS[2]);
        token.set_sensitive(true);
        let api = Api::builder("https://vendor.example/api").unwrap();
        let api = api.header(http::header::AUTHORIZATION, token);
        let api = api.transport(ServiceTransport::new(answer)).build().unwrap();
        Self { api, is_called: Notify::new(), may_go_on: Notify::new() }
    }
}

async fn resume(cx: Context<AssetRequest, Arc<Vendor>>) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    assert_eq!(cx.parameter("password").unwrap(), SECRETS[3]);
    let enable = async |key| {
        tracing::info!(tenant = "t-1", "the vendor says so");
        vendor.api.post(["tenants"], &key).prove(Ok::<Value, String>).await
    };
    cx.step("enable_tenant").run(enable).await?;
    vendor.is_called.notify_one();
    vendor.may_go_on.notified().await;
    Ok(Outcome::approve())
}

/// What is told of a processor, by all doors.
struct Told {
    routes: Router,
    heard: Vec<String>,
}

impl Told {
    async fn call(&mut self, method: &str, path: &str) -> String {
        let call = Request::builder().method(method).uri(path);
        let call = call.header("authorization", format!("JWT {}", SECRETS[1]));
        let call = call.body(Body::empty()).unwrap();
        let answer = InProcess::new(self.routes.clone()).call(call).await.unwrap();
        let body = to_bytes(answer.into_body(), 1024 * 1024).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    async fn is(&mut self, state: &str) {
        for path in ["/health", "/ready"] {
            let said = self.call("GET", path).await;
            assert!(said.starts_with(&format!("{{\"state\":\"{state}\"")), "{state}: {said}");
            self.heard.push(said);
        }
        let metrics = self.call("GET", "/metrics").await;
        assert!(metrics.contains(&format!("connect_state{{state=\"{state}\"}} 1")), "{metrics}");
        self.heard.push(metrics);
    }
}

#[tokio::test]
async fn no_state_of_a_processor_tells_a_secret() {
    let log = Log::default();
    let _logged = log.begin();
    let (platform, vendor) = (Arc::new(Platform::default()), Arc::new(Vendor::new()));
    let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap());
    let called = Arc::clone(&platform);
    let door = Router::new().fallback(async move |call: Request| called.answer(&call));
    let key = ApiKey::new(&format!("ApiKey SU-1:{}", SECRETS[0])).unwrap();
    let client = Client::builder("http://localhost/public/v1", key);
    let client = client.transport(ServiceTransport::new(door)).clock(clock.clone());
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    let (shown, journal) = (client.clone(), Arc::new(MemoryJournal::new(clock.clone())));
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let processor = Processor::new(Arc::clone(&vendor), client, journal)
        .clock(clock.clone())
        .poll_every(minutes(10))
        .lease(minutes(600))
        .run_limit(minutes(60))
        .stuck_after(minutes(5))
        .on(AssetRequestType::Resume, resume);
    let health = processor.health();
    let (webhook, source) = webhook::open(&SECRETS[1].to_owned().into(), Arc::new(clock.clone()));
    let doors = Doors { webhook: Some(webhook), ..Doors::default() };
    let window = Window::new(None, &shown, &Metrics::default());
    window.show(&processor, WriteCounts::default, doors);
    let watched = Watched { program: "acme", accounts: vec![Arc::new(window)] };
    let mut told = Told { routes: routes(watched), heard: Vec::new() };

    let shutdown = async {
        vendor.is_called.notified().await;
        told.call("POST", "/webhook").await;
        told.is("busy").await;
        clock.advance(minutes(6));
        told.is("stuck").await;
        vendor.may_go_on.notify_one();
        while health.vitals().ended.is_empty() {
            tokio::task::yield_now().await;
        }
        told.is("idle").await;
        for (hold, who, state) in
            [(Hold::Paused, "everything", "paused"), (Hold::BreakerOpen, "vendor", "breaker_open")]
        {
            health.hold(hold, who);
            told.is(state).await;
            health.release(hold, who);
        }
        platform.is_gone.store(true, Ordering::SeqCst);
        clock.advance(minutes(4));
        while health.vitals().platform.is_none() {
            tokio::task::yield_now().await;
        }
        for _ in 0..12 {
            clock.advance(minutes(4));
            tokio::task::yield_now().await;
        }
        told.is("platform_gone").await;
    };
    processor.source(source).run(shutdown).await.unwrap();

    let log = log.text();
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} is in the log");
        assert!(told.heard.iter().all(|it| !it.contains(secret)), "{secret} is told");
    }
    for line in log.lines().filter(|line| line.starts_with('{')) {
        let rust = ["(\\\"", "Some(", "Ok(", "None", " { ", "[\\\""];
        let told = rust.iter().find(|notation| line.contains(**notation));
        assert_eq!(told, None, "Rust's own notation is in a line for programs: {line}");
    }
    assert!(log.contains("\"message\":\"the run has ended\""), "{log}");
    let line = log.lines().find(|line| line.starts_with('{') && line.contains("says so")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    let part_of = ["request", "attempt", "type", "product", "asset", "step", "tenant"];
    let part_of = part_of.map(|name| line[name].to_string().replace('"', "")).join(" ");
    insta::assert_snapshot!(part_of, @"PR-8027-7606-7082-003 1 resume PRD-411-678-887 AS-8027-7606-7082 enable_tenant t-1");
}
