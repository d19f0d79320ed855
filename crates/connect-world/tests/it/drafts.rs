//! Drafts: edited at leisure, ordered as if they were created then.

use connect_model::lifecycle::Operation;
use connect_world::command::{ItemCommand, RequestCommand, TierAccountCommand};
use connect_world::{Actor, Collection};
use serde_json::{Value, json};

use crate::stage::{Answer, Stage, customer, said, text};

/// A world in which purchases and changes may begin as drafts.
fn drafting() -> Stage {
    let mut stage = Stage::demo();
    let change = json!({"validation": true});
    stage.switch(&json!({"cart": {"validation": true}, "subscription": {"change": change}}));
    stage
}

fn operate(stage: &mut Stage, who: &Actor, id: &str, operation: Operation, body: Value) -> Answer {
    stage.apply(who, RequestCommand::Operate { id: id.into(), operation, body, code: None })
}

/// The distributor writes to its draft.
fn rewrite(stage: &mut Stage, id: &str, body: Value) -> Answer {
    operate(stage, &stage.distributor.clone(), id, Operation::Update, body)
}

fn order_draft(stage: &mut Stage) -> Value {
    let mut body = stage.order_body();
    body["status"] = json!("draft");
    stage.by_distributor(RequestCommand::Create { body }).unwrap()
}

/// A draft change of a trial to so many units.
fn change_draft(stage: &mut Stage, asset: &str, quantity: u32) -> String {
    let items = json!([{"mpn": "MPN-A", "quantity": quantity}]);
    let asset = json!({"id": asset, "items": items});
    let body = json!({"type": "change", "status": "draft", "asset": asset});
    text(&stage.by_vendor(RequestCommand::Create { body }).unwrap(), "/id")
}

fn add_item(stage: &mut Stage, name: &str, mpn: &str) {
    let product = stage.product();
    let body = json!({"name": name, "mpn": mpn, "type": "reservation"});
    stage.by_vendor(ItemCommand::Create { product, body }).unwrap();
}

#[test]
fn a_draft_is_edited_and_then_ordered() {
    let mut stage = drafting();
    let draft = order_draft(&mut stage);
    let (id, asset) = (text(&draft, "/id"), text(&draft, "/asset/id"));
    assert_eq!(
        (text(&draft, "/status"), stage.asset_status(&asset)),
        ("draft".into(), "draft".into())
    );

    let items = json!([{"mpn": "MPN-A", "quantity": 3}]);
    rewrite(&mut stage, &id, json!({"asset": {"items": items}})).unwrap();
    assert_eq!(text(&stage.asset(&asset), "/items/0/quantity"), "3");
    let distributor = stage.distributor.clone();
    let ordered = operate(&mut stage, &distributor, &id, Operation::Purchase, Value::Null).unwrap();
    assert_eq!(text(&ordered, "/status"), "pending");
    assert_eq!(text(&ordered, "/asset/items/0/quantity"), "3");
    assert_eq!(stage.asset_status(&asset), "processing");
}

#[test]
fn a_draft_is_written_by_who_sells_alone() {
    let mut stage = drafting();
    let draft = text(&order_draft(&mut stage), "/id");
    let (vendor, body) = (stage.vendor.clone(), json!({"note": "ours"}));
    for operation in [Operation::Update, Operation::Validate, Operation::Purchase] {
        let denied = operate(&mut stage, &vendor, &draft, operation, body.clone());
        let forbidden = "forbidden: AUTH_004 - You do not have permission to perform this action.";
        assert_eq!(said(denied), forbidden, "{operation:?}");
    }
    let trial = stage.active_trial();
    let draft = change_draft(&mut stage, &trial, 9);
    let written = operate(&mut stage, &vendor, &draft, Operation::Update, body).unwrap();
    assert_eq!(text(&written, "/note"), "ours");
}

#[test]
fn a_draft_that_was_read_is_sent_back_with_the_vendors_parameters() {
    let mut stage = drafting();
    let draft = order_draft(&mut stage);
    let id = text(&draft, "/id");
    let vendors = draft["asset"]["params"].as_array().unwrap();
    assert!(vendors.iter().any(|param| param["phase"] == "fulfillment"));
    let distributor = stage.distributor.clone();
    let read = json!({"asset": {"params": draft["asset"]["params"]}});
    for operation in [Operation::Update, Operation::Validate] {
        let answer = operate(&mut stage, &distributor, &id, operation, read.clone());
        assert_eq!(said(answer), "ok draft", "{operation:?}");
    }
}

