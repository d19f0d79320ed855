//! Who sees and does what.

use connect_emulator::world::{Collection, Command};
use connect_model::lifecycle::Operation;
use serde_json::{Value, json};

use super::stage::{Stage, said, text};

#[test]
fn a_trial_is_invisible_to_distributors() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let order = stage.order();
    let (id, who) = (text(&request, "/id"), stage.distributor.clone());
    let read = stage.world.read(&who, &Collection::Requests, &id, "");
    assert_eq!(read.unwrap_err().status, 404);
    let read = stage.world.read(&who, &Collection::Assets, &text(&request, "/asset/id"), "");
    assert_eq!(read.unwrap_err().status, 404);
    let listed = stage.world.list(&who, &Collection::Requests, "").unwrap();
    assert_eq!(listed.range.to_string(), "items 0-0/1");
    let rows: Value = serde_json::from_slice(&listed.body).unwrap();
    assert_eq!(rows[0]["id"], order["id"]);
}

#[test]
fn each_side_keeps_to_its_own() {
    let mut stage = Stage::demo();
    let asset = stage.active_order();
    let body = |kind: &str| json!({"type": kind, "asset": {"id": asset}});
    let mut lines = String::new();
    let mut note = |what: &str, answer| lines += &format!("{what}: {}\n", said(answer));
    note(
        "vendor suspends what a distributor sold",
        stage.by_vendor(Command::CreateRequest { body: body("suspend") }),
    );
    note(
        "distributor adjusts",
        stage.by_distributor(Command::CreateRequest { body: body("adjustment") }),
    );
    let trial = stage.trial_body();
    note("distributor tries", stage.by_distributor(Command::CreateRequest { body: trial }));
    let order = stage.order_body();
    note("vendor orders", stage.by_vendor(Command::CreateRequest { body: order }));
    let suspend = stage.by_distributor(Command::CreateRequest { body: body("suspend") }).unwrap();
    let approve = Command::Operate {
        id: text(&suspend, "/id").into(),
        operation: Operation::Approve,
        body: Value::Null,
        code: None,
    };
    note("distributor approves", stage.by_distributor(approve));
    let switch = Command::UpdateProduct { id: stage.product(), body: json!({"name": "Mine"}) };
    note("distributor renames the product", stage.by_distributor(switch));
    insta::assert_snapshot!(lines, @r#"
    vendor suspends what a distributor sold: 403 Forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor adjusts: 403 Forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor tries: 403 Forbidden: AUTH_004 - You do not have permission to perform this action.
    vendor orders: 403 Forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor approves: 403 Forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor renames the product: 403 Forbidden: AUTH_004 - You do not have permission to perform this action.
    "#);
}

#[test]
fn a_key_is_known_whole_or_not_at_all() {
    let stage = Stage::demo();
    let key = stage.world.keys().vendor;
    assert!(stage.world.authenticate(&key).is_some());
    assert!(stage.world.authenticate(&key[..key.len() - 1]).is_none());
    assert!(stage.world.authenticate(&format!("{key}x")).is_none());
    assert!(stage.world.authenticate(key.strip_prefix("ApiKey ").unwrap()).is_none());
    assert!(stage.world.authenticate("").is_none());
}

#[test]
fn keys_never_print() {
    let stage = Stage::demo();
    let printed = format!("{:?} {:?}", stage.world.keys(), stage.world);
    assert!(!printed.contains("demo-vendor-key"), "{printed}");
}
