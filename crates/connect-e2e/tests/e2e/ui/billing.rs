//! Bills recorded by hand, by both sides.

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_bill_a_subscription_by_hand() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let tab = format!("/subscriptions/{}/billing", scene.sold().await);
    browser.open(&tab).await.unwrap();
    browser.wait_for("#billing-period", "Monthly").await.unwrap();
    browser.wait_until_says("Nothing was billed for this subscription yet.").await.unwrap();

    browser.open_tab(&tab).await.unwrap();
    browser.click("Create Billing Request").await.unwrap();
    browser.fill("Attributes, as JSON", "invoice N-17").await.unwrap();
    browser.click("Create").await.unwrap();
    browser.wait_until_says("Write them as JSON").await.unwrap();
    browser.fill("Attributes, as JSON", "{\"invoice\": \"N-17\"}").await.unwrap();
    browser.click("Create").await.unwrap();
    browser.wait_for("main table", "Protected device").await.unwrap();
    browser.wait_until_says("N-17").await.unwrap();
    browser.turn_to_tab(0).await.unwrap();
    browser.wait_for("main table", "Vendor").await.unwrap();

    browser.act_as("Distributor").await.unwrap();
    browser.click("Create Billing Request").await.unwrap();
    browser.click("Create").await.unwrap();
    browser.wait_for("main table", "Protected device").await.unwrap();
    browser.open("/subscriptions/billing").await.unwrap();
    browser.wait_for("main table", "Provider").await.unwrap();
    browser.act_as("Vendor").await.unwrap();
    browser.wait_for("main table", "Vendor").await.unwrap();
    let list = browser.text("main table").await.unwrap();
    assert!(!list.contains("Provider"), "{list}");
}
