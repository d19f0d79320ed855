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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_that_the_emulator_is_gone_and_takes_it_back() {
    let Scene { browser, stage } = Scene::set().await;
    let listen = stage.emulator.address();
    browser.open("/subscriptions").await.unwrap();
    browser.wait_until_says("No subscriptions yet").await.unwrap();
    stage.emulator.stop().await;
    browser.wait_for("#lost", "Connection lost").await.unwrap();

    let again = connect_emulator::Config { listen, ..connect_emulator::Config::default() };
    let _emulator = connect_emulator::start(again).await.unwrap();
    browser.wait_for("body:has(#lost[hidden])", "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_button_shows_a_tick() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let product = scene.stage.emulator.product();
    browser.open(&format!("/products/{product}")).await.unwrap();
    browser.click(&format!("Copy {product}")).await.unwrap();
    browser.wait_for("button.copy[data-done]", "").await.unwrap();
    let tick = "return document.querySelector('.copy[data-done] use').getAttribute('href')";
    assert_eq!(browser.evaluate(tick).await.unwrap(), "/static/icons.svg#check");
    browser.wait_for("#said", "Copied").await.unwrap();
}
