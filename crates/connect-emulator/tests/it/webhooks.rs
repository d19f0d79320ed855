//! Deliveries of webhooks, by a clock that is moved, to a receiver in this process; and over the
//! network where that is what matters.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::to_bytes;
use bytes::Bytes;
use connect_clock::VirtualClock;
use connect_emulator::{Config, Emulator, HttpReceivers, Platform, Receivers};
use connect_world::command::{RequestCommand, WebhookCommand};
use connect_world::{Actor, Collection};
use http::Request;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use crate::script::{Reaction, Script};

struct Scene {
    emulator: Emulator,
    vendor: Actor,
    clock: VirtualClock,
    script: Arc<Script>,
}

impl Scene {
    async fn with(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        Self::kept(None, reactions).await
    }

    async fn kept(
        data: Option<&std::path::Path>,
        reactions: impl IntoIterator<Item = Reaction>,
    ) -> Self {
        let clock = VirtualClock::new("2024-06-11T07:30:00Z".parse().unwrap());
        let script = Arc::new(Script::default());
        script.reactions.lock().unwrap().extend(reactions);
        let config = Config {
            clock: Arc::new(clock.clone()),
            receivers: Arc::clone(&script) as _,
            data: data.map(Into::into),
            ..Config::default()
        };
        let emulator = Emulator::open(config).await.unwrap();
        let vendor = emulator.platform().authenticate(&emulator.keys().vendor).unwrap();
        Self { emulator, vendor, clock, script }
    }

    fn platform(&self) -> &Platform {
        self.emulator.platform()
    }