#[test]
fn a_draft_is_rewritten_with_its_customer_and_the_hubs_ids() {
    let mut stage = drafting();
    let draft = order_draft(&mut stage);
    let (id, asset) = (text(&draft, "/id"), text(&draft, "/asset/id"));
    let mut other = customer();
    other["name"] = json!("Juniper Foods");
    other["external_id"] = json!("100772");
    other["external_uid"] = json!("d3b2");
    let body = json!({"asset": {
        "external_id": "new-id", "external_uid": "new-uid", "external_name": "Backup of Juniper",
        "tiers": {"customer": other},
    }});
    let rewritten = rewrite(&mut stage, &id, body).unwrap();
    let live = stage.asset(&asset);
    for (shown, field) in [
        ("new-id", "/external_id"),
        ("new-uid", "/external_uid"),
        ("Backup of Juniper", "/external_name"),
        ("Juniper Foods", "/tiers/customer/name"),
        ("8", "/items/0/quantity"),
    ] {
        assert_eq!(text(&rewritten["asset"], field), shown, "{field}");
        assert_eq!(text(&live, field), shown, "{field}");
    }
    let found = |uid: &str| stage.ids(&Collection::Assets, &format!("external_uid={uid}")).0;
    assert_eq!((found("new-uid"), found("7e1b0c52-3a6f")), (vec![asset], vec![]));
}

#[test]
fn a_draft_takes_no_unique_id_that_another_subscription_has() {
    let mut stage = drafting();
    let id = text(&order_draft(&mut stage), "/id");
    let same = json!({"asset": {"external_uid": "7e1b0c52-3a6f"}});
    rewrite(&mut stage, &id, same.clone()).unwrap();
    rewrite(&mut stage, &id, json!({"asset": {"external_uid": "new-uid"}})).unwrap();
    let second = stage.order();
    let said = said(rewrite(&mut stage, &id, same));
    let asset = text(&second, "/asset/id");
    assert_eq!(
        said,
        format!("conflict: REQ_002 - Asset {asset} with external_uid 7e1b0c52-3a6f exists.")
    );
}

#[test]
fn a_draft_ordered_late_starts_from_what_its_asset_is_by_then() {
    let mut stage = drafting();
    stage.switch(&json!({"subscription": {"change": {"editable_ordering_parameters": true}}}));
    add_item(&mut stage, "Archive", "MPN-B");
    let asset = stage.active_trial();
    let draft = change_draft(&mut stage, &asset, 12);

    let items = json!([{"mpn": "MPN-A", "quantity": 11}, {"mpn": "MPN-B", "quantity": 2}]);
    let params = json!([{"id": "admin_email", "value": "new@cedar.example"}]);
    let body = json!({"id": asset, "items": items, "params": params});
    let body = json!({"type": "change", "asset": body});
    let other = stage.by_vendor(RequestCommand::Create { body }).unwrap();
    stage.approve(&text(&other, "/id")).unwrap();

    let ordered = stage.operate(&draft, Operation::Submit, Value::Null).unwrap();
    let rows = ordered["asset"]["items"].as_array().unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| ["/mpn", "/old_quantity", "/quantity"].map(|it| text(row, it)))
        .collect();
    assert_eq!(rows, [["MPN-A", "11", "12"], ["MPN-B", "2", "2"]]);
    assert_eq!(text(&ordered, "/asset/params/1/value"), "new@cedar.example");
    assert_eq!(text(&ordered, "/previous_approved_request/id"), text(&other, "/id"));

    stage.approve(&draft).unwrap();
    let asset = stage.asset(&asset);
    let shown = ["/items/0/quantity", "/items/1/quantity", "/params/1/value"];
    assert_eq!(shown.map(|it| text(&asset, it)), ["12", "2", "new@cedar.example"]);
}

