//! Tables hold whatever comes, on every desk.

use connect_e2e::sales::account;
use connect_model::asset_request::{NewRequest, NewTier};

use super::scene::Scene;

/// Returns whether every cell of the first row that is shown is beside the others, and none beyond
/// the table's frame.
const STAND_APART: &str = "
    const frame = document.querySelector('.scroll').getBoundingClientRect();
    const row = document.querySelector('tbody tr');
    const cells = [...row.cells].filter((cell) => cell.offsetWidth > 0)
      .map((cell) => cell.getBoundingClientRect());
    return cells.every((cell, place) =>
      cell.right <= frame.right + 1 && (place === 0 || cell.left >= cells[place - 1].right - 1));";

async fn order_for(scene: &Scene, customer: &str) {
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product())
        .item("MPN-A", 1)
        .tier("customer", &NewTier::New(Box::new(account(customer))));
    scene.stage.request(&order).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_unbroken_name_pushes_nothing_out_of_sight() {
    let scene = Scene::set().await;
    order_for(&scene, &"W".repeat(120)).await;
    let browser = &scene.browser;
    for width in [1440, 1280, 1024] {
        browser.set_width(width).await.unwrap();
        for path in ["/subscriptions", "/subscriptions/fulfillment", "/"] {
            browser.open(path).await.unwrap();
            assert_eq!(browser.evaluate(STAND_APART).await.unwrap(), true, "{path} at {width}");
            browser.wait_for("tbody tr td:last-child", "P").await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_status_covers_no_other_column() {
    let scene = Scene::set().await;
    order_for(&scene, "Nordlicht Studio").await;
    let browser = &scene.browser;
    for width in [1280, 1024] {
        browser.set_width(width).await.unwrap();
        browser.open("/subscriptions/fulfillment").await.unwrap();
        browser.wait_for("tbody tr td:last-child", "Pending").await.unwrap();
        assert_eq!(browser.evaluate(STAND_APART).await.unwrap(), true, "at {width}");
    }
}
