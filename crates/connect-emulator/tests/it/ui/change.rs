//! The Change wizard.

use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::{ParameterCommand, RequestCommand};
use reqwest::StatusCode;
use serde_json::json;

use super::stage::Stage;

#[tokio::test]
async fn only_quantities_that_differ_are_asked_for() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let path = format!("/subscriptions/{asset}/change");
    assert!(stage.page(&path).await.contains("step=items"));
    let items = stage.page(&format!("{path}?step=items")).await;
    assert!(items.contains("New quantity") && items.contains("Create Change Request"));
    assert!(items.contains("Editable Ordering Parameters is off"));

    let item = format!("item_{}-0001", stage.emulator.product());
    let held = stage.api().get(&format!("/assets/{asset}")).await["items"][0]["quantity"].clone();
    let same = stage.send(&path, &[(&item, held.as_str().unwrap())]).await;
    assert_eq!(same.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(same.text().await.unwrap().contains("Item quantities are not changed."));
    let rubbish = stage.send(&path, &[(&item, "many")]).await;
    let page = rubbish.text().await.unwrap();
    assert!(page.contains("is not a quantity") && page.contains("value=\"many\""), "{page}");

    let changed = stage.send(&path, &[(&item, "4321")]).await;
    assert_eq!(changed.status(), StatusCode::SEE_OTHER);
    let summary = stage.page(changed.headers()["location"].to_str().unwrap()).await;
    assert!(summary.contains("Change Subscription") && summary.contains("Pending"));
    let requests = stage.api().get(&format!("/requests?asset.id={asset}&type=change")).await;
    assert_eq!(requests[0]["asset"]["items"][0]["quantity"], "4321");
    assert_eq!(requests[0]["asset"]["items"][0]["old_quantity"], held);

    let again = stage.page(&path).await;
    assert!(again.contains("is in progress") && !again.contains("step=items"));
}

#[tokio::test]
async fn ordering_parameters_change_when_the_product_lets_them() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let product = stage.emulator.product();
    let on = json!({"capabilities": {"subscription": {"change": {"editable_ordering_parameters": true}}}});
    stage.api().put(&format!("/products/{product}"), &on).await;
    let path = format!("/subscriptions/{asset}/change");
    assert!(stage.page(&format!("{path}?step=items")).await.contains("param_admin_email"));
    let item = format!("item_{product}-0001");
    let fields = [(item.as_str(), "77"), ("param_admin_email", "new@fernway.example")];
    assert_eq!(stage.send(&path, &fields).await.status(), StatusCode::SEE_OTHER);
    let requests = stage.api().get(&format!("/requests?asset.id={asset}&type=change")).await;
    assert!(requests.to_string().contains("new@fernway.example"));
}

#[tokio::test]
async fn what_the_menu_does_not_offer_the_wizard_does_not_either() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Resume, RequestStatus::Failed).await;
    for step in ["", "?step=items"] {
        let page = stage.page(&format!("/subscriptions/{asset}/change{step}")).await;
        assert!(page.contains("Only for subscriptions that are active."), "{page}");
        assert!(!page.contains("Create Change Request"));
    }
}

#[tokio::test]
async fn a_change_leaves_alone_what_nobody_touched() {
    let stage = Stage::start().await;
    let product = stage.emulator.product();
    let on = json!({"capabilities": {"subscription": {"change": {"editable_ordering_parameters": true}}}});
    stage.api().put(&format!("/products/{product}"), &on).await;
    let plan = json!({"name": "plan", "title": "Plan", "type": "dropdown", "phase": "ordering", "scope": "asset",
        "constraints": {"choices": ["old", {"value": "new", "label": "New"}]}});
    let note = json!({"name": "remark", "title": "Remark", "type": "text", "phase": "ordering", "scope": "asset"});
    let create = |body| ParameterCommand::Create { product: product.clone(), body };
    let plan = stage.vendor(create(plan)).await;
    stage.vendor(create(note)).await;
    let order = json!({"type": "purchase", "asset": {
        "product": {"id": product}, "connection": {"type": "preview"},
        "items": [{"id": "MPN-A", "quantity": 1}],
        "params": [{"id": "plan", "value": "old"}, {"id": "remark", "value": "one\ntwo"}],
    }});
    let request = stage.vendor(RequestCommand::Create { body: order }).await;
    let body = json!({"constraints": {"choices": [{"value": "new", "label": "New"}]}});
    let id = plan["id"].as_str().unwrap().into();
    stage.vendor(ParameterCommand::Update { product: product.clone(), id, body }).await;
    let id = request["id"].as_str().unwrap();
    let body = json!({"params": [{"id": "subscription_id", "value": "t-1"}]});
    stage.api().put(&format!("/requests/{id}"), &json!({"asset": body})).await;
    let approve = json!({"activation_tile": "ready"});
    stage.api().send_to("POST", &format!("/requests/{id}/approve"), &approve).await;

    let asset = request["asset"]["id"].as_str().unwrap();
    let path = format!("/subscriptions/{asset}/change");
    let page = stage.page(&format!("{path}?step=items")).await;
    assert!(page.contains("<option value=\"old\" selected>old</option>"), "{page}");
    assert!(page.contains("one\ntwo</textarea>"), "{page}");
    let item = format!("item_{product}-0001");
    let untouched = [("param_plan", "old"), ("param_remark", "one\r\ntwo")];
    let fields = [&[(item.as_str(), "2")], &untouched[..]].concat();
    assert_eq!(stage.send(&path, &fields).await.status(), StatusCode::SEE_OTHER);
    let changes = stage.api().get(&format!("/requests?asset.id={asset}&type=change")).await;
    let params = changes[0]["asset"]["params"].as_array().unwrap();
    let value = |name: &str| params.iter().find(|it| it["id"] == name).unwrap()["value"].clone();
    assert_eq!([value("plan"), value("remark")], ["old", "one\ntwo"]);
}
