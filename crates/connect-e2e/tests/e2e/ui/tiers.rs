//! Resellers who have to be set up before they sell.

use connect_e2e::sales::{newest, sold};
use connect_model::lifecycle::Operation;
use connect_model::{AssetId, RequestId};
use connect_world::command::{ProductCommand, TierConfigRequestCommand};
use serde_json::{Value, json};

use super::scene::Scene;

const TIERS: [&str; 2] = ["Quay Resale", "Northern Wholesale"];

impl Scene {
    /// A purchase that waits for both of its resellers.
    async fn waiting(&self) -> (RequestId, AssetId) {
        let body = json!({"capabilities": {"tiers": {"configs": {"level": 2}}}});
        let id = self.stage.emulator.product();
        self.stage.apply(ProductCommand::Update { id, body }).await.unwrap();
        sold(&self.stage, "Kestrel & Daughters", TIERS).await.unwrap()
    }

    /// The newest request for a configuration of a tier.
    async fn asked(&self, tier: u32) -> String {
        newest(&self.stage, tier).await.unwrap().id.to_string()
    }

    async fn operate(&self, id: &str, operation: Operation, body: Value) {
        let (id, code) = (id.into(), None);
        let command = TierConfigRequestCommand::Operate { id, operation, body, code };
        self.stage.apply(command).await.unwrap();
    }

    /// Both resellers set up, without a hand at the pages.
    async fn set_up(&self) {
        for (tier, parameter) in [(2, "tier2_reseller_id"), (1, "reseller_id")] {
            let id = self.asked(tier).await;
            let value = json!({"params": [{"id": parameter, "value": "F-1"}]});
            self.operate(&id, Operation::Update, value).await;
            self.operate(&id, Operation::Approve, json!({})).await;
        }
    }

    /// Opens a request from the list.
    async fn open_request(&self, id: &str) {
        let browser = &self.browser;
        browser.open("/").await.unwrap();
        browser.click("Tier Config").await.unwrap();
        browser.click("Requests").await.unwrap();
        browser.click(id).await.unwrap();
    }

