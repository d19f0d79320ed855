//! Pages that listen for changes, one after the other.

use super::scene::Scene;

/// A browser opens six connections to a server; a page that was left must not hold one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_were_left_do_not_hold_the_next_one_back() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    for _ in 0..5 {
        browser.open("/").await.unwrap();
        browser.click("Subscriptions").await.unwrap();
        browser.wait_until_says("No subscriptions yet").await.unwrap();
    }
}

/// Only the tab that is seen listens; the others look again when they are turned to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_tabs_than_a_browser_has_connections() {
    const TABS: usize = 9;
    let scene = Scene::set().await;
    let browser = &scene.browser;
    browser.open("/subscriptions").await.unwrap();
    for _ in 1..TABS {
        browser.open_tab("/subscriptions").await.unwrap();
        browser.wait_until_says("No subscriptions yet").await.unwrap();
    }
    let subscription = scene.stage.active("t-1").await.unwrap();
    let asset = subscription.asset.as_str();
    browser.wait_until_says(asset).await.unwrap();
    for tab in 0..TABS {
        browser.turn_to_tab(tab).await.unwrap();
        browser.wait_until_says(asset).await.unwrap();
    }
}
