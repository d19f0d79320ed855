//! Webhooks: the list, the dialogs, and how calls went.

use connect_world::command::WebhookCommand;
use reqwest::StatusCode;
use serde_json::json;

use super::stage::{DISTRIBUTOR, Stage};

const SECRET: &str = "s3cr3t-key";

fn fields(product: &str) -> Vec<(&'static str, String)> {
    vec![
        ("label", "orders".to_owned()),
        ("type", "event".to_owned()),
        ("object_class", "fulfillment_request".to_owned()),
        ("product", product.to_owned()),
        ("external_url", "http://127.0.0.1:9/hook".to_owned()),
        ("jwt_secret", SECRET.to_owned()),
        ("description", String::new()),
        ("headers", "X-Team: cedar\r\nX-Day: monday".to_owned()),
        ("data", "{\"a\": 1}".to_owned()),
        ("active", "true".to_owned()),
    ]
}

async fn send(stage: &Stage, path: &str, fields: &[(&str, String)]) -> reqwest::Response {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, it)| (*name, it.as_str())).collect();
    stage.send(path, &pairs).await
}

async fn made(stage: &Stage) -> String {
    let answer = send(stage, "/webhooks/new", &fields(stage.emulator.product().as_str())).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_webhook_is_created_changed_and_deleted_at_the_pages() {
    let stage = Stage::start().await;
    assert!(stage.page("/webhooks").await.contains("There is no webhook yet"));
    let page = made(&stage).await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    assert!(stage.page("/webhooks").await.contains(&id));
    assert!(stage.page(&page).await.contains("It was not called yet."));
    let settings = stage.page(&format!("{page}/settings")).await;
    assert!(settings.contains("X-Day"), "{settings}");

    let mut changed = fields(stage.emulator.product().as_str());
    changed.retain(|(name, _)| *name != "active");
    changed.iter_mut().filter(|(name, _)| *name == "jwt_secret").for_each(|it| it.1.clear());
    let saved = send(&stage, &format!("{page}/edit"), &changed).await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    let kept = stage.api().get(&format!("/notifications{page}")).await;
    assert_eq!((&kept["active"], &kept["jwt_secret"]), (&json!(false), &json!(SECRET)));
    assert_eq!(kept["headers"], json!({"X-Team": "cedar", "X-Day": "monday"}));

    let refused = stage.send(&format!("{page}/trigger"), &[]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("The webhook is not active."));
    let deleted = stage.send(&format!("{page}/delete"), &[]).await;
    assert_eq!(deleted.headers()["location"], "/webhooks");
    assert_eq!(stage.get(&page).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_what_was_typed_but_not_the_secret() {
    let stage = Stage::start().await;
    for (field, value, why) in [
        ("external_url", "ftp://cedar.example", "external_url: Enter a valid URL."),
        ("headers", "no colon", "headers: Write one a line"),
        ("headers", "Host: x", "is set by the platform."),
        ("data", "{", "data: Write it as JSON."),
    ] {
        let mut fields = fields(stage.emulator.product().as_str());
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|it| it.1 = value.into());
        let answer = send(&stage, "/webhooks/new", &fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.unwrap();
        assert!(page.contains(why) && page.contains(value), "{why}: {page}");
        assert!(!page.contains(SECRET));
    }
}

#[tokio::test]
async fn a_call_that_went_wrong_is_in_the_log_and_the_secret_on_no_page() {
    let stage = Stage::start().await;
    let page = made(&stage).await;
    stage.api().get(&format!("/notifications{page}")).await;
    let triggered = stage.send(&format!("{page}/trigger"), &[]).await;
    assert_eq!(triggered.headers()["location"], page.as_str());
    let log = loop {
        let log = stage.page(&page).await;
        if !log.contains("It was not called yet.") {
            break log;
        }
        tokio::task::yield_now().await;
    };
    assert!(log.contains("Failure") && log.contains("error sending request"), "{log}");
    let tabs = ["", "/settings", "/edit", "/trigger", "/delete"].map(|tab| format!("{page}{tab}"));
    for path in tabs.iter().map(String::as_str).chain(["/webhooks", "/activity/1"]) {
        assert!(!stage.page(path).await.contains(SECRET), "{path}");
    }
    assert!(stage.page("/activity/1").await.contains("jwt_secret"));
}

#[tokio::test]
async fn the_distributor_has_none() {
    let stage = Stage::start().await;
    let body = json!({
        "label": "orders", "object_class": "usage_file", "description": null, "active": true,
        "product_id": stage.emulator.product(), "external_url": "http://cedar.example",
        "jwt_secret": SECRET, "http_method": "POST",
    });
    let made = stage.vendor(WebhookCommand::Create { body }).await;
    let see = async |path: &str| {
        let (name, value) = DISTRIBUTOR;
        let answer = stage.get(path).header(name, value).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    assert!(see("/webhooks").await.1.contains("There is no webhook yet"));
    assert!(see("/webhooks/new").await.1.contains("Only vendors have webhooks."));
    let page = format!("/webhooks/{}", made["id"].as_str().unwrap());
    assert_eq!(see(&page).await.0, StatusCode::NOT_FOUND);
}
