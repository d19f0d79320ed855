//! What is taken back: drafts that nobody wants any more, and requests put off to a later day.

use connect_world::command::{ProductCommand, RequestCommand};
use serde_json::{Value, json};

use super::scene::Scene;

async fn switch(scene: &Scene, capabilities: Value) {
    let id = scene.stage.emulator.product();
    let body = json!({ "capabilities": capabilities });
    scene.stage.apply(ProductCommand::Update { id, body }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_deleted_with_its_subscription() {
    let scene = Scene::set().await;
    switch(&scene, json!({"cart": {"validation": true}})).await;
    let body = json!({"type": "purchase", "status": "draft", "asset": {
        "product": {"id": scene.stage.emulator.product()}, "connection": {"type": "preview"},
        "items": [{"mpn": "MPN-A", "quantity": 10}],
    }});
    let draft = scene.stage.apply(RequestCommand::Create { body }).await.unwrap();
    let (id, asset) = (draft["id"].as_str().unwrap(), draft["asset"]["id"].as_str().unwrap());

    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.click("Subscriptions").await.unwrap();
    browser.click("Fulfillment").await.unwrap();
    browser.click(id).await.unwrap();
    browser.wait_for("#status", "Draft").await.unwrap();
    browser.click("Delete Draft").await.unwrap();
    browser.wait_until_says("with its subscription").await.unwrap();
    browser.click("Delete Draft").await.unwrap();
    browser.wait_until_says("No requests yet").await.unwrap();
    browser.open(&format!("/subscriptions/{asset}")).await.unwrap();
    browser.wait_until_says("There is nothing here").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspension_put_off_to_a_later_day_is_taken_back_by_who_asked_for_it() {
    let scene = Scene::set().await;
    switch(&scene, json!({"subscription": {"suspend": {"scheduling": true}}})).await;
    let subscription = scene.sold().await;
    let browser = &scene.browser;
    browser.open(&format!("/subscriptions/{subscription}")).await.unwrap();
    browser.act_as("Distributor").await.unwrap();
    browser.click("Actions").await.unwrap();
    browser.click("Suspend").await.unwrap();
    browser.click("Create Suspend Request").await.unwrap();
    browser.wait_for("#request-status", "Pending").await.unwrap();
    let id = browser.text("main a[href^='/requests/PR-']").await.unwrap();
    browser.click(&id).await.unwrap();

    browser.act_as("Vendor").await.unwrap();
    browser.click("Schedule").await.unwrap();
    browser.fill("Day and time (UTC)", "01012090\t0800AM").await.unwrap();
    browser.click("Schedule").await.unwrap();
    browser.wait_for("#status", "Scheduled").await.unwrap();
    browser.wait_until_says("2090").await.unwrap();
    assert!(!browser.offers("Revoke").await.unwrap());

    browser.act_as("Distributor").await.unwrap();
    browser.click("Revoke").await.unwrap();
    browser.fill("Reason", "They have paid.").await.unwrap();
    browser.click("Revoke").await.unwrap();
    browser.wait_for("#status", "Revoking").await.unwrap();
    assert!(!browser.offers("Confirm Revocation").await.unwrap());

    browser.act_as("Vendor").await.unwrap();
    browser.wait_until_says("They have paid.").await.unwrap();
    browser.click("Confirm Revocation").await.unwrap();
    browser.click("Confirm Revocation").await.unwrap();
    browser.wait_for("#status", "Revoked").await.unwrap();
    browser.click(&subscription).await.unwrap();
    browser.wait_for("#status", "Active").await.unwrap();
}
