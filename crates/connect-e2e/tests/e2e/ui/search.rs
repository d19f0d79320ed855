//! Finding what somebody has in hand.

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_id_at_the_vendor_finds_the_subscription_and_its_requests() {
    let scene = Scene::set().await;
    let subscription = scene.stage.active("t-00005").await.unwrap();
    scene.stage.active("t-77777").await.unwrap();
    let browser = &scene.browser;
    for path in ["/subscriptions", "/subscriptions/fulfillment"] {
        browser.open(path).await.unwrap();
        browser.fill("Search", "t-00005").await.unwrap();
        browser.click("Filter").await.unwrap();
        browser.wait_for("tbody", subscription.asset.as_str()).await.unwrap();
        assert_eq!(browser.count("tbody tr").await.unwrap(), 1, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rql_that_is_wrong_or_ignored_is_said_to_be_so() {
    let scene = Scene::set().await;
    scene.stage.active("t-1").await.unwrap();
    let browser = &scene.browser;
    let cases = [
        ("eq(id", "[role=alert]", "after “eq(id”"),
        ("eq(nosuchfield,1)", ".note", "nosuchfield is not a filter of this list"),
        ("foo", ".note", "Connect ignores “foo”"),
    ];
    for (rql, place, says) in cases {
        browser.open("/subscriptions").await.unwrap();
        browser.fill("RQL", rql).await.unwrap();
        browser.click("Filter").await.unwrap();
        browser.wait_for(place, says).await.unwrap();
    }
}
