//! Usage reported by hand: with a mistake that is mended, and taken over by the distributor.

use std::path::{Path, PathBuf};

use connect_client::{ApiKey, Call, Client};
use connect_e2e::sales::account;
use connect_model::asset_request::RequestUpdate;
use connect_model::lifecycle::Operation;
use connect_model::{ParameterUpdate, UsageRow, UsageSheet};
use connect_world::command::ProductCommand;
use serde_json::{Value, json};

use super::scene::Scene;

impl Scene {
    async fn distributors(&self, call: Call) -> Value {
        let emulator = &self.stage.emulator;
        let key = ApiKey::new(&emulator.keys().distributor).unwrap();
        let client = Client::builder(&emulator.endpoint(), key).build().unwrap();
        client.call(call).await.unwrap().json().unwrap()
    }

    /// A subscription that the distributor sold to a customer of its own.
    pub(super) async fn sold(&self) -> String {
        let product = self.stage.emulator.product();
        let on = json!({"capabilities": {"reservation": {"consumption": true}}});
        let update = ProductCommand::Update { id: product.clone(), body: on };
        self.stage.apply(update).await.unwrap();
        let connections = Call::get(format!("products/{product}/connections"));
        let connections = self.distributors(connections).await;
        let marketplaces = self.distributors(Call::get("marketplaces")).await;
        let order = json!({
            "type": "purchase",
            "marketplace": {"id": marketplaces[0]["id"]},
            "asset": {
                "external_id": "108842", "external_uid": "7e1b0c52-3a6f",
                "connection": {"id": connections[0]["id"]},
                "items": [{"mpn": "MPN-A", "quantity": 8}],
                "tiers": {"customer": account("Kestrel & Daughters")},
            },
        });
        let ordered = self.distributors(Call::post("requests").json(&order).unwrap()).await;
        let id = ordered["id"].as_str().unwrap().into();
        let params = RequestUpdate::params([ParameterUpdate::value(acme::SUBSCRIPTION_ID, "t-1")]);
        self.stage.operate(&id, Operation::Update, json!(params)).await.unwrap();
        self.stage.operate(&id, Operation::Approve, json!({})).await.unwrap();
        ordered["asset"]["id"].as_str().unwrap().to_owned()
    }

    /// Uploads a workbook to the file whose page is open.
    async fn upload(&self, workbook: &Path) {
        self.browser.click("Upload").await.unwrap();
        self.browser.attach("Workbook", workbook).await.unwrap();
        self.browser.click("Upload").await.unwrap();
    }
}

/// A workbook with the use of an item in May, in a folder.
fn workbook(folder: &Path, name: &str, asset: &str, mpn: &str) -> PathBuf {
    let row = UsageRow::new("may-1").item(mpn).asset(asset).quantity("8");
    let row = row.between("2024-05-01 00:00:00", "2024-06-01 00:00:00");
    let sheet = UsageSheet::from(vec![row]);
    let path = folder.join(name);
    std::fs::write(&path, usage_sheet::write(&sheet).unwrap()).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_is_reported_mended_submitted_accepted_and_closed_by_hand() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    let asset = scene.sold().await;
    let folder = tempfile::tempdir().unwrap();
    browser.open("/").await.unwrap();
    browser.click("Usage").await.unwrap();
    browser.click("New Usage File").await.unwrap();
    browser.fill("Name", "May by hand").await.unwrap();
    let days = "for (const [name, day] of [['from', '2024-05-01'], ['to', '2024-05-31']]) \
                document.querySelector(`[name=${name}]`).value = day";
    browser.evaluate(days).await.unwrap();
    browser.click("Create").await.unwrap();
    browser.wait_for("#status", "Draft").await.unwrap();

    scene.upload(&workbook(folder.path(), "wrong.xlsx", &asset, "MPN-X")).await;
    browser.wait_for("#status", "Invalid").await.unwrap();
    browser.click("See the wrong records").await.unwrap();
    browser.wait_for("main table", "item_search_value: ").await.unwrap();
    scene.upload(&workbook(folder.path(), "right.xlsx", &asset, "MPN-A")).await;
    browser.wait_for("#status", "Ready").await.unwrap();
    browser.click("Submit").await.unwrap();
    browser.click("Submit").await.unwrap();
    browser.wait_for("#status", "Pending").await.unwrap();
    let page = browser.path().await.unwrap();

    browser.open_tab(&page).await.unwrap();
    browser.act_as("Distributor").await.unwrap();
    browser.click("Accept").await.unwrap();
    browser.fill("Note", "Billed in June.").await.unwrap();
    browser.click("Accept").await.unwrap();
    browser.wait_for("#status", "Accepted").await.unwrap();
    browser.turn_to_tab(0).await.unwrap();
    browser.wait_for("#status", "Accepted").await.unwrap();
    browser.wait_until_says("Billed in June.").await.unwrap();
    browser.turn_to_tab(1).await.unwrap();
    browser.click("Close File").await.unwrap();
    browser.click("Close File").await.unwrap();
    browser.wait_for("#status", "Closed").await.unwrap();
    browser.click("Records").await.unwrap();
    browser.wait_for("main table", "Closed").await.unwrap();
}

/// Files are chosen and sent by the browser alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_is_uploaded_without_script() {
    let scene = Scene::without_script().await;
    let browser = &scene.browser;
    let asset = scene.sold().await;
    let folder = tempfile::tempdir().unwrap();
    browser.open("/usage/files/new").await.unwrap();
    browser.fill("Name", "May by hand").await.unwrap();
    browser.click("Create").await.unwrap();
    browser.wait_for("#status", "Draft").await.unwrap();
    scene.upload(&workbook(folder.path(), "may.xlsx", &asset, "MPN-A")).await;
    browser.wait_for("#records", "1").await.unwrap();
}
