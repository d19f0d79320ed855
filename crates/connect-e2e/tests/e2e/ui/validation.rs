//! An order that the vendor looks at before it is placed, and the form of an inquiry.

use connect_model::RequestId;
use connect_model::asset_request::NewRequest;

use super::scene::Scene;
use crate::questions::{Answering, SECRET, validate_at};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wizard_says_what_the_vendor_finds_wrong_beside_the_field() {
    let scene = Scene::set().await;
    let acme = Answering::start(&scene.stage, &[]).await;
    validate_at(&scene.stage, &acme.url, SECRET).await;
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.click("Subscriptions").await.unwrap();
    browser.click("Create Subscription").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.click("New customer").await.unwrap();
    browser.click("Randomize").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Items").await.unwrap();
    browser.fill("Administrator e-mail", "ada@acme.example").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.click("Create Subscription").await.unwrap();

    browser.wait_for("[role=alert]", "acme.example is taken").await.unwrap();
    browser.click("Correct it in Items").await.unwrap();
    browser.wait_for("#fields .alert", "acme.example is taken").await.unwrap();
    browser.fill("Administrator e-mail", "ada@Cedar.example").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.click("Create Subscription").await.unwrap();
    browser.wait_for(".note", "ada@cedar.example in place of ada@Cedar.example").await.unwrap();
    browser.click("Create Subscription").await.unwrap();

    browser.wait_for("#request-status", "Approved").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.click("Parameters").await.unwrap();
    browser.wait_until_says("ada@cedar.example").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_of_an_inquiry_says_it_too() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product()).item("MPN-A", 10);
    let id: RequestId = scene.stage.request(&order).await.unwrap();
    browser.open(&format!("/requests/{id}")).await.unwrap();
    browser.click("Inquire").await.unwrap();
    browser.tick("Ask the customer to correct Administrator e-mail").await.unwrap();
    browser.fill("What is wrong with Administrator e-mail", "Which one?").await.unwrap();
    browser.click("Inquire").await.unwrap();
    browser.wait_for("#status", "Inquiring").await.unwrap();
    let acme = Answering::start(&scene.stage, &[]).await;
    validate_at(&scene.stage, &acme.url, SECRET).await;

    browser.click("Customer’s form").await.unwrap();
    browser.fill("Administrator e-mail", "ada@acme.example").await.unwrap();
    browser.click("Send").await.unwrap();
    browser.wait_for("[role=alert]", "something is still wrong").await.unwrap();
    browser.wait_for("#fields .alert", "acme.example is taken").await.unwrap();
    browser.fill("Administrator e-mail", "ada@cedar.example").await.unwrap();
    browser.click("Send").await.unwrap();
    browser.wait_for("#status", "Approved").await.unwrap();
}
