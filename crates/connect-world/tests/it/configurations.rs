//! What is set up for a product, its items and marketplaces, and who sees it where.

use connect_clock::Clock;
use connect_world::command::{ConfigurationCommand, ParameterCommand, RequestCommand};
use connect_world::{Actor, Collection, Command};
use serde_json::{Value, json};

use crate::stage::{Answer, MARKETPLACE, Stage, code_of, said, text};

const ITEM: &str = "PRD-411-678-887-0001";
const SCOPES: [&str; 4] = ["product", "item", "marketplace", "item_marketplace"];

/// Declares a configuration parameter that has the name of its scope.
fn declare(stage: &mut Stage, scope: &str, shared: Option<&str>) -> Value {
    stage.add_parameter(json!({
        "name": scope, "type": "text", "phase": "configuration", "scope": scope,
        "constraints": {"shared": shared},
    }))
}

fn command(stage: &Stage, body: Value) -> Command {
    ConfigurationCommand::Set { product: stage.product(), body }.into()
}

fn set(stage: &mut Stage, body: Value) -> Answer {
    stage.by_vendor(command(stage, body))
}

/// The body that sets a parameter which has the name of its scope.
fn body(scope: &str, value: &str) -> Value {
    let mut body = json!({"parameter": {"id": scope}, "value": value});
    if scope.starts_with("item") {
        body["item"] = json!({"id": ITEM});
    }
    if scope.ends_with("marketplace") {
        body["marketplace"] = json!({"id": MARKETPLACE});
    }
    body
}

fn rows(stage: &Stage, who: &Actor, query: &str) -> Vec<Value> {
    let configurations = Collection::Configurations(stage.product());
    let listed = stage.world.list(stage.clock.now(), who, &configurations, query).unwrap();
    serde_json::from_slice(&listed.body).unwrap()
}

/// The scopes of the rows that have a value, with their values.
fn values(rows: &[Value]) -> String {
    let of = |row: &Value| format!("{}={}", text(row, "/parameter/scope"), text(row, "/value"));
    let set = rows.iter().filter(|row| row.get("value").is_some());
    set.map(of).collect::<Vec<_>>().join(" ")
}

/// The values that a request or asset shows: of the whole, and of its item.
fn shown(asset: &Value) -> String {
    let of = |path: &str| {
        let params = asset.pointer(path).and_then(Value::as_array).unwrap();
        let pairs = params.iter().map(|it| format!("{}={}", text(it, "/id"), text(it, "/value")));
        pairs.collect::<Vec<_>>().join(" ")
    };
    format!("{} / {}", of("/configuration/params"), of("/items/0/params"))
}

#[test]
fn a_row_for_every_value_there_can_be() {
    let mut stage = Stage::demo();
    for scope in SCOPES {
        declare(&mut stage, scope, None);
    }
    let vendor = stage.vendor.clone();
    let all = rows(&stage, &vendor, "ordering(parameter.id)");
    let places: Vec<String> = all
        .iter()
        .map(|row| ["/parameter/id", "/item/id", "/marketplace/id"].map(|at| text(row, at)))
        .map(|ids| ids.join("#"))
        .collect();
    assert_eq!(
        places,
        [
            "PRM-411-678-887-0003##",
            "PRM-411-678-887-0004#PRD-411-678-887-0001#",
            "PRM-411-678-887-0005##MP-51842",
            "PRM-411-678-887-0006#PRD-411-678-887-0001#MP-51842",
        ]
    );
    // Official tools ask whether a field is there.
    let fields: Vec<_> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["parameter", "events"]);
    assert_eq!(all[0]["events"], json!({}));

    stage.add_parameter(json!({
        "name": "words", "type": "heading", "phase": "configuration", "scope": "product",
    }));
    assert_eq!(rows(&stage, &vendor, "").len(), 4, "a heading holds no value");
}

#[test]
fn a_value_is_written_replaced_and_taken_away() {
    let mut stage = Stage::demo();
    declare(&mut stage, "item", None);
    let vendor = stage.vendor.clone();
    let first = set(&mut stage, body("item", "S-1")).unwrap();
    assert_eq!(text(&first, "/item/name"), "Protected device");
    assert_eq!(text(&first, "/events/created/by/id"), "SU-310-774-106");
    let second = set(&mut stage, body("item", "S-2")).unwrap();
    assert_eq!(second["events"]["created"], first["events"]["created"]);
    assert_ne!(second["events"]["updated"], first["events"]["updated"]);
    assert_eq!(values(&rows(&stage, &vendor, "")), "item=S-2");
    assert_eq!(rows(&stage, &vendor, "eq(value,S-2)"), [second]);

    // What the official command line tool sends to delete.
    let bare = json!({"parameter": {"id": "PRM-411-678-887-0003"}, "item": {"id": ITEM}});
    let gone = set(&mut stage, bare).unwrap();
    assert_eq!(gone["events"], json!({}));
    assert_eq!(rows(&stage, &vendor, "eq(value,null())"), [gone]);
}

