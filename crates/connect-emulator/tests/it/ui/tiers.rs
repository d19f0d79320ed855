//! Tier configurations, their requests, and what waits for them.

use connect_emulator::Config;
use connect_model::lifecycle::Operation;
use connect_world::command::{
    ParameterCommand, ProductCommand, TemplateCommand, TierConfigRequestCommand,
};
use connect_world::scenario::Scenario;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::{DISTRIBUTOR, Stage};

const PIN: &str = "s3cr3t-pin";

/// A product that asks its first reseller for a PIN.
async fn stage() -> Stage {
    let scenario = Scenario::demo().with_resellers();
    let stage = Stage::with(Config { scenario, ..Config::default() }).await;
    let product = stage.emulator.product();
    let pin = json!({"name": "pin", "type": "password", "phase": "ordering", "scope": "tier1"});
    stage.vendor(ParameterCommand::Create { product: product.clone(), body: pin }).await;
    let body = json!({"capabilities": {"tiers": {"configs": {"level": 1}}}});
    stage.vendor(ProductCommand::Update { id: product, body }).await;
    stage
}

/// A trial and the set-up of its reseller.
async fn trial(stage: &Stage) -> (Value, String) {
    let order = json!({"type": "purchase", "asset": {
        "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
        "items": [{"id": "MPN-A", "quantity": 1}],
    }});
    let purchase = stage.api().send_to("POST", "/requests", &order).await;
    let asked = stage.api().get("/tier/config-requests?limit=1").await;
    (purchase, asked[0]["id"].as_str().unwrap().to_owned())
}

async fn operate(stage: &Stage, id: &str, operation: Operation, body: Value) {
    let platform = stage.emulator.platform();
    let vendor = platform.authenticate(&stage.emulator.keys().vendor).unwrap();
    let id = id.into();
    let command = TierConfigRequestCommand::Operate { id, operation, body, code: None };
    platform.apply(vendor, command).await.unwrap();
}

#[tokio::test]
async fn a_reseller_s_password_is_on_no_page() {
    let stage = stage().await;
    let (_, id) = trial(&stage).await;
    let values = json!({"params": [
        {"id": "pin", "value": PIN}, {"id": "reseller_id", "value": "F-1"},
    ]});
    operate(&stage, &id, Operation::Update, values).await;
    let text = format!("Your PIN is {{{{ pin }}}}, or {PIN}.");
    let approval = json!({"template": {"representation": text}});
    let dialog = stage.page(&format!("/tier-requests/{id}/update")).await;
    operate(&stage, &id, Operation::Approve, approval).await;
    let request = stage.page(&format!("/tier-requests/{id}")).await;
    let config = format!("/tier-configs/{}", &id.replacen("TCR", "TC", 1)[..14]);
    let panel = stage.page(&config).await;
    assert!(panel.contains("Your PIN is"), "{panel}");
    let values = stage.page(&format!("{config}/parameters")).await;
    assert!(request.contains("••••••••") && values.contains("••••••••"));
    let update = stage.page(&format!("{config}/update?step=values")).await;
    assert!(update.contains("type=\"password\""));
    for page in [dialog, request, panel, values, update] {
        assert!(!page.contains(PIN), "{page}");
    }
}

