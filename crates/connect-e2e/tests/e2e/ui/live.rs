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