#[test]
fn what_is_not_sound_is_refused_and_changes_nothing() {
    let mut stage = Stage::demo();
    for scope in SCOPES {
        declare(&mut stage, scope, None);
        set(&mut stage, body(scope, "held")).unwrap();
    }
    stage.add_parameter(json!({
        "name": "mail", "type": "email", "phase": "configuration", "scope": "product",
    }));
    let before = stage.world.dump();
    let mut lines = String::new();
    for bad in [
        json!({"value": "x"}),
        json!({"parameter": "product", "value": "x"}),
        json!({"parameter": {"id": "nobody"}, "value": "x"}),
        json!({"parameter": {"id": "subscription_id"}, "value": "x"}),
        json!({"parameter": {"id": "product"}, "item": {"id": ITEM}, "value": "x"}),
        json!({"parameter": {"id": "marketplace"}, "item": {"id": ITEM}, "value": "x"}),
        json!({"parameter": {"id": "item"}, "value": "x"}),
        json!({"parameter": {"id": "item"}, "item": "0001", "value": "x"}),
        json!({"parameter": {"id": "item"}, "item": {"id": "PRD-1"}, "value": "x"}),
        json!({"parameter": {"id": "marketplace"}, "value": "x"}),
        json!({"parameter": {"id": "marketplace"}, "marketplace": {"id": "MP-1"}, "value": "x"}),
        json!({"parameter": {"id": "item_marketplace"}, "item": {"id": ITEM}, "value": "x"}),
        json!({"parameter": {"id": "product"}, "value": "x".repeat(2001)}),
        json!({"parameter": {"id": "product"}, "value": ["x"]}),
        json!({"parameter": {"id": "product"}, "structured_value": {"x": 1}}),
        json!({"parameter": {"id": "mail"}, "value": "nobody"}),
    ] {
        lines += &format!("{}\n", said(set(&mut stage, bad)));
    }
    insta::assert_snapshot!(lines, @r"
    invalid: VAL_001 - parameter.id: This field is required.
    invalid: VAL_001 - parameter: Invalid data. Expected a dictionary, but got str.
    invalid: VAL_001 - parameter: Parameter nobody does not exist.
    invalid: VAL_001 - parameter: Parameter subscription_id is not a configuration parameter.
    invalid: VAL_001 - item: A parameter of the scope product has no item.
    invalid: VAL_001 - item: A parameter of the scope marketplace has no item.
    invalid: VAL_001 - item.id: This field is required.
    invalid: VAL_001 - item: Invalid data. Expected a dictionary, but got str.
    invalid: VAL_001 - item: Item PRD-1 does not exist.
    invalid: VAL_001 - marketplace.id: This field is required.
    invalid: VAL_001 - marketplace: Marketplace MP-1 does not exist.
    invalid: VAL_001 - marketplace.id: This field is required.
    invalid: VAL_001 - value: Ensure this field has no more than 2000 characters.
    invalid: VAL_001 - value: Not a valid string.
    invalid: VAL_001 - structured_value: Not a valid string.
    invalid: VAL_001 - value: Enter a valid email address.
    ");
    assert_eq!(stage.world.dump(), before);
    assert_eq!(said(set(&mut stage, body("product", &"x".repeat(2000)))), "ok ");
}

#[test]
fn values_are_of_the_kind_of_their_parameter() {
    let mut stage = Stage::demo();
    for (name, kind) in [("list", "object"), ("code", "text"), ("days", "checkbox")] {
        stage.add_parameter(json!({
            "name": name, "type": kind, "phase": "configuration", "scope": "product",
            "constraints": {"choices": [{"value": "sat", "label": "S"}, {"value": "sun", "label": "S"}]},
        }));
    }
    for (name, sent, value, structured) in [
        ("list", json!({"structured_value": ["AS-1"]}), "", json!(["AS-1"])),
        ("list", json!({"value": "{\"a\": 1}"}), "", json!({"a": 1})),
        // The official command line tool takes what reads as JSON for structured.
        ("code", json!({"structured_value": 28}), "28", Value::Null),
        ("code", json!({"value": "29", "structured_value": {}}), "29", Value::Null),
        (
            "days",
            json!({"structured_value": {"sun": true}}),
            "",
            json!({"sat": false, "sun": true}),
        ),
    ] {
        let mut body = sent.clone();
        body["parameter"] = json!({"id": name});
        let row = set(&mut stage, body).unwrap();
        assert_eq!((text(&row, "/value").as_str(), &row["structured_value"]), (value, &structured));
    }
    let trial = stage.trial();
    let list = &trial["asset"]["configuration"]["params"][2];
    assert_eq!((text(list, "/id"), &list["structured_value"]), ("list".into(), &json!({"a": 1})));
}

#[test]
fn values_flow_into_assets_and_requests_by_their_scope() {
    let mut stage = Stage::demo();
    for scope in SCOPES {
        declare(&mut stage, scope, None);
        set(&mut stage, body(scope, "v")).unwrap();
    }
    let all = "product=v marketplace=v / item=v item_marketplace=v";
    let order = stage.order();
    let asset = text(&order, "/asset/id");
    assert_eq!(shown(&stage.asset(&asset)), all);
    let request = stage.read(&Collection::Requests, &text(&order, "/id")).unwrap();
    assert_eq!(shown(&request["asset"]), all);
    let listed =
        stage.world.list(stage.clock.now(), &stage.vendor, &Collection::Requests, "").unwrap();
    let listed: Value = serde_json::from_slice(&listed.body).unwrap();
    assert_eq!(shown(&listed[0]["asset"]), all);

    // A trial is on no marketplace.
    let trial = stage.trial();
    assert_eq!(shown(&trial["asset"]), "product=v / item=v");
    let param = &trial["asset"]["configuration"]["params"][0];
    let facts = ["/scope", "/phase", "/type", "/title"].map(|at| text(param, at));
    assert_eq!(facts, ["product", "configuration", "text", "product"]);
    assert!(param["events"]["created"]["by"]["name"].is_string(), "{param}");

    set(&mut stage, body("product", "w")).unwrap();
    assert_eq!(text(&stage.asset(&asset), "/configuration/params/0/value"), "w");
    let query = "select(-asset.configuration)";
    let listed =
        stage.world.list(stage.clock.now(), &stage.vendor, &Collection::Requests, query).unwrap();
    assert!(!String::from_utf8_lossy(&listed.body).contains("\"configuration\":"));
}

#[test]
fn others_see_what_is_shared_with_them_and_write_where_they_may() {
    let mut stage = Stage::demo();
    for (scope, shared) in [("product", None), ("item", Some("view"))] {
        declare(&mut stage, scope, shared);
        set(&mut stage, body(scope, "v")).unwrap();
    }
    declare(&mut stage, "marketplace", Some("edit"));
    let edited = command(&stage, body("marketplace", "theirs"));
    assert_eq!(said(stage.by_distributor(edited)), "ok ");
    let viewed = command(&stage, body("item", "theirs"));
    assert!(said(stage.by_distributor(viewed)).starts_with("forbidden: AUTH_004"));
    let hidden = command(&stage, body("product", "theirs"));
    let refused = "invalid: VAL_001 - parameter: Parameter product does not exist.";
    assert_eq!(said(stage.by_distributor(hidden)), refused);

    let (vendor, distributor) = (stage.vendor.clone(), stage.distributor.clone());
    let oldest = "ordering(parameter.id)";
    assert_eq!(values(&rows(&stage, &distributor, oldest)), "item=v marketplace=theirs");
    assert_eq!(values(&rows(&stage, &vendor, oldest)), "product=v item=v marketplace=theirs");
    let order = stage.order();
    assert_eq!(shown(&order["asset"]), "marketplace=theirs / item=v");
    let asset = stage.asset(&text(&order, "/asset/id"));
    assert_eq!(shown(&asset), "product=v marketplace=theirs / item=v");

    // The customer's form shows none.
    let id = text(&order, "/id");
    stage
        .update(&id, json!({"asset": {"params": [{"id": "admin_email", "value_error": "?"}]}}))
        .unwrap();
    let inquiry = stage.operate(&id, connect_model::lifecycle::Operation::Inquire, Value::Null);
    let form = stage.world.form(&id, &code_of(&inquiry.unwrap())).unwrap();
    let form: Value = serde_json::from_slice(&form).unwrap();
    assert_eq!(shown(&form["asset"]), " / ");
}

#[test]
fn values_go_with_their_parameter() {
    let mut stage = Stage::demo();
    let made = declare(&mut stage, "product", None);
    set(&mut stage, body("product", "v")).unwrap();
    let (product, id) = (stage.product(), text(&made, "/id").into());
    stage.by_vendor(ParameterCommand::Delete { product, id }).unwrap();
    assert_eq!(shown(&stage.trial()["asset"]), " / ");
    declare(&mut stage, "product", None);
    let vendor = stage.vendor.clone();
    assert_eq!(values(&rows(&stage, &vendor, "")), "");
    let body = stage.trial_body();
    let again = stage.by_vendor(RequestCommand::Create { body }).unwrap();
    assert_eq!(shown(&again["asset"]), " / ");
}
