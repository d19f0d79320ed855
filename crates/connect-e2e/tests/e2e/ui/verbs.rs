//! What else the Actions menu offers, and when it does not.

use connect_world::command::ProductCommand;
use serde_json::json;

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_is_suspended_and_cancelled_while_the_page_is_open() {
    let scene = Scene::set().await;
    let subscription = scene.stage.active("t-1").await.unwrap();
    let processor = scene.processor();
    let browser = &scene.browser;
    for (action, status) in [("Suspend", "Suspended"), ("Cancel", "Terminated")] {
        scene.find(&subscription).await;
        browser.click("Actions").await.unwrap();
        browser.click(action).await.unwrap();
        browser.click(&format!("Create {action} Request")).await.unwrap();
        browser.wait_for("#request-status", "Approved").await.unwrap();
        browser.wait_for("#asset-status", status).await.unwrap();
    }
    assert!(processor.stop().await.is_complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_administrative_hold_there_is_no_resume_and_the_page_says_why() {
    let scene = Scene::set().await;
    let subscription = scene.stage.suspended("t-1").await.unwrap();
    let browser = &scene.browser;
    scene.find(&subscription).await;
    browser.click("Actions").await.unwrap();
    assert!(browser.offers("Resume").await.unwrap());

    let product = scene.stage.emulator.product();
    let off = json!({"capabilities": {"subscription": {"hold": false}}});
    scene.stage.apply(ProductCommand::Update { id: product, body: off }).await.unwrap();

    browser.wait_for("#actions", "Administrative Hold is off").await.unwrap();
    assert!(!browser.offers("Resume").await.unwrap());
    assert!(browser.offers("Cancel").await.unwrap());
    browser.open(&format!("/subscriptions/{}/resume", subscription.asset)).await.unwrap();
    browser.wait_for("[role=alert]", "Administrative Hold is off").await.unwrap();
    assert!(!browser.offers("Create Resume Request").await.unwrap());
}

/// The vendor may act on preview subscriptions alone; a request in progress closes the menu.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_actions_say_why() {
    let scene = Scene::set().await;
    let subscription = scene.stage.suspended("t-1").await.unwrap();
    let browser = &scene.browser;
    scene.find(&subscription).await;
    browser.click("Actions").await.unwrap();
    browser.wait_for("#actions", "Only for subscriptions that are active.").await.unwrap();
    assert!(!browser.offers("Suspend").await.unwrap());

    browser.click("Resume").await.unwrap();
    browser.click("Create Resume Request").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.click("Actions").await.unwrap();
    browser.wait_for("#actions", "one request at a time").await.unwrap();
    assert_eq!(browser.text("#actions").await.unwrap().matches("one request").count(), 1);
    assert!(browser.has("#actions a[href^='/requests/PR-']").await.unwrap());
    assert!(!browser.offers("Cancel").await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_the_other_role_does_not_see_offers_the_way_back() {
    let scene = Scene::set().await;
    let subscription = scene.stage.suspended("t-1").await.unwrap();
    let browser = &scene.browser;
    scene.find(&subscription).await;
    browser.act_as("Distributor").await.unwrap();
    browser.wait_until_says("Perhaps the vendor does").await.unwrap();
    browser.click("Act as Vendor").await.unwrap();
    browser.wait_for("#status", "Suspended").await.unwrap();
    browser.open("/nope").await.unwrap();
    browser.wait_for("h1", "There is no such page").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_home_of_a_distributor_promises_no_preview() {
    let scene = Scene::set().await;
    scene.stage.suspended("t-1").await.unwrap();
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.act_as("Distributor").await.unwrap();
    browser.wait_until_says("Nothing was sold yet").await.unwrap();
    assert!(!browser.text("main").await.unwrap().contains("preview subscription"));
}
