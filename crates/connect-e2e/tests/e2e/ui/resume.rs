//! Subscriptions → Directory → a suspended preview subscription → Actions → Resume.

use super::scene::Scene;

/// Clicks through the wizard to its summary.
async fn ask_for_resume(scene: &Scene) -> String {
    let subscription = scene.stage.suspended("t-1").await.unwrap();
    let browser = &scene.browser;
    scene.find(&subscription).await;
    browser.wait_for("#status", "Suspended").await.unwrap();
    browser.wait_for("h1 .tag", "Preview").await.unwrap();
    browser.click("Actions").await.unwrap();
    browser.click("Resume").await.unwrap();
    browser.wait_for("h1", "Resume Subscription").await.unwrap();
    browser.click("Create Resume Request").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Summary").await.unwrap();
    subscription.asset.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_turns_active_under_the_readers_eyes() {
    let scene = Scene::set().await;
    let asset = ask_for_resume(&scene).await;
    let browser = &scene.browser;
    browser.wait_for("#request-status", "Pending").await.unwrap();
    browser.wait_for("#asset-status", "Suspended").await.unwrap();
    browser.evaluate("window.stayed = true").await.unwrap();

    let processor = scene.processor();
    browser.wait_for("#request-status", "Approved").await.unwrap();
    browser.wait_for("#asset-status", "Active").await.unwrap();

    let stayed = browser.evaluate("return window.stayed === true").await.unwrap();
    assert_eq!(stayed, true, "the page was loaded again");
    browser.click("Go to Details").await.unwrap();
    browser.wait_for("#status", "Active").await.unwrap();
    assert_eq!(browser.path().await.unwrap(), format!("/subscriptions/{asset}"));
    // What script adds: the page is not the one that works without.
    browser.wait_for("button.copy", "").await.unwrap();
    assert!(processor.stop().await.is_complete());
    assert_eq!(scene.stage.vendor.log().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_resume_says_why_and_the_subscription_stays_suspended() {
    let scene = Scene::set().await;
    scene.refuse("Two invoices are unpaid.");
    ask_for_resume(&scene).await;
    let browser = &scene.browser;

    let processor = scene.processor();
    browser.wait_for("#request-status", "Failed").await.unwrap();
    browser.wait_for(".alert", "Two invoices are unpaid.").await.unwrap();
    browser.wait_for("#asset-status", "Suspended").await.unwrap();

    browser.click("Go to Details").await.unwrap();
    browser.wait_for("#status", "Suspended").await.unwrap();
    browser.wait_for(".head .alert", "Resume was refused").await.unwrap();
    browser.wait_for(".head .alert", "Two invoices are unpaid. PR-").await.unwrap();
    browser.click("Fulfillment").await.unwrap();
    browser.wait_until_says("Two invoices are unpaid.").await.unwrap();
    processor.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_without_script() {
    let scene = Scene::without_script().await;
    let asset = ask_for_resume(&scene).await;
    let browser = &scene.browser;

    let processor = scene.processor();
    browser.reload_until("#request-status", "Approved").await.unwrap();
    browser.wait_for("#asset-status", "Active").await.unwrap();
    browser.click("Go to Details").await.unwrap();
    browser.wait_for("#status", "Active").await.unwrap();
    assert!(!browser.has("button.copy").await.unwrap(), "script has run");
    assert_eq!(browser.path().await.unwrap(), format!("/subscriptions/{asset}"));
    processor.stop().await;
}
