//! The capability switches of a product.

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_switch_of_administrative_hold_takes_resume_away_and_gives_it_back() {
    let scene = Scene::set().await;
    let subscription = scene.stage.suspended("t-1").await.unwrap();
    let settings = format!("/products/{}/settings", scene.stage.emulator.product());
    let browser = &scene.browser;
    browser.open(&settings).await.unwrap();
    browser.click("Administrative Hold").await.unwrap();
    browser.wait_for("[aria-checked=false]", "Administrative Hold").await.unwrap();

    scene.find(&subscription).await;
    browser.click("Actions").await.unwrap();
    browser.wait_for("#actions", "Administrative Hold is off").await.unwrap();
    assert!(!browser.offers("Resume").await.unwrap());
    browser.click("Settings").await.unwrap();
    browser.click("Administrative Hold").await.unwrap();
    browser.wait_for("[aria-checked=true]", "Administrative Hold").await.unwrap();

    scene.find(&subscription).await;
    browser.click("Actions").await.unwrap();
    assert!(browser.offers("Resume").await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_distributor_sees_the_switches_and_cannot_turn_them() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let settings = format!("/products/{}/settings", scene.stage.emulator.product());
    browser.open(&settings).await.unwrap();
    browser.act_as("Distributor").await.unwrap();
    browser
        .wait_until_says("Only the vendor of the product can turn these switches")
        .await
        .unwrap();
    browser.wait_until_says("Administrative Hold: On").await.unwrap();
    assert!(!browser.offers("Administrative Hold").await.unwrap());
}
