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

fn draft(stage: &mut Stage, asset: &str, tiers: &Value) -> String {
    let body =
        json!({"type": "transfer", "status": "draft", "asset": {"id": asset, "tiers": tiers}});
    text(&stage.by_distributor(RequestCommand::Create { body }).unwrap(), "/id")
}

fn operate(stage: &mut Stage, id: &str, operation: Operation, body: Value) -> Answer {
    stage.by_distributor(RequestCommand::Operate { id: id.into(), operation, body, code: None })
}

fn order(stage: &mut Stage, id: &str) -> Answer {
    operate(stage, id, Operation::Submit, Value::Null)
}

/// A reseller that is not the one that sold.
fn another_reseller() -> Value {
    let mut account = another();
    account["name"] = json!("Harbor Resale BV");
    account["external_id"] = json!("200911");
    account["external_uid"] = json!("77e0c2aa-9b01");
    account
}

fn accounts(stage: &Stage, asset: &str) -> String {
    let asset = stage.asset(asset);
    format!(
        "{}, sold by {}",
        text(&asset, "/tiers/customer/name"),
        text(&asset, "/tiers/tier1/name")
    )
}

#[test]
fn a_draft_of_a_transfer_takes_over_what_another_transfer_did_meanwhile() {
    let mut stage = stage();
    let asset = stage.active_order();
    let seller = draft(&mut stage, &asset, &json!({"tier1": another_reseller()}));
    let owner = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    stage.approve(&text(&owner, "/id")).unwrap();

    order(&mut stage, &seller).unwrap();
    stage.approve(&seller).unwrap();
    assert_eq!(accounts(&stage, &asset), "Birch Bakery SL, sold by Harbor Resale BV");
}

#[test]
fn a_draft_of_a_transfer_keeps_the_level_it_named_when_another_is_written() {
    let mut stage = stage();
    let asset = stage.active_order();
    let id = draft(&mut stage, &asset, &json!({"tier1": another_reseller()}));
    let body = json!({"asset": {"tiers": {"customer": another()}}});
    operate(&mut stage, &id, Operation::Update, body).unwrap();
    order(&mut stage, &id).unwrap();
    stage.approve(&id).unwrap();
    assert_eq!(accounts(&stage, &asset), "Birch Bakery SL, sold by Harbor Resale BV");
}

#[test]
fn a_draft_of_a_transfer_that_was_made_by_another_is_refused() {
    let mut stage = stage();
    let asset = stage.active_order();
    let late = draft(&mut stage, &asset, &json!({"customer": another()}));
    let first = transfer(&mut stage, &asset, &json!({"customer": another()})).unwrap();
    stage.approve(&text(&first, "/id")).unwrap();
    let refused = "invalid: VAL_001 - asset.tiers: Accounts are not changed.";
    assert_eq!(said(order(&mut stage, &late)), refused);
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

    let draft = draft(&mut stage, &asset, &json!({"customer": customer()}));
    let submitted = order(&mut stage, &draft);
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
