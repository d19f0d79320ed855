//! Who did it, and who is there.

use connect_model::asset_request::NewRequest;
use reqwest::header::USER_AGENT;

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_does_by_hand_bears_the_persons_name() {
    let scene = Scene::set().await;
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product()).item("MPN-A", 10);
    let id = scene.stage.request(&order).await.unwrap();
    let browser = &scene.browser;
    browser.open(&format!("/requests/{id}")).await.unwrap();
    browser.fill("Message", "Have you tried").await.unwrap();
    browser.click("Send").await.unwrap();
    browser.wait_for(".notes", "Ines Aldana").await.unwrap();

    browser.click("Reject").await.unwrap();
    browser.fill("Reason", "other").await.unwrap();
    browser.click("Reject").await.unwrap();
    browser.click("Details").await.unwrap();
    browser.wait_for(".timeline", "by Ines Aldana").await.unwrap();
    // It was ordered by a program, with the vendor's key.
    browser.wait_for(".timeline", "by processor").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn activity_tells_programs_apart() {
    let scene = Scene::set().await;
    let emulator = &scene.stage.emulator;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for program in ["python-requests/2.31.0", "cnct/0.1.0 (linux)"] {
        let call = http.post(format!("{}/requests", emulator.endpoint())).body("{}");
        let call = call.header("Authorization", &emulator.keys().vendor);
        let call = call.header("Content-Type", "application/json");
        call.header(USER_AGENT, program).send().await.unwrap();
    }
    let browser = &scene.browser;
    browser.open("/activity").await.unwrap();
    browser.wait_for(".calls", "python-requests/2.31.0").await.unwrap();
    browser.wait_for(".calls", "cnct/0.1.0").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_processor_that_is_not_there_is_not_promised() {
    let scene = Scene::set().await;
    let subscription = scene.stage.suspended("t-1").await.unwrap();
    let browser = &scene.browser;
    browser.open(&format!("/subscriptions/{}/resume", subscription.asset)).await.unwrap();
    browser.click("Create Resume Request").await.unwrap();
    browser.wait_until_says("No processor has asked in the last 30 seconds").await.unwrap();
    let processor = scene.processor();
    browser.wait_for("#request-status", "Approved").await.unwrap();
    processor.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialog_says_what_became_of_its_request_meanwhile() {
    let scene = Scene::set().await;
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product()).item("MPN-A", 10);
    let id = scene.stage.request(&order).await.unwrap();
    let browser = &scene.browser;
    browser.open(&format!("/requests/{id}/approve")).await.unwrap();
    browser.fill("Subscription", "t-77").await.unwrap();
    browser.open_tab(&format!("/requests/{id}/fail")).await.unwrap();
    browser.fill("Reason", "other").await.unwrap();
    browser.click("Reject").await.unwrap();
    browser.wait_for("#status", "Failed").await.unwrap();

    browser.turn_to_tab(0).await.unwrap();
    browser.wait_for("[role=alert]", "It was rejected by Ines Aldana").await.unwrap();
    browser.wait_for("[role=alert]", "“other”").await.unwrap();
    assert_eq!(browser.count("[role=alert]").await.unwrap(), 1);
    assert!(!browser.offers("Approve").await.unwrap());
}

/// What is typed stays while somebody else changes what the dialog is about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_into_a_dialog_survives_the_news() {
    let scene = Scene::set().await;
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product()).item("MPN-A", 10);
    let id = scene.stage.request(&order).await.unwrap();
    let browser = &scene.browser;
    browser.open(&format!("/requests/{id}/inquire")).await.unwrap();
    browser.fill("What is wrong with", "It bounces").await.unwrap();
    let note = "addEventListener('htmx:afterSettle', () => document.body.dataset.news = '')";
    browser.evaluate(note).await.unwrap();
    browser.open_tab(&format!("/requests/{id}/assign")).await.unwrap();
    browser.click("Assign").await.unwrap();
    browser.wait_for("#assignee", "Ines Aldana").await.unwrap();
    browser.turn_to_tab(0).await.unwrap();
    browser.wait_for("body[data-news]", "").await.unwrap();
    let typed = "return document.querySelector('input[name^=\"error:\"]').value";
    assert_eq!(browser.evaluate(typed).await.unwrap(), "It bounces");
}
