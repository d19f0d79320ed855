//! What somebody has typed is not lost, and not taken for what it is not.

use connect_e2e::{Browser, Stage};
use connect_emulator::{Config, Running};
use connect_model::RequestId;
use connect_model::asset_request::NewRequest;
use connect_world::command::ProductCommand;
use serde_json::json;
use tempfile::TempDir;

use super::scene::Scene;

/// A scene whose emulator keeps its world.
async fn kept_scene(folder: &TempDir) -> Scene {
    let config = Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let stage = Stage::with(config).await.unwrap();
    let browser = Browser::at(&stage.emulator.url()).await.unwrap();
    Scene { browser, stage }
}

/// Starts the emulator again, where it was, with what it has kept.
async fn restart(scene: Scene, folder: &TempDir) -> (Browser, Running) {
    let Scene { browser, stage } = scene;
    let (listen, emulator) = (stage.emulator.address(), stage.emulator);
    emulator.stop().await;
    let data = Some(folder.path().to_owned());
    let again = Config { listen, data, ..Config::default() };
    (browser, connect_emulator::start(again).await.unwrap())
}

async fn purchase(scene: &Scene) -> RequestId {
    let order = NewRequest::preview_purchase(&scene.stage.emulator.product()).item("MPN-A", 10);
    scene.stage.request(&order).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_typed_before_a_restart_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let scene = kept_scene(&folder).await;
    let id = purchase(&scene).await;
    scene.browser.open(&format!("/requests/{id}/fail")).await.unwrap();
    scene.browser.fill("Reason", "This region is not served.").await.unwrap();

    let (browser, _emulator) = restart(scene, &folder).await;
    browser.click("Reject").await.unwrap();
    browser.wait_for("h1", "Send it again?").await.unwrap();
    browser.wait_until_says("This region is not served.").await.unwrap();
    browser.wait_for("nav.modules", "Subscriptions").await.unwrap();
    browser.click("Send again").await.unwrap();
    browser.wait_for("#status", "Failed").await.unwrap();
    browser.wait_for(".head", "This region is not served.").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_sent_again_after_the_role_was_switched_in_another_tab() {
    let scene = Scene::set().await;
    let id = purchase(&scene).await;
    let browser = &scene.browser;
    browser.open(&format!("/requests/{id}")).await.unwrap();
    browser.fill("Message", "Who pays for this?").await.unwrap();
    browser.open_tab("/").await.unwrap();
    browser.act_as("Distributor").await.unwrap();
    browser.turn_to_tab(0).await.unwrap();
    browser.click("Send").await.unwrap();
    browser.wait_until_says("shown to the vendor, and you act as the distributor").await.unwrap();
    browser.wait_until_says("Who pays for this?").await.unwrap();
    browser.act_as("Vendor").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_turned_after_the_role_was_switched_says_why_it_did_nothing() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let settings = format!("/products/{}/settings", scene.stage.emulator.product());
    browser.open(&settings).await.unwrap();
    browser.open_tab("/").await.unwrap();
    browser.act_as("Distributor").await.unwrap();
    browser.turn_to_tab(0).await.unwrap();
    browser.click("Administrative Hold").await.unwrap();
    browser.wait_for("h1", "Send it again?").await.unwrap();
    browser.wait_until_says("subscription.hold").await.unwrap();
    browser.open_tab("/").await.unwrap();
    browser.act_as("Vendor").await.unwrap();
    browser.turn_to_tab(0).await.unwrap();
    browser.click("Send again").await.unwrap();
    browser.click("Send again").await.unwrap();
    browser.wait_for("[aria-checked=false]", "Administrative Hold").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_that_is_none_is_not_taken() {
    let scene = Scene::set().await;
    let id = purchase(&scene).await;
    let browser = &scene.browser;
    browser.open(&format!("/requests/{id}/update")).await.unwrap();
    browser.fill("Administrator e-mail", "foo").await.unwrap();
    browser.click("Save").await.unwrap();
    let invalid = "return document.querySelector('input[type=email]').matches(':invalid')";
    assert_eq!(browser.evaluate(invalid).await.unwrap(), true);
    browser
        .evaluate("document.querySelector('#fields').closest('form').noValidate = true")
        .await
        .unwrap();
    browser.click("Save").await.unwrap();
    browser.wait_for("[role=alert]", "admin_email").await.unwrap();
    browser.fill("Administrator e-mail", "ada@example.com").await.unwrap();
    browser.click("Save").await.unwrap();
    browser.wait_until_says("ada@example.com").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_scheduled_for_a_day_that_is_over() {
    let scene = Scene::set().await;
    let id = purchase(&scene).await;
    let on = json!({"capabilities": {"subscription": {"purchase": {"scheduling": true}}}});
    let product = scene.stage.emulator.product();
    scene.stage.apply(ProductCommand::Update { id: product, body: on }).await.unwrap();
    let browser = &scene.browser;
    browser.open(&format!("/requests/{id}/schedule")).await.unwrap();
    let past = "
        const day = document.querySelector('[name=planned_date]');
        day.value = '2020-01-01T00:00';
        const refused = !day.checkValidity();
        day.form.noValidate = true;
        return refused";
    assert_eq!(browser.evaluate(past).await.unwrap(), true, "the field takes the past");
    browser.click("Schedule").await.unwrap();
    browser.wait_for("[role=alert]", "The date must be in the future").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_buttons_of_a_wizard_stay_in_place() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    // Returns from how far right the last button ends, whether Back comes first for eye and key, and
    // what Enter does.
    let look = "
        const card = document.querySelector('.dialog').getBoundingClientRect();
        const buttons = [...document.querySelectorAll('.buttons > *')];
        const lefts = buttons.map((button) => button.getBoundingClientRect().left);
        const last = buttons.at(-1).getBoundingClientRect();
        const usual = document.querySelector('.dialog form [name=step], .dialog form button');
        return [Math.round(card.right - last.right), lefts.every((left, at) => !at || left > lefts[at - 1]),
          buttons.map((button) => button.textContent).join(' ')]";
    let mut seen = Vec::new();
    browser.open("/subscriptions/new").await.unwrap();
    seen.push(browser.evaluate(look).await.unwrap());
    browser.click("Next").await.unwrap();
    browser.click("New customer").await.unwrap();
    browser.click("Randomize").await.unwrap();
    seen.push(browser.evaluate(look).await.unwrap());
    assert!(!browser.path().await.unwrap().contains("email"), "people stand in no address");
    browser.click("Next").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Items").await.unwrap();
    seen.push(browser.evaluate(look).await.unwrap());
    browser.press_enter_in("Protected device").await.unwrap();
    browser.wait_for("ol.steps [aria-current]", "Review").await.unwrap();
    seen.push(browser.evaluate(look).await.unwrap());
    let place = &seen[0][0];
    assert!(seen.iter().all(|it| it[0] == *place && it[1] == true), "{seen:?}");
    let words: Vec<_> = seen.iter().map(|it| it[2].as_str().unwrap()).collect();
    assert_eq!(words, ["Close Next", "Back Next", "Back Next", "Back Create Subscription"]);
}
