//! Faults, each as a client meets it.

use std::time::Duration;

use connect_emulator::{Canned, Fault, FaultEffect};
use http::StatusCode;
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use super::stage::{Order, Stage};

/// In milliseconds, of a clock that leaps to the next thing to happen.
const HOUR: u64 = 3_600_000;

async fn filled(stage: &Stage) -> Order {
    let order = stage.purchase().await;
    stage.fill(&order).await;
    order
}

fn on_approve(effect: FaultEffect) -> Fault {
    Fault::new(effect).on("POST", "/requests/*/approve").times(1)
}

#[tokio::test]
async fn a_canned_answer_keeps_the_call_from_the_platform() {
    let stage = Stage::set().await;
    let order = filled(&stage).await;
    let limited = Canned { retry_after: Some(7), ..Canned::status(StatusCode::TOO_MANY_REQUESTS) };
    stage.emulator.faults().add(on_approve(FaultEffect::Answer(limited)));

    let said = stage.vendor().act(&order.id, "approve", json!({})).await;
    assert_eq!(said.refusal(), "429 RATE_LIMIT Too many requests.");
    assert_eq!(said.header("retry-after"), "7");
    assert_eq!(stage.standing(&order).await, "pending processing");
    stage.approve(&order).await;
}

#[tokio::test]
async fn a_canned_answer_after_the_fact_hides_what_happened() {
    let stage = Stage::set().await;
    let order = filled(&stage).await;
    let gateway =
        Canned { body: Some("<h1>Bad</h1>".into()), ..Canned::status(StatusCode::BAD_GATEWAY) };
    stage.emulator.faults().add(on_approve(FaultEffect::AnswerAfter(gateway)));

    let said = stage.vendor().act(&order.id, "approve", json!({})).await;
    assert_eq!((said.status, said.body.as_str()), (502, "<h1>Bad</h1>"));
    assert_eq!(said.header("content-type"), "text/html");
    assert_eq!(stage.standing(&order).await, "approved active");
}

#[tokio::test]
async fn a_redirect_says_where_it_leads() {
    let stage = Stage::set().await;
    let effect = |to: &str| json!({"effect": {"answer": {"status": 302, "location": to}}});
    stage.operator().post("/faults", effect("https://stranger.example/")).await.expect(201);
    let said = stage.vendor().get("/requests").await;
    assert_eq!((said.status, said.header("location")), (302_u16, "https://stranger.example/"));
    let forged = stage.operator().post("/faults", effect("/\r\nX-Forged: 1")).await;
    assert_eq!(forged.status, 400, "{}", forged.body);
}

#[tokio::test]
async fn a_dropped_call_is_a_transport_error_and_never_happened() {
    let stage = Stage::set().await;
    let order = filled(&stage).await;
    stage.emulator.faults().add(on_approve(FaultEffect::LoseCall));
    assert_no_answer(&stage, &order).await;
    assert_eq!(stage.standing(&order).await, "pending processing");
}

#[tokio::test]
async fn a_dropped_answer_is_a_transport_error_of_a_call_that_happened() {
    let stage = Stage::set().await;
    let order = filled(&stage).await;
    stage.emulator.faults().add(on_approve(FaultEffect::LoseAnswer));
    assert_no_answer(&stage, &order).await;
    assert_eq!(stage.standing(&order).await, "approved active");
}

async fn assert_no_answer(stage: &Stage, order: &Order) {
    let path = format!("/requests/{}/approve", order.id);
    let sent = stage.vendor().request(Method::POST, &path).send().await;
    assert!(sent.is_err_and(|error| error.is_request()), "there was an answer");
    assert!(stage.emulator.faults().list().is_empty(), "the client tried twice");
}

#[tokio::test(start_paused = true)]
async fn a_delayed_call_happens_although_its_caller_gave_up() {
    let stage = Stage::set().await;
    let order = filled(&stage).await;
    let mut news = stage.emulator.activity().subscribe();
    stage.emulator.faults().add(on_approve(FaultEffect::Delay { millis: HOUR }));

    let path = format!("/requests/{}/approve", order.id);
    let call = tokio::spawn(stage.vendor().request(Method::POST, &path).send());
    while !stage.emulator.faults().list().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    while news.recv().await.unwrap().method != Method::POST {}
    assert_eq!(stage.standing(&order).await, "approved active");
}

#[tokio::test(start_paused = true)]
async fn a_delay_is_waited_for() {
    let stage = Stage::set().await;
    stage.emulator.faults().add(Fault::new(FaultEffect::Delay { millis: HOUR }));
    let began = Instant::now();
    assert_eq!(stage.vendor().get("/requests").await.status, 200);
    assert!(began.elapsed() >= Duration::from_millis(HOUR));
}

#[tokio::test]
async fn a_fault_strikes_the_calls_it_is_for_as_often_as_it_says() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let fault = json!({
        "on": "get /requests/PR-*", "skip": 1, "times": 2,
        "effect": {"answer": {"status": 503}},
    });
    stage.operator().post("/faults", fault).await.expect(201);

    let path = format!("/requests/{}", order.id);
    let mut statuses = Vec::new();
    for path in [&path, "/requests", &path, "/assets", &format!("{path}/"), &path] {
        statuses.push(stage.vendor().get(path).await.status);
    }
    assert_eq!(statuses, [200, 200, 503, 200, 503, 200]);
    assert_eq!(stage.operator().get("/faults").await.body, "[]");
}

#[tokio::test]
async fn faults_are_set_seen_and_taken_away() {
    let stage = Stage::set().await;
    let fault = json!({"effect": "lose_call"});
    stage.operator().post("/faults", fault).await.expect(201);
    let listed = stage.operator().get("/faults").await;
    insta::assert_snapshot!(listed.body, @r#"[{"effect":"lose_call"}]"#);
    assert_eq!(stage.operator().call(Method::DELETE, "/faults").await.status, 204);
    assert_eq!(stage.vendor().get("/requests").await.status, 200);
}
