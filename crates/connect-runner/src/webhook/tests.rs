//! Calls that are believed, and the many that are not.

use axum::Router;
use axum::body::Body;
use axum::http;
use connect_clock::VirtualClock;
use serde_json::{Value, json};
use serve::InProcess;
use tower_service::Service;

use super::*;
use crate::forged::{self, NOW, SECRET, signed};

/// The place where webhooks call, and the hints it gave.
struct Scene {
    routes: Router,
    hints: Heard,
}

impl Scene {
    fn new() -> Self {
        let clock = VirtualClock::new(jiff::Timestamp::from_second(NOW).unwrap());
        let (webhook, source) = open(&SECRET.to_owned().into(), Arc::new(clock));
        let routes = Router::new().route("/webhook", webhook.calls());
        Self { routes, hints: source.0.into_inner() }
    }

    async fn send(&self, call: http::Request<Body>) -> u16 {
        InProcess::new(self.routes.clone()).call(call).await.unwrap().status().as_u16()
    }

    async fn call(&self, token: &str, body: impl Into<Body>) -> u16 {
        self.send(request(&format!("Bearer {token}"), body)).await
    }

    fn hints(&mut self) -> Vec<&'static str> {
        self.hints.news()
    }
}

fn request(authorization: &str, body: impl Into<Body>) -> http::Request<Body> {
    let call = http::Request::post("/webhook").header("authorization", authorization);
    call.body(body.into()).unwrap()
}

fn claims() -> Value {
    json!({"webhook_id": "WH-120-774-336", "iat": NOW, "exp": NOW + 60})
}

fn body() -> String {
    json!({"webhook_id": "WH-120-774-336", "object_class": "fulfillment_request"}).to_string()
}

/// The same claims with other values for some.
fn with(changes: &Value) -> Value {
    forged::with(&claims(), changes)
}

#[tokio::test]
async fn a_call_wakes_the_list_of_its_queue() {
    let mut scene = Scene::new();
    for (class, hints) in [
        ("fulfillment_request", vec!["requests"]),
        ("tier_config_request", vec!["tier/config-requests"]),
        ("tier_account_request", vec!["tier/account-requests"]),
        ("usage_file", vec!["usage/files"]),
        ("billing_request", vec![]),
        ("something_new", vec![]),
    ] {
        let token = signed(&with(&json!({"object_class": class})));
        let body = json!({"object_class": class, "data": {"any": ["thing"]}}).to_string();
        assert_eq!(scene.call(&token, body).await, 204);
        assert_eq!(scene.hints(), hints, "{class}");
    }
}

#[tokio::test]
async fn what_connect_is_known_to_send_is_enough() {
    let mut scene = Scene::new();
    let bare = signed(&json!({"webhook_id": "WH-120-774-336"}));
    assert_eq!(scene.call(&bare, body()).await, 204);
    let other_header = http::Request::post("/webhook")
        .header("authentication", format!("bearer {}", signed(&claims())))
        .body(Body::from(body()))
        .unwrap();
    assert_eq!(scene.hints(), ["requests"]);
    assert_eq!(scene.send(other_header).await, 204);
    assert_eq!(scene.hints(), ["requests"]);
    for dates in [
        json!({"exp": NOW - 59}),
        json!({"iat": NOW + 60}),
        json!({"nbf": NOW + 60}),
        json!({"exp": null, "iat": 0.5}),
        json!({"aud": "anybody", "iss": "connect", "sub": "x"}),
    ] {
        let body = json!({"object_class": "fulfillment_request"}).to_string();
        assert_eq!(scene.call(&signed(&with(&dates)), body).await, 204, "{dates}");
        assert_eq!(scene.hints(), ["requests"], "{dates}");
    }
}

#[tokio::test]
async fn the_same_call_again_is_taken_and_wakes_nothing() {
    let mut scene = Scene::new();
    let token = signed(&claims());
    for _ in 0..10 {
        assert_eq!(scene.call(&token, body()).await, 204);
    }
    assert_eq!(scene.hints(), ["requests"]);
    assert_eq!(scene.call(&signed(&with(&json!({"iat": NOW - 1}))), body()).await, 204);
    assert_eq!(scene.hints(), ["requests"]);
}

