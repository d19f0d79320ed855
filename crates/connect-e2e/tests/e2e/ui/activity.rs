//! The log of calls while a processor runs.

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_again_is_one_row_and_what_changes_is_what_is_seen() {
    let scene = Scene::set().await;
    scene.stage.pending_resume("t-1").await.unwrap();
    let browser = &scene.browser;
    browser.open("/activity").await.unwrap();
    let processor = scene.processor();
    browser.wait_for("#calls", "/approve").await.unwrap();
    let reads = "return [...document.querySelectorAll('#calls strong')]
        .filter((method) => method.textContent === 'GET').length";
    assert_eq!(browser.evaluate(reads).await.unwrap(), 0);
    processor.stop().await;

    let emulator = &scene.stage.emulator;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..3 {
        let asked = http.get(format!("{}/hubs", emulator.endpoint()));
        asked.header("Authorization", &emulator.keys().vendor).send().await.unwrap();
    }
    browser.choose("Show", "All calls").await.unwrap();
    browser.click("Filter").await.unwrap();
    browser.wait_for("#calls tr:first-of-type .times", "×").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stands_still_while_somebody_reads_further_down() {
    let scene = Scene::set().await;
    let emulator = &scene.stage.emulator;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = async |path: &str| {
        let call = http.post(format!("{}/{path}", emulator.endpoint())).body("{}");
        let call = call.header("Authorization", &emulator.keys().vendor);
        call.header("Content-Type", "application/json").send().await.unwrap();
    };
    for _ in 0..40 {
        call("requests").await;
    }
    let browser = &scene.browser;
    browser.open("/activity").await.unwrap();
    browser.evaluate("window.scrollTo(0, 600)").await.unwrap();
    let place = "return document.querySelector('#calls tr').id";
    let top = browser.evaluate(place).await.unwrap();
    for _ in 0..12 {
        call("products").await;
    }
    browser.wait_for("#fresh-calls", "12 new calls ↑").await.unwrap();
    assert_eq!(browser.evaluate(place).await.unwrap(), top, "nothing moves");
    browser.click("12 new calls ↑").await.unwrap();
    browser.wait_for("#calls tr", "/products").await.unwrap();
    call("hubs").await;
    browser.wait_for("#calls tr", "/hubs").await.unwrap();
}