    async fn hook(&self, path: &str) -> String {
        let body = json!({
            "label": "orders", "object_class": "fulfillment_request", "description": null,
            "product_id": self.emulator.product(), "jwt_secret": "s3cret", "active": true,
            "external_url": format!("http://cedar.example{path}"), "http_method": "POST",
            "headers": {"X-Team": "cedar"},
        });
        let command = WebhookCommand::Create { body };
        let made = self.platform().apply(self.vendor.clone(), command).await.unwrap();
        let made: Value = serde_json::from_slice(&made.body).unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn order(&self) {
        let body = json!({
            "type": "purchase",
            "asset": {
                "product": {"id": self.emulator.product()},
                "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
                "items": [{"mpn": "MPN-A", "quantity": 10}],
            },
        });
        let command = RequestCommand::Create { body };
        self.platform().apply(self.vendor.clone(), command).await.unwrap();
    }

    async fn read(&self, id: &str) -> Value {
        let body = self.platform().read(&self.vendor, &Collection::Webhooks, id, "").await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn triggers(&self, id: &str) -> u64 {
        self.read(id).await["stats"]["triggers"].as_u64().unwrap()
    }

    /// Waits until the webhook has been called so often; real time is only lent to other tasks.
    async fn until_called(&self, id: &str, times: u64) -> Value {
        while self.triggers(id).await < times {
            tokio::task::yield_now().await;
        }
        self.read(id).await
    }

    /// Lets everybody do what can be done without time passing.
    async fn settle(&self) {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    async fn pass(&self, seconds: u64) {
        self.settle().await;
        self.clock.advance(Duration::from_secs(seconds));
        self.settle().await;
    }

    fn calls(&self) -> usize {
        self.script.calls.lock().unwrap().len()
    }
}

#[tokio::test]
async fn an_event_is_delivered_signed_and_with_the_owners_headers() {
    let scene = Scene::with([]).await;
    let id = scene.hook("/hook").await;
    scene.order().await;
    let shown = scene.until_called(&id, 1).await;
    assert_eq!(shown["last_success"]["response"], json!({"body": "fine"}));

    let calls = scene.script.calls.lock().unwrap();
    let [call] = &calls[..] else { panic!("{} calls", calls.len()) };
    assert_eq!(
        (call.method().as_str(), call.uri().to_string().as_str()),
        ("POST", "http://cedar.example/hook")
    );
    assert_eq!(call.headers()["content-type"], "application/json");
    assert_eq!(call.headers()["x-team"], "cedar");
    let bearer = call.headers()["authorization"].to_str().unwrap();
    assert_eq!(call.headers()["authentication"], bearer);
    let body: Value = serde_json::from_slice(call.body()).unwrap();
    assert_eq!(body["webhook_id"], id.as_str());
    let mut validation = Validation::new(Algorithm::HS256);
    // The clock of this test is in another year.
    validation.validate_exp = false;
    let token = bearer.strip_prefix("Bearer ").unwrap();
    let key = DecodingKey::from_secret(b"s3cret");
    let claims = decode::<Value>(token, &key, &validation).unwrap().claims;
    assert_eq!(claims["webhook_id"], id.as_str());
    let wrong = DecodingKey::from_secret(b"s3cre7");
    assert!(decode::<Value>(token, &wrong, &validation).is_err());
}

#[tokio::test]
async fn many_changes_are_one_call_each_five_seconds() {
    let scene = Scene::with([]).await;
    let id = scene.hook("/hook").await;
    scene.order().await;
    scene.until_called(&id, 1).await;
    for _ in 0..10 {
        scene.order().await;
    }
    scene.pass(4).await;
    assert_eq!(scene.calls(), 1);
    scene.pass(1).await;
    let shown = scene.until_called(&id, 2).await;
    assert_eq!(shown["stats"]["events"], 11);
    scene.pass(600).await;
    assert_eq!(scene.calls(), 2);
}

#[tokio::test]
async fn a_failure_is_tried_again_after_10_and_60_seconds_and_then_no_more() {
    let reactions = [
        Reaction::Answer(302, b"elsewhere".to_vec()),
        Reaction::Fail,
        Reaction::Answer(500, b"\x1b[2Joops\xff".to_vec()),
    ];
    let scene = Scene::with(reactions).await;
    let id = scene.hook("/hook").await;
    scene.order().await;
    let first = scene.until_called(&id, 1).await;
    assert_eq!(first["last_failure"]["status_code"], 302);
    scene.pass(9).await;
    assert_eq!(scene.calls(), 1);
    scene.pass(1).await;
    let second = scene.until_called(&id, 2).await;
    assert_eq!(second["last_failure"]["status_code"], Value::Null);
    assert_eq!(second["last_failure"]["errors"], "refused\u{fffd}[2J");
    scene.pass(59).await;
    assert_eq!(scene.calls(), 2);
    scene.pass(1).await;
    let third = scene.until_called(&id, 3).await;
    assert_eq!(third["last_failure"]["response"]["body"], "\u{fffd}[2Joops\u{fffd}");
    assert_eq!(third["stats"]["failure_since_last_success"], 3);
    scene.pass(3600).await;
    assert_eq!(scene.calls(), 3);
}

#[tokio::test]
async fn a_receiver_that_hangs_costs_ten_seconds_and_one_that_drips_keeps_what_it_said() {
    let scene = Scene::with([Reaction::Hang, Reaction::Drip]).await;
    let id = scene.hook("/hook").await;
    scene.order().await;
    scene.pass(9).await;
    assert_eq!((scene.calls(), scene.triggers(&id).await), (1, 0));
    scene.pass(1).await;
    let failed = scene.until_called(&id, 1).await;
    assert_eq!(failed["last_failure"]["errors"], "No answer came within 10 s.");
    assert_eq!(failed["last_failure"]["duration"], 10_000);
    scene.pass(10).await;
    scene.pass(10).await;
    let dripped = scene.until_called(&id, 2).await;
    assert_eq!(dripped["last_failure"]["errors"], "No answer came within 10 s.");
    assert_eq!(dripped["last_failure"]["response"]["body"], "ab");
    assert_eq!(dripped["stats"]["failure_since_last_success"], 2);
}

#[tokio::test]
async fn of_a_long_answer_four_kib_are_kept() {
    let scene = Scene::with([Reaction::Answer(200, "ü".repeat(1 << 20).into_bytes())]).await;
    let id = scene.hook("/hook").await;
    scene.order().await;
    let shown = scene.until_called(&id, 1).await;
    assert_eq!(shown["last_success"]["response"]["body"], "ü".repeat(2048));
}

#[tokio::test]
async fn receivers_that_hang_starve_no_other() {
    let scene = Scene::with([]).await;
    for _ in 0..40 {
        scene.hook("/hangs").await;
    }
    let id = scene.hook("/hook").await;
    scene.order().await;
    scene.settle().await;
    assert_eq!(scene.calls(), 16, "no more than so many are under way");
    scene.pass(10).await;
    scene.pass(10).await;
    scene.until_called(&id, 1).await;
}

#[tokio::test]
async fn what_was_not_delivered_is_delivered_by_the_next_life() {
    let folder = tempfile::tempdir().unwrap();
    let first = Scene::kept(Some(folder.path()), [Reaction::Hang]).await;
    let id = first.hook("/hook").await;
    first.order().await;
    first.settle().await;
    while first.calls() == 0 {
        tokio::task::yield_now().await;
    }
    first.platform().close().await;
    drop(first);

    let second = Scene::kept(Some(folder.path()), []).await;
    let shown = second.until_called(&id, 1).await;
    assert_eq!(shown["stats"]["success_triggers"], 1);
    assert_eq!(second.calls(), 1);
}

/// An HTTP server that sends elsewhere.
#[tokio::test]
async fn over_the_network_no_redirect_is_followed_and_a_closed_port_is_told() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let server = axum::Router::new().fallback(move |request: axum::extract::Request| async move {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        log.lock().unwrap().push((parts.uri.to_string(), body));
        (http::StatusCode::FOUND, [("location", "/elsewhere")], "moved")
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(std::future::IntoFuture::into_future(axum::serve(listener, server)));
    let receivers = HttpReceivers::default();
    let call = |url: String| Request::post(url).body(Bytes::from("{}")).unwrap();
    let answer = receivers.send(call(format!("http://{address}/hook"))).await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(to_bytes(answer.into_body(), 100).await.unwrap(), "moved");
    assert_eq!(*seen.lock().unwrap(), [("/hook".to_owned(), Bytes::from("{}"))]);
    server.abort();
    let _ = server.await;
    let refused = receivers.send(call(format!("http://{address}/s3cret"))).await.unwrap_err();
    assert!(refused.contains("refused") && !refused.contains("s3cret"), "{refused}");
}
