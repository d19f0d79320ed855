//! Webhooks, as Connect's clients manage them.

use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{Stage, text};

pub(super) const WEBHOOKS: &str = "/notifications/webhooks";

/// The body of a webhook for the requests of the demo's product.
pub(super) fn webhook(stage: &Stage) -> Value {
    json!({
        "label": "orders", "object_class": "fulfillment_request", "description": "For Cedar.",
        "product_id": stage.emulator.product(), "external_url": "http://127.0.0.1:9/hook",
        "jwt_secret": "s3cret", "active": true, "http_method": "POST",
        "data": {"team": "cedar"}, "headers": {"X-Team": "cedar"},
    })
}

#[tokio::test]
async fn a_webhook_is_created_read_changed_and_deleted() {
    let stage = Stage::set().await;
    let (vendor, body) = (stage.vendor(), webhook(&stage));
    let made = vendor.post(WEBHOOKS, body.clone()).await.expect(201);
    let path = format!("{WEBHOOKS}/{}", text(&made["id"]));
    assert_eq!(vendor.get(&path).await.expect(200), made);
    assert_eq!(made["product"]["id"], body["product_id"]);
    assert_eq!(made["type"], "event");
    assert_eq!(made["account"]["id"], "VA-731-204");
    assert_eq!(made["api_url"], stage.emulator.endpoint());
    assert_eq!(made["stats"]["events"], 0);

    let mut changed = body;
    changed["label"] = "all orders".into();
    changed["active"] = false.into();
    let put = vendor.put(&path, changed).await.expect(200);
    assert_eq!((&put["label"], &put["active"]), (&json!("all orders"), &json!(false)));
    assert_eq!(vendor.call(Method::DELETE, &path).await.status, 204);
    assert_eq!(vendor.get(&path).await.status, 404);
    assert_eq!(vendor.get(WEBHOOKS).await.json(), json!([]));
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named_all_at_once() {
    let stage = Stage::set().await;
    let told = |said: &super::stage::Said| said.expect(400)["errors"].clone();
    let empty = stage.vendor().post(WEBHOOKS, json!({})).await;
    insta::assert_json_snapshot!(told(&empty), @r#"
    [
      "object_class: This field is required.",
      "label: This field is required.",
      "product_id: This field is required.",
      "external_url: This field is required.",
      "jwt_secret: This field is required.",
      "active: This field is required.",
      "description: This field is required.",
      "http_method: This field is required."
    ]
    "#);
    let wrong = json!({
        "type": "hourly", "object_class": "order", "label": "x".repeat(101), "product_id": [],
        "external_url": "ftp://cedar.example/", "jwt_secret": " ", "active": "yes",
        "description": {}, "http_method": "GET", "data": [1], "headers": "X: y",
    });
    let wrong = stage.vendor().post(WEBHOOKS, wrong).await;
    insta::assert_json_snapshot!(told(&wrong), @r#"
    [
      "type: \"hourly\" is not a valid choice.",
      "object_class: \"order\" is not a valid choice.",
      "label: Ensure this field has no more than 100 characters.",
      "product_id: Not a valid string.",
      "external_url: Enter a valid URL.",
      "jwt_secret: This field may not be blank.",
      "active: Must be a valid boolean.",
      "description: Not a valid string.",
      "data: Invalid data. Expected a dictionary, but got list.",
      "headers: Invalid data. Expected a dictionary, but got str.",
      "http_method: \"GET\" is not a valid choice."
    ]
    "#);
    assert_eq!(stage.vendor().get(WEBHOOKS).await.body, "[]");
}

#[tokio::test]
async fn an_address_that_cannot_be_called_is_refused() {
    let stage = Stage::set().await;
    for url in [
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:port/",
        "http://:80/",
        "https://me@/",
        "https:///hook",
        "cedar.example/hook",
    ] {
        let mut body = webhook(&stage);
        body["external_url"] = json!(url);
        let said = stage.vendor().post(WEBHOOKS, body).await.refusal();
        assert_eq!(said, "400 VAL_001 external_url: Enter a valid URL.", "{url}");
    }
}

#[tokio::test]
async fn headers_that_would_break_a_call_or_replace_its_own_are_refused() {
    let stage = Stage::set().await;
    let many: serde_json::Map<_, _> = (0..51).map(|n| (format!("x-{n}"), json!("y"))).collect();
    for headers in [
        json!({"Authorization": "x"}),
        json!({"authentication": "x"}),
        json!({"CONTENT-LENGTH": "0"}),
        json!({"Host": "cedar.example"}),
        json!({"Transfer-Encoding": "chunked"}),
        json!({"X y": "z"}),
        json!({"X\r\nY": "z"}),
        json!({"": "z"}),
        json!({"X": "y\r\nAuthorization: z"}),
        json!({"X": 7}),
        json!({"X": "ü"}),
        json!({"X": "y", "x": "z"}),
        json!({"X": "y".repeat(4097)}),
        json!({"x".repeat(257): "y"}),
        many.into(),
    ] {
        let mut body = webhook(&stage);
        body["headers"] = headers;
        let said = stage.vendor().post(WEBHOOKS, body.clone()).await;
        assert!(said.refusal().starts_with("400 VAL_001 headers: "), "{body}: {}", said.body);
    }
    let mut body = webhook(&stage);
    body["data"] = json!({"x": "y".repeat(64 * 1024)});
    let said = stage.vendor().post(WEBHOOKS, body).await;
    assert!(said.refusal().starts_with("400 VAL_001 data: "), "{}", said.body);
}

#[tokio::test]
async fn a_webhook_is_its_account_s_alone() {
    let stage = Stage::set().await;
    let (vendor, distributor) = (stage.vendor(), stage.distributor());
    let made = vendor.post(WEBHOOKS, webhook(&stage)).await.expect(201);
    let path = format!("{WEBHOOKS}/{}", text(&made["id"]));
    assert_eq!(distributor.get(WEBHOOKS).await.body, "[]");
    assert_eq!(distributor.get(&path).await.status, 404);
    assert_eq!(distributor.put(&path, webhook(&stage)).await.status, 404);
    assert_eq!(distributor.call(Method::DELETE, &path).await.status, 404);
    assert_eq!(distributor.call(Method::POST, &format!("{path}/trigger")).await.status, 404);
    assert_eq!(distributor.post(WEBHOOKS, webhook(&stage)).await.status, 403);
    let mut foreign = webhook(&stage);
    foreign["product_id"] = "PRD-000-000-000".into();
    let said = vendor.post(WEBHOOKS, foreign).await;
    assert_eq!(said.refusal(), "400 VAL_001 product_id: Product does not exist.");
}

#[tokio::test]
async fn a_trigger_is_answered_without_a_body() {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let (mut validator, mut asleep) = (webhook(&stage), webhook(&stage));
    validator["type"] = "validator".into();
    asleep["active"] = false.into();
    for (wrong, why) in [
        (validator, "400 VAL_001 Only webhooks of type \"event\" can be triggered."),
        (asleep, "400 VAL_001 The webhook is not active."),
    ] {
        let made = vendor.post(WEBHOOKS, wrong).await.expect(201);
        let path = format!("{WEBHOOKS}/{}/trigger", text(&made["id"]));
        assert_eq!(vendor.call(Method::POST, &path).await.refusal(), why);
    }
    let made = vendor.post(WEBHOOKS, webhook(&stage)).await.expect(201);
    let path = format!("{WEBHOOKS}/{}/trigger", text(&made["id"]));
    let said = vendor.call(Method::POST, &path).await;
    assert_eq!((said.status, said.body.as_str()), (200, ""));
}
