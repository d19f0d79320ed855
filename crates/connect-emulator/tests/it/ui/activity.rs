//! Activity.

use connect_emulator::{Canned, Fault, FaultEffect};
use connect_world::command::ParameterCommand;
use reqwest::StatusCode;
use serde_json::json;

use super::stage::Stage;

#[tokio::test]
async fn every_call_is_listed_and_filters_narrow_the_list() {
    let stage = Stage::start().await;
    assert!(stage.page("/activity").await.contains("Nobody has called the API yet"));
    stage.api().get("/products").await;
    stage.api().send_to("POST", "/requests", &json!({})).await;
    stage.browser.get(format!("{}/hubs", stage.emulator.endpoint())).send().await.unwrap();

    let all = stage.page("/activity?show=all").await;
    let place = |call: &str| all.find(call).unwrap();
    assert!(place("</strong> /hubs") < place("</strong> /products"), "newest first");
    assert!(all.contains("Vendor · processor") && all.contains("Nobody known"));
    let cases = [
        ("method=POST", "2"),
        ("path=PRODUCTS&show=all", "1"),
        ("", "2"),
        ("errors=1&method=GET", "3"),
    ];
    for (query, only) in cases {
        let page = stage.page(&format!("/activity?{query}")).await;
        for seq in ["1", "2", "3"] {
            let link = format!("href=\"/activity/{seq}\"");
            assert_eq!(page.contains(&link), seq == only, "{query}: {seq}");
        }
    }
    assert!(stage.page("/activity?path=nothing").await.contains("No call like this"));
}

#[tokio::test]
async fn older_pages_stay_what_they_are_while_calls_come_in() {
    let stage = Stage::start().await;
    for call in 0..201 {
        stage.api().get(if call % 2 == 0 { "/hubs" } else { "/products" }).await;
    }
    let newest = stage.page("/activity?show=all").await;
    assert!(newest.contains("before=2\"") && !newest.contains("\"/activity/1\""));
    let older = stage.page("/activity?show=all&before=2").await;
    assert!(older.contains("\"/activity/1\"") && older.contains("These are older calls"));
    stage.api().get("/hubs").await;
    let same = stage.page("/activity?show=all&before=2").await;
    assert!(same.contains("\"/activity/1\"") && !same.contains("\"/activity/2\""));
}

#[tokio::test]
async fn a_call_can_be_made_again_and_the_key_stays_secret() {
    let stage = Stage::start().await;
    let canned = FaultEffect::AnswerAfter(Canned::status(StatusCode::BAD_GATEWAY));
    stage.emulator.faults().add(Fault::new(canned).times(1));
    stage.api().send_to("POST", "/requests", &json!({"note": "it's"})).await;
    let page = stage.page("/activity/1").await;
    assert!(page.contains("curl -X POST") && page.contains("$CONNECT_API_KEY"));
    assert!(page.contains("502") && page.contains("The platform itself had answered 400"));
    let key = &stage.emulator.keys().vendor;
    assert!(!page.contains(key.rsplit_once(':').unwrap().1));
    assert_eq!(stage.get("/activity/2").send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn values_of_password_parameters_are_masked() {
    let stage = Stage::start().await;
    let pin = json!({"name": "pin", "type": "password", "phase": "ordering", "scope": "asset"});
    stage.vendor(ParameterCommand::Create { product: stage.emulator.product(), body: pin }).await;
    let order = json!({"type": "purchase", "asset": {
        "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
        "items": [{"id": "MPN-A", "quantity": 1}],
        "params": [{"id": "pin", "value": "s3cr3t-pin"}],
    }});
    stage.api().send_to("POST", "/requests", &order).await;
    let page = stage.page("/activity/1").await;
    assert!(page.contains("MPN-A") && page.contains("••••••••"));
    assert!(!page.contains("s3cr3t-pin"));
}

#[tokio::test]
async fn secrets_are_masked_by_whatever_name_and_in_texts_made_of_them() {
    let stage = Stage::start().await;
    let product = stage.emulator.product();
    let pin = json!({"name": "pin", "type": "password", "phase": "ordering", "scope": "asset"});
    let pin = stage.vendor(ParameterCommand::Create { product: product.clone(), body: pin }).await;
    let order = json!({"type": "purchase", "asset": {
        "product": {"id": product}, "connection": {"type": "preview"},
        "items": [{"id": "MPN-A", "quantity": 1}],
        "params": [{"id": pin["id"], "value": "s3cr3t-pin"}],
    }});
    let request = stage.api().send_to("POST", "/requests", &order).await;
    let path = format!("/requests/{}", request["id"].as_str().unwrap());
    let given = json!({"asset": {"params": [{"id": "subscription_id", "value": "t-1"}]}});
    stage.api().put(&path, &given).await;
    let approve = json!({"activation_tile": "Your PIN is {{ pin }}, or s3cr3t-pin"});
    stage.api().send_to("POST", &format!("{path}/approve"), &approve).await;
    let id = pin["id"].as_str().unwrap();
    stage
        .api()
        .send_to("DELETE", &format!("/products/{product}/parameters/{id}"), &json!(null))
        .await;
    stage.api().get(&path).await;
    for call in 1..=5 {
        let page = stage.page(&format!("/activity/{call}")).await;
        assert!(!page.contains("s3cr3t-pin"), "call {call}: {page}");
    }
    let first = stage.page("/activity/1").await;
    assert!(first.contains("There is no command for this call: its body holds a secret"));
    let asset = request["asset"]["id"].as_str().unwrap();
    let panel = stage.page(&format!("/subscriptions/{asset}")).await;
    assert!(panel.contains("Your PIN is") && !panel.contains("s3cr3t-pin"), "{panel}");
}

#[tokio::test]
async fn calls_that_are_forgotten_are_not_called_missing() {
    let stage = Stage::start().await;
    stage.api().get("/products").await;
    assert!(stage.page("/activity?before=1").await.contains("These calls are no longer kept"));
}

#[tokio::test]
async fn equal_reads_are_one_row_and_changes_are_what_is_shown_first() {
    let stage = Stage::start().await;
    for _ in 0..143 {
        stage.api().get("/requests?in(status,(pending))").await;
    }
    let page = stage.page("/activity").await;
    assert!(
        page.contains("Nobody has changed anything yet") && page.contains("143 calls only asked")
    );
    let all = stage.page("/activity?show=all").await;
    assert!(all.contains("× 143") && all.contains("1–143 of 143"));
    stage.api().send_to("POST", "/requests", &json!({})).await;
    stage.api().get("/requests?in(status,(pending))").await;
    let news = stage.page("/activity/news?show=all&after=143").await;
    assert_eq!(news.matches("<tr id=").count(), 2, "{news}");
    assert!(news.contains("id=\"calls-144\"") && news.contains("id=\"calls-145\""));
}

#[tokio::test]
async fn a_processor_is_said_to_be_there_when_it_has_asked() {
    let stage = Stage::start().await;
    assert!(stage.page("/").await.contains("No processor has asked in the last 30 seconds"));
    stage.api().get("/requests?in(status,(pending))").await;
    assert!(stage.page("/").await.contains("processor finds it within moments"));
}
