//! The key of the real program is replaced while it runs.

use std::fs;
use std::future::IntoFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use connect_e2e::Stage;
use connect_model::{RequestId, RequestStatus};
use serde_json::json;
use tokio::net::TcpListener;

use crate::program::Program;

const FIRST: &str = "ApiKey SU-000-000-001:canary-first";
const SECOND: &str = "ApiKey SU-000-000-001:canary-second";

/// What stands before the platform and lets one key in, which may become another one.
struct Gateway {
    key: Mutex<&'static str>,
    refused: AtomicUsize,
    platform: String,
    own_key: HeaderValue,
    client: reqwest::Client,
}

impl Gateway {
    /// Starts one; returns it with its endpoint.
    async fn start(stage: &Stage) -> (Arc<Self>, String) {
        let endpoint = stage.emulator.endpoint();
        let gateway = Arc::new(Self {
            key: Mutex::new(FIRST),
            refused: AtomicUsize::new(0),
            platform: endpoint.trim_end_matches("/public/v1").to_owned(),
            own_key: HeaderValue::from_str(&stage.emulator.keys().vendor).unwrap(),
            client: reqwest::Client::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = Router::new().fallback(passed_on).with_state(Arc::clone(&gateway));
        tokio::spawn(axum::serve(listener, routes).into_future());
        (gateway, format!("http://{address}/public/v1"))
    }
}

async fn passed_on(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let (mut head, body) = request.into_parts();
    if head.headers.get(AUTHORIZATION).is_none_or(|key| key != *gateway.key.lock().unwrap()) {
        gateway.refused.fetch_add(1, Ordering::SeqCst);
        let told = json!({"error_code": "AUTH_001", "errors": ["API key not found."]});
        return (StatusCode::UNAUTHORIZED, Json(told)).into_response();
    }
    head.headers.remove(HOST);
    head.headers.insert(AUTHORIZATION, gateway.own_key.clone());
    let path = head.uri.path_and_query().unwrap();
    let call = gateway.client.request(head.method, format!("{}{path}", gateway.platform));
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let answer = call.headers(head.headers).body(body).send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove(TRANSFER_ENCODING);
    headers.remove(CONTENT_LENGTH);
    (status, headers, Body::from(answer.bytes().await.unwrap())).into_response()
}

/// Waits until a request is approved.
async fn approved(stage: &Stage, request: &RequestId) {
    while stage.read(request).await.unwrap().status != RequestStatus::Approved {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_program_goes_on_with_another_key_and_tells_neither() {
    let stage = Stage::start().await.unwrap();
    let (gateway, endpoint) = Gateway::start(&stage).await;
    let folder = tempfile::tempdir().unwrap();
    let (key, log) = (folder.path().join("key"), folder.path().join("log"));
    fs::write(&key, FIRST).unwrap();
    let journal = folder.path().join("journal.sqlite");
    let program = Program::with_key_file(&stage, &endpoint, &key, &journal);
    let mut life = program.log_in(fs::File::create(&log).unwrap()).start();
    approved(&stage, &stage.pending_resume("t-1").await.unwrap()).await;
    assert_eq!(gateway.refused.load(Ordering::SeqCst), 0);

    fs::write(&key, SECOND).unwrap();
    *gateway.key.lock().unwrap() = SECOND;
    approved(&stage, &stage.pending_resume("t-2").await.unwrap()).await;
    assert!(life.is_alive(), "it was not started again");
    assert!(gateway.refused.load(Ordering::SeqCst) <= 2, "the first key is not shown for long");
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("from now on calls are made with another API key"), "{log}");
    assert!(!log.contains("canary"), "{log}");
}