#[tokio::test]
async fn a_crowd_of_calls_is_taken_whole_and_is_one_hint_for_each_list() {
    let mut scene = Scene::new();
    let tiers = json!({"object_class": "tier_config_request"}).to_string();
    for n in 0..1_000 {
        let token = signed(&with(&json!({"iat": NOW - 1 - n})));
        let body = if n % 2 == 0 { body() } else { tiers.clone() };
        assert_eq!(scene.call(&token, body).await, 204);
    }
    assert_eq!(scene.hints(), ["requests", "tier/config-requests"]);
    assert!(scene.hints().is_empty());
}

#[tokio::test]
async fn a_call_that_no_processor_would_hear_of_may_come_again() {
    let Scene { routes, hints } = Scene::new();
    drop(hints);
    let call = request(&format!("Bearer {}", signed(&claims())), body());
    let told = InProcess::new(routes).call(call).await.unwrap();
    assert_eq!(told.status(), 503);
}

#[tokio::test]
async fn no_forged_token_is_believed_and_nothing_is_woken() {
    let mut scene = Scene::new();
    let odd = [json!({"object_class": 7}), json!({"object_class": ["fulfillment_request"]})];
    let odd = forged::of(&claims(), odd);
    let forged: Vec<_> = forged::all(&claims(), "webhook_id").into_iter().chain(odd).collect();
    assert!(forged.len() >= 200, "{}", forged.len());
    for (name, token) in forged {
        let Ok(header) = http::HeaderValue::try_from(format!("Bearer {token}")) else { continue };
        let mut call = request("", body());
        call.headers_mut().insert("authorization", header);
        assert_eq!(scene.send(call).await, 401, "{name}: {token:.200}");
    }
    assert!(scene.hints().is_empty());
}

#[tokio::test]
async fn a_token_anywhere_else_is_none() {
    let mut scene = Scene::new();
    let token = signed(&claims());
    for authorization in
        ["", "Bearer", "Bearer ", &token, &format!("Basic {token}"), &format!("ApiKey {token}")]
    {
        assert_eq!(scene.send(request(authorization, body())).await, 401, "{authorization:.20}");
    }
    let bare = http::Request::post("/webhook").body(Body::from(body())).unwrap();
    assert_eq!(scene.send(bare).await, 401);
    let twice = http::Request::post("/webhook")
        .header("authorization", format!("Bearer {token}"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(body()))
        .unwrap();
    assert_eq!(scene.send(twice).await, 401);
    let query = http::Request::post(format!("/webhook?token={token}")).body(Body::empty()).unwrap();
    assert_eq!(scene.send(query).await, 401);
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let call = http::Request::builder().method(method).uri("/webhook");
        assert_eq!(scene.send(call.body(Body::empty()).unwrap()).await, 405, "{method}");
    }
    assert!(scene.hints().is_empty());
}

#[tokio::test]
async fn a_body_that_is_none_wakes_nothing() {
    let mut scene = Scene::new();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (status, body) in [
        (400, String::new()),
        (400, "null".to_owned()),
        (400, "[]".to_owned()),
        (400, "{".to_owned()),
        (400, "{}".to_owned()),
        (400, json!({"object_class": null}).to_string()),
        (400, json!({"object_class": 7}).to_string()),
        (400, json!({"object_class": ["fulfillment_request"]}).to_string()),
        (400, json!({"object_class": "fulfillment_request", "webhook_id": "WH-2"}).to_string()),
        (400, json!({"object_class": "fulfillment_request", "webhook_id": 1}).to_string()),
        (400, deep),
        (413, "x".repeat(BODY_LIMIT + 1)),
        (413, "x".repeat(10 * BODY_LIMIT)),
    ] {
        let told = scene.call(&signed(&claims()), body.clone()).await;
        assert_eq!(told, status, "{body:.80}");
    }
    let other_class = signed(&with(&json!({"object_class": "tier_config_request"})));
    assert_eq!(scene.call(&other_class, body()).await, 400);
    let not_text = vec![0xff, 0xfe, 0x00];
    assert_eq!(scene.call(&signed(&claims()), not_text).await, 400);
    assert!(scene.hints().is_empty());
}