#[test]
fn a_draft_ordered_late_has_the_newest_version_of_its_customer() {
    let mut stage = drafting();
    let draft = order_draft(&mut stage);
    let id = text(&draft, "/asset/tiers/customer/id").into();
    let body = json!({"name": "Cedar & Sons"});
    stage.by_distributor(TierAccountCommand::Update { id, body }).unwrap();
    let id = text(&draft, "/id");
    let shown = stage.read(&Collection::Requests, &id).unwrap();
    assert_eq!(text(&shown, "/asset/tiers/customer/name"), "Cedar Bakery SL");
    let distributor = stage.distributor.clone();
    let ordered = operate(&mut stage, &distributor, &id, Operation::Purchase, Value::Null).unwrap();
    assert_eq!(text(&ordered, "/asset/tiers/customer/name"), "Cedar & Sons");
}

#[test]
fn a_draft_that_changes_nothing_any_more_is_refused() {
    let mut stage = drafting();
    let asset = stage.active_trial();
    let unchanged = "invalid: VAL_001 - asset.items: Item quantities are not changed.";
    let overtaken = change_draft(&mut stage, &asset, 12);
    let same = stage.change(&asset, 12).unwrap();
    stage.approve(&text(&same, "/id")).unwrap();
    assert_eq!(said(stage.operate(&overtaken, Operation::Submit, Value::Null)), unchanged);

    let rewritten = change_draft(&mut stage, &asset, 13);
    let items = json!([{"mpn": "MPN-A", "quantity": 12}]);
    stage.update(&rewritten, json!({"asset": {"items": items}})).unwrap();
    assert_eq!(said(stage.operate(&rewritten, Operation::Submit, Value::Null)), unchanged);
}

#[test]
fn a_draft_brings_no_values_that_a_change_may_not() {
    let mut stage = drafting();
    let asset = stage.active_trial();
    let draft = change_draft(&mut stage, &asset, 12);
    let write =
        |stage: &mut Stage, value: &str| said(stage.set_param(&draft, "admin_email", value));
    let needs = "invalid: VAL_001 - asset.params: Changing values needs the capability \
                 subscription.change.editable_ordering_parameters.";
    assert_eq!(write(&mut stage, "new@cedar.example"), needs);
    assert_eq!(write(&mut stage, ""), "ok draft");
    let marked = json!({"asset": {"params": [{"id": "admin_email", "value_error": "No"}]}});
    assert_eq!(said(stage.update(&draft, marked)), "ok draft");
    assert_eq!(
        said(stage.set_param(&draft, "subscription_id", "sub-2")),
        "invalid: VAL_001 - asset.params: Parameter subscription_id is not an ordering parameter."
    );

    let editable =
        |on: bool| json!({"subscription": {"change": {"editable_ordering_parameters": on}}});
    stage.switch(&editable(true));
    assert_eq!(write(&mut stage, "new@cedar.example"), "ok draft");
    stage.switch(&editable(false));
    assert_eq!(said(stage.operate(&draft, Operation::Submit, Value::Null)), needs);
}

#[test]
fn values_of_the_vendors_own_parameters_are_changed_where_the_product_lets_them_be() {
    let mut stage = drafting();
    let asset = stage.active_trial();
    let create = |stage: &mut Stage, status: &str| {
        let params = json!([{"id": "subscription_id", "value": "sub-2"}]);
        let asset = json!({"id": asset, "params": params});
        let body = json!({"type": "change", "status": status, "asset": asset});
        stage.by_vendor(RequestCommand::Create { body })
    };
    let closed = "invalid: VAL_001 - asset.params: Parameter subscription_id is not an ordering \
                  parameter.";
    assert_eq!(said(create(&mut stage, "pending")), closed);
    let editable =
        |on: bool| json!({"subscription": {"change": {"editable_fulfillment_parameters": on}}});
    stage.switch(&editable(true));
    let draft = text(&create(&mut stage, "draft").unwrap(), "/id");
    stage.switch(&editable(false));
    assert_eq!(
        said(stage.operate(&draft, Operation::Submit, Value::Null)),
        "invalid: VAL_001 - asset.params: Changing values needs the capability \
         subscription.change.editable_fulfillment_parameters."
    );
    stage.switch(&editable(true));
    stage.operate(&draft, Operation::Submit, Value::Null).unwrap();
    stage.approve(&draft).unwrap();
    assert_eq!(text(&stage.asset(&asset), "/params/0/value"), "sub-2");
}
