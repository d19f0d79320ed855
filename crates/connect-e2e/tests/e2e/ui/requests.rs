//! What the vendor does to a request by hand.

use connect_e2e::Browser;
use connect_model::asset_request::NewRequest;
use connect_world::command::TemplateCommand;
use serde_json::json;

use super::scene::Scene;

/// A pending purchase, as the vendor opens it from the list.
async fn open_a_purchase(scene: &Scene) {
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product()).item("MPN-A", 10);
    let id = scene.stage.request(&order).await.unwrap();
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.click("Subscriptions").await.unwrap();
    browser.click("Fulfillment").await.unwrap();
    browser.click(id.as_str()).await.unwrap();
    browser.wait_for("#status", "Pending").await.unwrap();
}

async fn ask_for_another_mailbox(browser: &Browser) {
    browser.click("Inquire").await.unwrap();
    browser.tick("Ask the customer to correct Administrator e-mail").await.unwrap();
    let asked = "What is wrong with Administrator e-mail";
    browser.fill(asked, "Nobody reads this mailbox.").await.unwrap();
    browser.click("Inquire").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_approved_once_it_has_what_approval_needs() {
    let scene = Scene::set().await;
    open_a_purchase(&scene).await;
    let browser = &scene.browser;

    browser.click("Approve").await.unwrap();
    browser.choose("Template", "Default Activation Template").await.unwrap();
    browser.click("Approve").await.unwrap();
    browser.wait_for("[role=alert]", "subscription_id").await.unwrap();
    browser.fill("Subscription", "t-77").await.unwrap();
    browser.click("Approve").await.unwrap();

    browser.wait_for("#status", "Approved").await.unwrap();
    browser.wait_until_says("t-77").await.unwrap();
    assert!(!browser.offers("Reject").await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_request_needs_a_reason_and_shows_it() {
    let scene = Scene::set().await;
    open_a_purchase(&scene).await;
    let browser = &scene.browser;

    browser.click("Reject").await.unwrap();
    browser.click("Reject").await.unwrap();
    assert!(!browser.has("[role=alert]").await.unwrap(), "the form was sent without a reason");
    browser.fill("Reason", "This region is not served.").await.unwrap();
    browser.click("Reject").await.unwrap();

    browser.wait_for("#status", "Failed").await.unwrap();
    browser.wait_for(".head", "This region is not served.").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_inquired_and_comes_back() {
    let scene = Scene::set().await;
    open_a_purchase(&scene).await;
    let browser = &scene.browser;

    ask_for_another_mailbox(browser).await;
    browser.wait_for("#status", "Inquiring").await.unwrap();
    browser.wait_until_says("Nobody reads this mailbox.").await.unwrap();

    browser.click("Set to Pending").await.unwrap();
    browser.click("Set to Pending").await.unwrap();
    browser.wait_for("#status", "Pending").await.unwrap();
}

/// What somebody else says appears where it is read; what somebody writes stays where it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_message_survives_what_happens_meanwhile() {
    let scene = Scene::set().await;
    open_a_purchase(&scene).await;
    let browser = &scene.browser;
    browser.fill("Message", "Have you tried").await.unwrap();

    let processor = scene.processor();
    browser.wait_for("#status", "Approved").await.unwrap();

    let draft = "return document.querySelector('textarea[name=text]').value";
    assert_eq!(browser.evaluate(draft).await.unwrap(), "Have you tried");
    browser.click("Send").await.unwrap();
    browser.wait_for(".notes", "Have you tried").await.unwrap();
    processor.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_customer_corrects_what_was_asked_for() {
    let scene = Scene::set().await;
    open_a_purchase(&scene).await;
    let browser = &scene.browser;
    ask_for_another_mailbox(browser).await;

    browser.click("Customer’s form").await.unwrap();
    browser.wait_until_says("Nobody reads this mailbox.").await.unwrap();
    browser.fill("Administrator e-mail", "grace@example.com").await.unwrap();
    browser.click("Send").await.unwrap();

    browser.wait_for("#status", "Pending").await.unwrap();
    browser.wait_until_says("grace@example.com").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_preview_of_an_approval_shows_what_is_typed() {
    let scene = Scene::set().await;
    let product = scene.stage.emulator.product();
    let body = json!({
        "name": "Tenant", "title": "Tenant", "scope": "asset", "type": "fulfillment",
        "body": "Your tenant is {{ subscription_id }}",
    });
    let template = TemplateCommand::Create { product: product.clone(), body };
    scene.stage.apply(template).await.unwrap();
    open_a_purchase(&scene).await;
    let browser = &scene.browser;
    browser.click("Approve").await.unwrap();
    browser.fill("Subscription", "t-77").await.unwrap();
    browser.choose("Template", "Tenant").await.unwrap();
    browser.click("Preview").await.unwrap();
    browser.wait_until_says("Your tenant is t-77").await.unwrap();
    browser.click("Close").await.unwrap();
    browser.wait_for("#status", "Pending").await.unwrap();

    browser.open(&format!("/products/{product}/templates")).await.unwrap();
    browser.click("Default Activation Template").await.unwrap();
    browser.wait_for(".preview", "AS-").await.unwrap();
}