#[tokio::test]
async fn a_wrong_code_opens_no_form_of_either_family() {
    let stage = stage().await;
    let (purchase, id) = trial(&stage).await;
    let purchase = purchase["id"].as_str().unwrap().to_owned();
    for request in [purchase, id] {
        let form = format!("/forms/?code=guess&request_id={request}");
        assert_eq!(stage.get(&form).send().await.unwrap().status(), StatusCode::FORBIDDEN);
        let sent = stage.send(&form, &[("param:partner_code", "OR-1")]).await;
        assert_eq!(sent.status(), StatusCode::FORBIDDEN);
    }
    for unknown in ["PR-1-001", "TCR-000-000-000-001"] {
        let form = format!("/forms/?code=guess&request_id={unknown}");
        assert_eq!(stage.get(&form).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn lists_narrow_and_empty_ones_say_how_to_fill_them() {
    let empty = Stage::start().await;
    assert!(empty.page("/tier-configs").await.contains("No reseller was configured yet"));
    assert!(empty.page("/tier-requests").await.contains("No requests yet"));
    let stage = stage().await;
    let (_, id) = trial(&stage).await;
    let cases = [
        ("/tier-requests?status=pending&level=1&type=setup", true),
        ("/tier-requests?level=2", false),
        ("/tier-requests?status=tiers_setup", false),
        ("/tier-configs?status=processing&level=1&q=trials", true),
        ("/tier-configs?status=active", false),
    ];
    for (path, is_there) in cases {
        let page = stage.page(path).await;
        assert_eq!(page.contains(&id[4..15]), is_there, "{path}");
    }
}

#[tokio::test]
async fn the_set_up_of_a_trial_is_the_vendors_alone() {
    let stage = stage().await;
    let (purchase, id) = trial(&stage).await;
    let page = |path: String| stage.get(&path).header(DISTRIBUTOR.0, DISTRIBUTOR.1).send();
    let theirs = page(format!("/tier-requests/{id}")).await.unwrap();
    assert_eq!(theirs.status(), StatusCode::NOT_FOUND);
    let own = stage.page(&format!("/requests/{}", purchase["id"].as_str().unwrap())).await;
    assert!(own.contains(&format!("href=\"/tier-requests/{id}\"")));
}

#[tokio::test]
async fn an_update_that_comes_too_late_says_so() {
    let stage = stage().await;
    let (_, id) = trial(&stage).await;
    let value = json!({"params": [{"id": "reseller_id", "value": "F-1"}]});
    operate(&stage, &id, Operation::Update, value).await;
    let config = format!("/tier-configs/{}", &id.replacen("TCR", "TC", 1)[..14]);
    assert!(stage.page(&format!("{config}/update")).await.contains("Update and Adjust wait"));
    operate(&stage, &id, Operation::Approve, json!({})).await;
    let update = [("param:partner_code", "OR-1")];
    let first = stage.send(&format!("{config}/update"), &update).await;
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    let second = stage.send(&format!("{config}/adjust"), &update).await;
    assert_eq!(second.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(second.text().await.unwrap().contains("Update and Adjust wait"));
}

#[tokio::test]
async fn a_level_that_there_is_not_is_not_set() {
    let stage = stage().await;
    let settings = format!("/products/{}/settings", stage.emulator.product());
    let refused = stage.send(&settings, &[("level", "3")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("There is no such level."));
}

#[tokio::test]
async fn a_message_is_said_in_the_conversation_of_a_tier_request() {
    let stage = stage().await;
    let (_, id) = trial(&stage).await;
    let address = format!("/tier-requests/{id}");
    let said = stage.send(&format!("{address}/notes"), &[("text", "Who are you?")]).await;
    assert_eq!(said.status(), StatusCode::SEE_OTHER);
    assert!(stage.page(&address).await.contains("Who are you?"));
    let nothing = stage.send(&format!("{address}/notes"), &[("text", " ")]).await;
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_template_for_resellers_is_shown_with_a_reseller_s_values() {
    let stage = stage().await;
    let (_, id) = trial(&stage).await;
    let templates = format!("/products/{}/templates", stage.emulator.product());
    let listed = stage.api().get(&format!("{templates}?eq(scope,tier1)&limit=1")).await;
    let page = stage.page(&format!("{templates}/{}", listed[0]["id"].as_str().unwrap())).await;
    assert!(page.contains(&format!("href=\"/tier-requests/{id}\"")), "{page}");
}

#[tokio::test]
async fn a_template_without_a_type_is_offered_for_the_approval() {
    let stage = stage().await;
    let (_, id) = trial(&stage).await;
    let (product, body) =
        (stage.emulator.product(), json!({"name": "Plain", "scope": "tier1", "body": "Welcome."}));
    stage.vendor(TemplateCommand::Create { product: product.clone(), body }).await;
    let dialog = stage.page(&format!("/tier-requests/{id}/approve")).await;
    assert!(dialog.contains(">Plain</option>"), "{dialog}");
    let listed = stage.api().get(&format!("/products/{product}/templates?eq(name,Plain)")).await;
    assert_eq!(listed[0].get("type"), None);
}
