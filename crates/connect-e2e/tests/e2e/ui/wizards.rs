//! Ordering and changing, step by step.

use connect_demo_vendor::TenantOperation;
use connect_model::Asset;
use serde_json::json;

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_subscription_is_created_for_a_customer_nobody_knows() {
    let scene = Scene::set().await;
    let processor = scene.processor();
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.click("Subscriptions").await.unwrap();
    browser.click("Create Subscription").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Product").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Customer").await.unwrap();
    browser.click("New customer").await.unwrap();
    browser.click("Randomize").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Items").await.unwrap();
    browser.fill("Protected device", "12").await.unwrap();
    browser.click("Back").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Customer").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Items").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Review").await.unwrap();
    browser.click("Create Subscription").await.unwrap();

    browser.wait_for("ol.steps [aria-current]", "Summary").await.unwrap();
    browser.wait_for("#request-status", "Approved").await.unwrap();
    browser.wait_for("#asset-status", "Active").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.wait_for("h1 .tag", "Preview").await.unwrap();
    browser.click("Items").await.unwrap();
    browser.wait_for("td.number", "12").await.unwrap();
    assert!(processor.stop().await.is_complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_asks_for_what_is_different() {
    let scene = Scene::set().await;
    let subscription = scene.stage.active("t-1").await.unwrap();
    let processor = scene.processor();
    let browser = &scene.browser;
    scene.find(&subscription).await;
    browser.click("Actions").await.unwrap();
    browser.click("Change").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.fill("Protected device", "25").await.unwrap();
    browser.click("Create Change Request").await.unwrap();

    browser.wait_for("#request-status", "Approved").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.click("Items").await.unwrap();
    browser.wait_for("td.number", "25").await.unwrap();
    assert!(processor.stop().await.is_complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_that_expires_is_renewed_and_goes_to_another_customer() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let settings = format!("/products/{}/settings", scene.stage.emulator.product());
    browser.open(&settings).await.unwrap();
    browser.click("Explicit").await.unwrap();
    browser.wait_for("#subscription-schema [aria-pressed=true]", "Explicit").await.unwrap();
    for (switch, id) in
        [("Renewals", "renew-enable_renew"), ("Transfers", "transfer-enable_transfer")]
    {
        browser.click(switch).await.unwrap();
        let is_on = format!("#subscription-{id}[aria-checked=true]");
        browser.wait_for(&is_on, switch).await.unwrap();
    }
    let other = scene.stage.active("t-2").await.unwrap();
    let subscription = scene.stage.active("t-1").await.unwrap();
    let client = scene.stage.client().unwrap();
    let asset: Asset = client.get(other.asset.as_str()).await.unwrap();
    let customer = asset.tiers.customer.unwrap();
    let processor = scene.processor();

    scene.find(&subscription).await;
    browser.wait_until_says("Expires").await.unwrap();
    browser.click("Actions").await.unwrap();
    browser.click("Renew").await.unwrap();
    browser.click("Create Renew Request").await.unwrap();
    browser.wait_for("#request-status", "Approved").await.unwrap();

    scene.find(&subscription).await;
    browser.click("Actions").await.unwrap();
    browser.click("Transfer").await.unwrap();
    browser.choose("Customer", &format!("{} ({})", customer.name, customer.id)).await.unwrap();
    browser.click("Create Transfer Request").await.unwrap();
    browser.wait_for("#request-status", "Approved").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.click("Tiers").await.unwrap();
    browser.wait_until_says(&customer.name).await.unwrap();
    assert!(processor.stop().await.is_complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_of_another_shop_is_taken_over_by_the_order_that_names_it() {
    let scene = Scene::set().await;
    scene.stage.take_migrations().await.unwrap();
    let tenant = json!({"tenantId": "old-7", "limit": 12});
    scene.stage.vendor.seed(vec![serde_json::from_value(tenant).unwrap()]).unwrap();
    let processor = scene.processor();
    let browser = &scene.browser;
    browser.open("/subscriptions/new").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.click("New customer").await.unwrap();
    browser.click("Randomize").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.fill("Protected device", "12").await.unwrap();
    browser.fill("Of Acme's own shop", r#"{"tenant": "old-7"}"#).await.unwrap();
    browser.click("Next").await.unwrap();
    browser.click("Create Subscription").await.unwrap();

    browser.wait_for("#request-status", "Approved").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.wait_for("#status", "Active").await.unwrap();
    browser.click("Parameters").await.unwrap();
    browser.wait_until_says("old-7").await.unwrap();
    let effects = scene.stage.vendor.log();
    let done: Vec<_> = effects.iter().map(|effect| effect.operation).collect();
    assert_eq!(done, [TenantOperation::Adopt]);
    assert!(processor.stop().await.is_complete());
}
