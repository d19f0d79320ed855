//! The activity log.

use connect_emulator::Config;
use connect_world::{Actor, Side};
use serde_json::json;

use super::stage::{Said, Stage, text};

#[tokio::test]
async fn every_call_is_on_record_with_both_bodies() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    stage.vendor().get(&format!("/requests/{}?select(-asset.items)", order.id)).await;
    stage.nobody().get("/requests").await;

    let calls = stage.emulator.activity().since(0);
    let story: Vec<String> = calls
        .iter()
        .map(|call| {
            let side = match &call.actor {
                Some(Actor::Token(token)) if token.side == Side::Vendor => "vendor",
                Some(_) => "another",
                None => "nobody",
            };
            let status = call.status.map_or(0, |status| status.as_u16());
            format!("{} {side} {} {} {status}", call.seq, call.method, call.uri.path())
        })
        .collect();
    assert_eq!(
        story,
        [
            "1 vendor POST /public/v1/requests 201".to_owned(),
            format!("2 vendor GET /public/v1/requests/{} 200", order.id),
            "3 nobody GET /public/v1/requests 401".to_owned(),
        ]
    );
    let (made, read) = (&calls[0], &calls[1]);
    assert!(made.request.text().contains("MPN-A"));
    assert!(made.response.text().contains(&order.id));
    assert_eq!((made.object(), read.object()), (None, Some(order.id.as_str())));
    assert_eq!(read.uri.query(), Some("select(-asset.items)"));
}

#[tokio::test]
async fn the_log_is_read_in_pages_over_http() {
    let stage = Stage::set().await;
    for path in ["/requests", "/assets", "/hubs"] {
        stage.vendor().get(path).await;
    }
    let page = stage.operator().get("/activity?after=1&limit=1").await;
    let call = &page.expect(200)[0];
    assert_eq!((&call["seq"], text(&call["path"])), (&json!(2), "/public/v1/assets"));
    assert_eq!((&call["status"], text(&call["response"])), (&json!(200), "[]"));
    assert_eq!(call["actor"]["side"], "vendor");
    assert_eq!(stage.operator().get("/activity?after=3").await.body, "[]");
    assert_eq!(stage.operator().get("/activity?after=x").await.status, 400);
}

#[tokio::test]
async fn keys_are_never_on_record() {
    let stage = Stage::set().await;
    stage.purchase().await;
    stage.with_key("ApiKey SU-1:guessed-secret").get("/requests").await;
    let written = stage.operator().get("/activity").await.body;
    let debugged = format!("{:?}", stage.emulator.activity().since(0));
    let key = stage.emulator.keys().vendor.clone();
    let (_, secret) = key.split_once(':').unwrap();
    for log in [written, debugged] {
        assert!(!log.contains(secret) && !log.contains("guessed-secret"), "{log}");
    }
}

#[tokio::test]
async fn the_code_of_a_forms_link_is_not_written_down() {
    let stage = Stage::set().await;
    for query in ["code=f0rm-secret", "a=b&co%64e=f0rm-secret"] {
        stage.nobody().post(&format!("/requests/PR-1/pend?{query}"), json!({})).await;
    }
    let written = stage.operator().get("/activity").await;
    assert!(!written.body.contains("f0rm-secret"), "{}", written.body);
    assert_eq!(text(&written.json()[0]["path"]), "/public/v1/requests/PR-1/pend?code=***");
}

#[tokio::test]
async fn a_call_whose_caller_hangs_up_is_on_record() {
    use connect_emulator::{Fault, FaultEffect};
    let stage = Stage::set().await;
    let mut news = stage.emulator.activity().subscribe();
    stage.emulator.faults().add(Fault::new(FaultEffect::Delay { millis: 3_600_000 }).times(1));
    let call = tokio::spawn(stage.vendor().request(reqwest::Method::GET, "/hubs").send());
    while !stage.emulator.faults().list().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    let call = news.recv().await.unwrap();
    assert_eq!((call.uri.path(), call.status), ("/public/v1/hubs", None));
}

#[tokio::test]
async fn the_log_forgets_the_oldest_calls() {
    let stage = Stage::set_with(Config { activity: 2, ..Config::default() }).await;
    for _ in 0..5 {
        stage.vendor().get("/requests?limit=0").await;
    }
    let seqs: Vec<u64> = stage.emulator.activity().since(0).iter().map(|call| call.seq).collect();
    assert_eq!(seqs, [4, 5]);
}

#[tokio::test]
async fn of_a_long_body_the_head_is_kept() {
    let stage = Stage::set().await;
    let body = json!({"note": "x".repeat(70_000)});
    stage.vendor().post("/requests", body).await;
    let call = &stage.emulator.activity().since(0)[0];
    assert!(call.request.truncated);
    assert_eq!(call.request.bytes.len(), 64 * 1024);
    assert!(!call.response.truncated);
}

#[tokio::test]
async fn a_replaced_answer_is_told_and_the_platforms_own_is_noted() {
    use connect_emulator::{Canned, Fault, FaultEffect};
    let stage = Stage::set().await;
    let gateway = Canned::status(http::StatusCode::BAD_GATEWAY);
    stage.emulator.faults().add(Fault::new(FaultEffect::AnswerAfter(gateway)).times(1));
    stage.emulator.faults().add(Fault::new(FaultEffect::LoseAnswer).times(1));
    assert_eq!(stage.vendor().get("/requests").await.status, 502);
    assert!(stage.vendor().request(reqwest::Method::GET, "/requests").send().await.is_err());

    let written = stage.operator().get("/activity").await.expect(200);
    let statuses: Vec<_> =
        written.as_array().unwrap().iter().map(|it| (&it["status"], &it["lost"])).collect();
    assert_eq!(statuses, [(&json!(502), &json!(200)), (&json!(null), &json!(200))]);
    assert_eq!(written[1]["fault"], "lose_answer");
}

#[tokio::test]
async fn a_subscriber_hears_of_calls_and_control_calls_are_not_among_them() {
    let stage = Stage::set().await;
    let mut news = stage.emulator.activity().subscribe();
    let health = stage.operator().request(reqwest::Method::GET, "/health");
    assert_eq!(Said::of(health).await.status, 200);
    stage.vendor().get("/hubs").await;
    assert_eq!(news.recv().await.unwrap().uri.path(), "/public/v1/hubs");
}

/// Reads come by the thousand; what changed something is what somebody looks for.
#[tokio::test]
async fn polls_drive_no_change_out_of_the_log() {
    let stage = Stage::set_with(Config { activity: 10, ..Config::default() }).await;
    stage.vendor().post("/requests", json!({})).await;
    for _ in 0..50 {
        stage.vendor().get("/requests?eq(status,pending)").await;
    }
    let calls = stage.emulator.activity().since(0);
    assert_eq!(calls.len(), 10, "it stays bounded");
    assert!(calls[0].is_change() && calls[0].seq == 1);
    for _ in 0..30 {
        stage.vendor().post("/requests", json!({})).await;
    }
    let calls = stage.emulator.activity().since(0);
    assert_eq!(calls.len(), 10);
    assert_eq!(calls.last().unwrap().seq, 81);
    assert!(calls.iter().any(|call| !call.is_change()), "changes leave room for reads");
}
