//! The emulator's own endpoints.

use connect_emulator::Config;
use reqwest::Method;
use serde_json::json;

use super::stage::{Said, Stage, text};
use crate::store::leave_no_room_for_requests;

#[tokio::test]
async fn health_needs_no_key_and_says_where_things_are() {
    let stage = Stage::set().await;
    let health = stage.operator().get("/health").await.expect(200);
    assert_eq!(text(&health["status"]), "ready");
    assert_eq!(text(&health["endpoint"]), stage.emulator.endpoint());
    assert_eq!(text(&health["product"]), stage.emulator.product().as_str());
}

#[tokio::test]
async fn health_says_why_every_call_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    leave_no_room_for_requests(folder.path());
    let data = Some(folder.path().to_owned());
    let stage = Stage::set_with(Config { data, ..Config::default() }).await;
    let lost = stage.vendor().post("/requests", stage.preview_purchase()).await;
    assert_eq!(lost.status, 503, "{}", lost.body);

    let health = stage.operator().get("/health").await.expect(503);
    assert_eq!(text(&health["status"]), "broken");
    let cause = text(&health["cause"]);
    assert!(cause.contains("EMU_002") && cause.contains("disk is full"), "{cause}");
}

#[tokio::test]
async fn pages_of_other_sites_cannot_reach_the_control_endpoints() {
    let stage = Stage::set().await;
    let port = stage.emulator.address().port();
    let cases = [
        ("Host", "evil.example".to_owned(), 403),
        ("Host", format!("evil.example:{port}"), 403),
        ("Host", "localhost.evil.example".to_owned(), 403),
        ("Host", "10.0.0.1".to_owned(), 403),
        ("Origin", "http://evil.example".to_owned(), 403),
        ("Origin", "null".to_owned(), 403),
        ("Origin", "http://127.0.0.1:9".to_owned(), 403),
        ("Origin", "http://localhost".to_owned(), 403),
        ("Origin", format!("https://127.0.0.1:{port}"), 403),
        ("Origin", format!("127.0.0.1:{port}"), 403),
        ("Sec-Fetch-Site", "same-site".to_owned(), 403),
        ("Sec-Fetch-Site", "cross-site".to_owned(), 403),
        ("Sec-Fetch-Site", "same-origin".to_owned(), 200),
        ("Host", format!("localhost:{port}"), 200),
        ("Host", format!("127.0.0.1:{port}"), 200),
        ("Host", format!("[::1]:{port}"), 200),
        ("Origin", stage.emulator.url(), 200),
    ];
    for (header, value, expected) in cases {
        let call = stage.operator().request(Method::GET, "/faults");
        let said = Said::of(call.header(header, &value)).await;
        assert_eq!(said.status, expected, "{header}: {value}");
    }
}

/// What a page can send to any address of the machine without asking it first.
#[tokio::test]
async fn a_fault_is_taken_as_json_alone() {
    let stage = Stage::set().await;
    let fault = r#"{"effect": "lose_call", "on": "GET /nowhere"}"#;
    for (kind, expected) in [
        (None, 415),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data; boundary=b"), 415),
        (Some("application/jsonp"), 415),
        (Some("application/json; charset=utf-8"), 201),
    ] {
        let call = stage.operator().request(Method::POST, "/faults").body(fault);
        let call = match kind {
            Some(kind) => call.header("Content-Type", kind),
            None => call,
        };
        let said = Said::of(call).await;
        assert_eq!(said.status, expected, "{kind:?}: {}", said.body);
        if expected == 415 {
            assert_eq!(text(&said.json()["code"]), "not_json");
        }
    }
    assert_eq!(stage.emulator.faults().list().len(), 1);
}

#[tokio::test]
async fn a_folder_that_was_removed_is_noticed_and_nothing_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = Config { data: Some(data.clone()), ..Config::default() };
    let stage = Stage::set_with(config).await;
    let order = stage.purchase().await;
    std::fs::remove_dir_all(&data).unwrap();

    let health = stage.operator().get("/health").await.expect(503);
    let cause = text(&health["cause"]);
    assert!(cause.contains("EMU_002") && cause.contains("was removed or replaced"), "{cause}");
    let lost = stage.vendor().post("/requests", stage.preview_purchase()).await;
    assert_eq!((lost.status, text(&lost.json()["error_code"])), (503, "EMU_002"));
    assert_eq!(stage.vendor().get(&format!("/requests/{}", order.id)).await.status, 503);
}

#[tokio::test]
async fn whoever_has_the_vendors_key_reaches_the_control_endpoints() {
    let stage = Stage::set().await;
    let keys = stage.emulator.keys();
    for (key, expected) in [(&keys.vendor, 200), (&keys.distributor, 403)] {
        let call = stage.operator().request(Method::GET, "/faults");
        let call = call.header("Host", "emulator.internal").header("Authorization", key);
        assert_eq!(Said::of(call).await.status, expected);
    }
}

#[tokio::test]
async fn connects_api_answers_to_any_host_name() {
    let stage = Stage::set().await;
    let call = stage.vendor().request(Method::GET, "/requests");
    assert_eq!(Said::of(call.header("Host", "emulator.internal")).await.status, 200);
}

#[tokio::test]
async fn control_errors_are_problems_with_a_stable_code() {
    let stage = Stage::set().await;
    let operator = stage.operator();
    let said = [
        operator.get("/nothing").await,
        operator.call(Method::PUT, "/health").await,
        operator.get("/activity?limit=-1").await,
        operator.post("/faults", json!({"effect": "explode"})).await,
        operator.post("/faults", json!({"effect": {"answer": {"status": 100}}})).await,
    ];
    let mut table = String::new();
    for said in said {
        assert_eq!(said.header("content-type"), "application/problem+json");
        let problem = said.json();
        assert_eq!(problem["status"], said.status);
        table += &format!("{} {}\n", said.status, text(&problem["code"]));
    }
    insta::assert_snapshot!(table, @r"
    404 not_found
    405 method_not_allowed
    400 bad_query
    400 bad_fault
    400 bad_fault
    ");
}
