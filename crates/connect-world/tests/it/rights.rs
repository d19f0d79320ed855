//! Who sees and does what.

use connect_clock::Clock;
use connect_model::lifecycle::Operation;
use connect_world::Collection;
use connect_world::DenialKind;
use connect_world::command::{ProductCommand, RequestCommand};
use serde_json::{Value, json};

use crate::stage::{Stage, said, text};

#[test]
fn a_trial_is_invisible_to_distributors() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let order = stage.order();
    let (id, who) = (text(&request, "/id"), stage.distributor.clone());
    let read = stage.world.read(stage.clock.now(), &who, &Collection::Requests, &id, "");
    assert_eq!(read.unwrap_err().kind, DenialKind::NotFound);
    let read = stage.world.read(
        stage.clock.now(),
        &who,
        &Collection::Assets,
        &text(&request, "/asset/id"),
        "",
    );
    assert_eq!(read.unwrap_err().kind, DenialKind::NotFound);
    let listed = stage.world.list(stage.clock.now(), &who, &Collection::Requests, "").unwrap();
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
        stage.by_vendor(RequestCommand::Create { body: body("suspend") }),
    );
    note(
        "distributor adjusts",
        stage.by_distributor(RequestCommand::Create { body: body("adjustment") }),
    );
    let trial = stage.trial_body();
    note("distributor tries", stage.by_distributor(RequestCommand::Create { body: trial }));
    let order = stage.order_body();
    note("vendor orders", stage.by_vendor(RequestCommand::Create { body: order }));
    let suspend = stage.by_distributor(RequestCommand::Create { body: body("suspend") }).unwrap();
    let approve = RequestCommand::Operate {
        id: text(&suspend, "/id").into(),
        operation: Operation::Approve,
        body: Value::Null,
        code: None,
    };
    note("distributor approves", stage.by_distributor(approve));
    let switch = ProductCommand::Update { id: stage.product(), body: json!({"name": "Mine"}) };
    note("distributor renames the product", stage.by_distributor(switch));
    insta::assert_snapshot!(lines, @r#"
    vendor suspends what a distributor sold: forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor adjusts: forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor tries: forbidden: AUTH_004 - You do not have permission to perform this action.
    vendor orders: forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor approves: forbidden: AUTH_004 - You do not have permission to perform this action.
    distributor renames the product: forbidden: AUTH_004 - You do not have permission to perform this action.
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
