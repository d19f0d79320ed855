//! Transfers: a subscription goes to another customer or reseller.

use connect_model::lifecycle::Operation;
use connect_world::command::RequestCommand;
use serde_json::{Value, json};

use crate::stage::{Answer, Stage, customer, said, text};

fn stage() -> Stage {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"transfer": {
        "enable_transfer": true, "validation": true,
    }}}));
    stage
}

/// A bakery that is not the one that bought.
fn another() -> Value {
    let mut account = customer();
    account["name"] = json!("Birch Bakery SL");
    account["external_id"] = json!("100772");
    account["external_uid"] = json!("d3b2e1aa-1f44");
    account
}

fn transfer(stage: &mut Stage, asset: &str, tiers: &Value) -> Answer {
    let body = json!({"type": "transfer", "asset": {"id": asset, "tiers": tiers}});
    stage.by_distributor(RequestCommand::Create { body })
}

fn owner(stage: &Stage, asset: &str) -> String {
    text(&stage.asset(asset), "/tiers/customer/name")
}

#[test]
fn an_approved_transfer_gives_a_subscription_another_customer() {
    let mut stage = stage();
    let asset = stage.active_order();
    let reseller = text(&stage.asset(&asset), "/tiers/tier1/id");
    let request = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    assert_eq!(text(&request, "/status"), "pending");
    assert_eq!(text(&request, "/asset/tiers/customer/name"), "Birch Bakery SL");
    assert_eq!(owner(&stage, &asset), "Cedar Bakery SL");

    stage.approve(&text(&request, "/id")).unwrap();
    assert_eq!(owner(&stage, &asset), "Birch Bakery SL");
    let after = stage.asset(&asset);
    assert_eq!(text(&after, "/tiers/tier1/id"), reseller);
    assert_eq!(
        (text(&after, "/status"), text(&after, "/items/0/quantity")),
        ("active".into(), "8".into())
    );
}

#[test]
fn a_transfer_that_fails_changes_nothing() {
    let mut stage = stage();
    let asset = stage.active_order();
    let request = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    stage.operate(&text(&request, "/id"), Operation::Fail, json!({"reason": "No"})).unwrap();
    assert_eq!(owner(&stage, &asset), "Cedar Bakery SL");
}

#[test]
fn a_transfer_to_nobody_else_is_refused() {
    let mut stage = stage();
    let asset = stage.active_order();
    let same = stage.asset(&asset)["tiers"]["customer"]["id"].clone();
    let refused = "invalid: VAL_001 - asset.tiers: Accounts are not changed.";
    for tiers in [Value::Null, json!({}), json!({"customer": {"id": same}})] {
        assert_eq!(said(transfer(&mut stage, &asset, &tiers)), refused);
    }
    let unknown = json!({"customer": {"id": "TA-0000-0000-0000"}});
    insta::assert_snapshot!(said(transfer(&mut stage, &asset, &unknown)), @"invalid: VAL_001 - asset.tiers.customer.id: Account does not exist.");
}

#[test]
fn with_autoapproval_a_transfer_is_approved_as_soon_as_it_is_asked_for() {
    let mut stage = stage();
    stage.switch(&json!({"subscription": {"transfer": {"transfer_autoapprove": true}}}));
    let asset = stage.active_order();
    let request = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    assert_eq!(text(&request, "/status"), "approved");
    assert_ne!(text(&request, "/activation_key"), "");
    assert_eq!(request["events"]["approved"].get("by"), None);
    assert_eq!(owner(&stage, &asset), "Birch Bakery SL");

    let body = json!({
        "type": "transfer", "status": "draft",
        "asset": {"id": asset, "tiers": {"customer": customer()}},
    });
    let draft = stage.by_distributor(RequestCommand::Create { body }).unwrap();
    assert_eq!(text(&draft, "/status"), "draft");
    let submitted = stage.by_distributor(RequestCommand::Operate {
        id: text(&draft, "/id").as_str().into(),
        operation: Operation::Submit,
        body: Value::Null,
        code: None,
    });
    assert_eq!(said(submitted), "ok approved");
    assert_eq!(owner(&stage, &asset), "Cedar Bakery SL");
}

#[test]
fn autoapproval_waits_for_the_vendor_when_a_value_is_missing() {
    let mut stage = stage();
    let asset = stage.active_order();
    stage.switch(&json!({"subscription": {"transfer": {"transfer_autoapprove": true}}}));
    stage.add_parameter(json!({
        "name": "owner_id", "title": "Owner", "type": "text", "phase": "fulfillment",
        "scope": "asset", "constraints": {"required": true},
    }));
    let request = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    assert_eq!(text(&request, "/status"), "pending");
    assert_eq!(owner(&stage, &asset), "Cedar Bakery SL");
}

#[test]
fn with_autoapproval_a_transfer_that_was_asked_about_is_approved_with_the_answer() {
    let mut stage = stage();
    let asset = stage.active_order();
    let request = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    let id = text(&request, "/id");
    let params = json!([{"id": "admin_email", "value_error": "No such mailbox"}]);
    stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    stage.operate(&id, Operation::Inquire, Value::Null).unwrap();
    stage.switch(&json!({"subscription": {"transfer": {"transfer_autoapprove": true}}}));
    let answered = stage.operate(&id, Operation::Pend, json!({})).unwrap();
    assert_eq!(text(&answered, "/status"), "approved");
    assert_eq!(owner(&stage, &asset), "Birch Bakery SL");
}
