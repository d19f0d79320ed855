//! A customer who moves, and the vendor who hears of it.

use connect_e2e::sales::sold;
use connect_world::command::ProductCommand;
use serde_json::json;

use super::scene::Scene;

const CUSTOMER: &str = "Kestrel & Daughters";

/// A stage whose product hears of changed accounts, with a customer.
async fn scene() -> Scene {
    let scene = Scene::set().await;
    let body = json!({"capabilities": {"tiers": {"updates": true}}});
    let id = scene.stage.emulator.product();
    scene.stage.apply(ProductCommand::Update { id, body }).await.unwrap();
    sold(&scene.stage, CUSTOMER, ["Quay Resale", "Northern Wholesale"]).await.unwrap();
    scene
}

/// Gives the customer another address for mail; leads to the request that comes of it.
async fn moves(scene: &Scene) {
    scene.browser.open("/").await.unwrap();
    edit(scene).await;
}

async fn edit(scene: &Scene) {
    let browser = &scene.browser;
    browser.click("Customers").await.unwrap();
    browser.click(CUSTOMER).await.unwrap();
    browser.click("Edit").await.unwrap();
    browser.fill("E-mail", "new@customer.example").await.unwrap();
    browser.click("Save").await.unwrap();
    browser.wait_for("main td", "TAR-").await.unwrap();
    let id = browser.text("main td").await.unwrap();
    browser.click(id.trim()).await.unwrap();
    browser.wait_until_says("new@customer.example").await.unwrap();
    browser.wait_until_says("robin@customer.example").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_address_is_accepted_by_the_vendor() {
    let scene = scene().await;
    moves(&scene).await;
    let browser = &scene.browser;
    browser.click("Accept").await.unwrap();
    browser.click("Accept").await.unwrap();
    browser.wait_for("#status", "Accepted").await.unwrap();
    assert!(!browser.offers("Ignore").await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_address_is_ignored_and_the_customer_keeps_it() {
    let scene = scene().await;
    moves(&scene).await;
    let browser = &scene.browser;
    browser.click("Ignore").await.unwrap();
    browser.fill("Reason", "We write to nobody.").await.unwrap();
    browser.click("Ignore").await.unwrap();
    browser.wait_for("#status", "Ignored").await.unwrap();
    browser.wait_for(".head .alert", "We write to nobody.").await.unwrap();
    browser.click(CUSTOMER).await.unwrap();
    browser.wait_until_says("new@customer.example").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_customer_of_a_distributor_is_edited_by_it_and_accepted_by_the_vendor() {
    let scene = Scene::set().await;
    let body = json!({"capabilities": {"tiers": {"updates": true}}});
    let id = scene.stage.emulator.product();
    scene.stage.apply(ProductCommand::Update { id, body }).await.unwrap();
    scene.sold().await;
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.click("Customers").await.unwrap();
    browser.click(CUSTOMER).await.unwrap();
    browser.wait_until_says("robin@customer.example").await.unwrap();
    assert!(!browser.offers("Edit").await.unwrap());

    browser.act_as("Distributor").await.unwrap();
    edit(&scene).await;
    assert!(!browser.offers("Accept").await.unwrap());
    browser.act_as("Vendor").await.unwrap();
    browser.click("Accept").await.unwrap();
    browser.click("Accept").await.unwrap();
    browser.wait_for("#status", "Accepted").await.unwrap();
}