    /// Approves what is open, with the value that approval needs.
    async fn approve(&self, parameter: &str) {
        let browser = &self.browser;
        browser.click("Approve").await.unwrap();
        browser.fill(parameter, "F-1001").await.unwrap();
        browser.click("Approve").await.unwrap();
        browser.wait_for("#status", "Approved").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_goes_on_once_both_of_its_resellers_are_approved() {
    let scene = Scene::with_resellers().await;
    let browser = &scene.browser;
    let settings = format!("/products/{}/settings", scene.stage.emulator.product());
    browser.open(&settings).await.unwrap();
    browser.click("Tier 2").await.unwrap();
    browser.wait_for("#tiers-configs-level [aria-pressed=true]", "Tier 2").await.unwrap();

    let (purchase, asset) = sold(&scene.stage, "Kestrel & Daughters", TIERS).await.unwrap();
    let (far, near) = (scene.asked(2).await, scene.asked(1).await);
    browser.open(&format!("/requests/{purchase}")).await.unwrap();
    browser.wait_for("#status", "Tiers setup").await.unwrap();
    browser.wait_for(".head .note", "Northern Wholesale").await.unwrap();
    browser.click(&far).await.unwrap();
    scene.approve("Reseller's reseller").await;

    browser.open(&format!("/subscriptions/{asset}")).await.unwrap();
    browser.wait_for(".head .note", "Quay Resale").await.unwrap();
    assert!(!browser.text(".head .note").await.unwrap().contains("Northern Wholesale"));
    browser.click(&near).await.unwrap();
    scene.approve("Reseller").await;

    browser.open(&format!("/requests/{purchase}")).await.unwrap();
    browser.wait_for("#status", "Pending").await.unwrap();
    assert!(!browser.has(".head .note").await.unwrap());
    browser.open(&format!("/subscriptions/{asset}/tiers")).await.unwrap();
    let config = newest(&scene.stage, 2).await.unwrap().configuration.id;
    browser.click(config.as_str()).await.unwrap();
    browser.wait_until_says("You can sell Fernway Backup.").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reseller_authorization_is_switched_off_again() {
    let scene = Scene::with_resellers().await;
    let browser = &scene.browser;
    let product = scene.stage.emulator.product();
    browser.open(&format!("/products/{product}/settings")).await.unwrap();
    browser.click("Tier 1").await.unwrap();
    browser.wait_for("#tiers-configs-level [aria-pressed=true]", "Tier 1").await.unwrap();
    browser.click("Off").await.unwrap();
    browser.wait_for("#tiers-configs-level [aria-pressed=true]", "Off").await.unwrap();
    let path = format!("products/{product}");
    let product: Value = scene.stage.client().unwrap().get_at(&path).await.unwrap();
    assert_eq!(product["capabilities"]["tiers"]["configs"], Value::Null);

    browser.act_as("Distributor").await.unwrap();
    browser.wait_until_says("Reseller Authorization: Off").await.unwrap();
    assert!(!browser.offers("Tier 1").await.unwrap());
}

/// An open page of the subscription hears of the refusal, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_reseller_takes_its_purchase_along_and_the_subscription_says_why() {
    let scene = Scene::with_resellers().await;
    let (_, asset) = scene.waiting().await;
    let browser = &scene.browser;
    browser.open(&format!("/subscriptions/{asset}")).await.unwrap();
    browser.wait_for(".head .note", "Northern Wholesale").await.unwrap();
    let far = scene.asked(2).await;
    browser.open_tab("/").await.unwrap();
    scene.open_request(&far).await;
    browser.click("Reject").await.unwrap();
    browser.fill("Reason", "We have no agreement.").await.unwrap();
    browser.click("Reject").await.unwrap();
    browser.wait_for("#status", "Failed").await.unwrap();
    browser.wait_for(".head .alert", "We have no agreement.").await.unwrap();

    browser.turn_to_tab(0).await.unwrap();
    browser.wait_for("#status", "Terminated").await.unwrap();
    browser.wait_for(".head .alert", "We have no agreement.").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_brings_other_values() {
    let scene = Scene::with_resellers().await;
    scene.waiting().await;
    scene.set_up().await;
    let config = newest(&scene.stage, 1).await.unwrap().configuration.id;
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    browser.click("Tier Config").await.unwrap();
    browser.click(config.as_str()).await.unwrap();
    browser.click("Update").await.unwrap();
    browser.click("Next").await.unwrap();
    browser.fill("Partner code", "OR-9001").await.unwrap();
    browser.click("Create Update Request").await.unwrap();
    browser.wait_for("#request-status", "Pending").await.unwrap();
    browser.click("Close").await.unwrap();
    browser.wait_until_says("Update and Adjust wait").await.unwrap();
    assert!(!browser.offers("Update").await.unwrap());
    browser.click(&scene.asked(1).await).await.unwrap();
    browser.click("Approve").await.unwrap();
    browser.click("Approve").await.unwrap();
    browser.wait_for("#status", "Approved").await.unwrap();
    browser.click(config.as_str()).await.unwrap();
    browser.click("Parameters").await.unwrap();
    browser.wait_for("td .value", "OR-9001").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reseller_answers_in_the_form_and_another_code_opens_nothing() {
    let scene = Scene::with_resellers().await;
    scene.waiting().await;
    let far = scene.asked(2).await;
    let value = json!({"params": [{"id": "tier2_reseller_id", "value": "F-1"}]});
    scene.operate(&far, Operation::Update, value).await;
    scene.operate(&far, Operation::Approve, json!({})).await;
    let near = scene.asked(1).await;
    let browser = &scene.browser;
    scene.open_request(&near).await;
    browser.click("Inquire").await.unwrap();
    browser.tick("Ask the reseller to correct Partner code").await.unwrap();
    browser.fill("What is wrong with Partner code", "We do not know it.").await.unwrap();
    browser.click("Inquire").await.unwrap();
    browser.wait_for("#status", "Inquiring").await.unwrap();

    browser.open(&format!("/forms/?code=guess&request_id={near}")).await.unwrap();
    browser.wait_for("h1", "That did not work").await.unwrap();
    assert!(!browser.has("input[name^='param:']").await.unwrap());

    scene.open_request(&near).await;
    browser.click("Reseller’s form").await.unwrap();
    browser.wait_until_says("We do not know it.").await.unwrap();
    browser.fill("Partner code", "OR-9001").await.unwrap();
    browser.click("Send").await.unwrap();
    browser.wait_for("#status", "Pending").await.unwrap();
    browser.wait_until_says("OR-9001").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialog_says_that_somebody_else_was_faster() {
    let scene = Scene::with_resellers().await;
    scene.waiting().await;
    let far = scene.asked(2).await;
    let browser = &scene.browser;
    browser.open(&format!("/tier-requests/{far}/approve")).await.unwrap();
    browser.fill("Reseller's reseller", "F-1001").await.unwrap();
    let reason = json!({"reason": "We have no agreement."});
    scene.operate(&far, Operation::Fail, reason).await;
    browser.wait_for("[role=alert]", "It was rejected").await.unwrap();
    browser.wait_for("[role=alert]", "We have no agreement.").await.unwrap();
    assert!(!browser.offers("Approve").await.unwrap());
}
