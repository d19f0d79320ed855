//! Writing to requests: parameters, notes, approval.

use connect_model::lifecycle::Operation;
use connect_world::command::{ProductCommand, RequestCommand};
use serde_json::{Value, json};

use crate::stage::{Stage, said, text};

#[test]
fn an_update_keeps_what_it_does_not_name() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    stage.update(&id, json!({"note": "on it"})).unwrap();
    let request = stage
        .update(&id, json!({"asset": {"params": [{"id": "admin_email", "value_error": "Gone"}]}}))
        .unwrap();
    assert_eq!(text(&request, "/asset/params/0/value"), "sub-1");
    assert_eq!(text(&request, "/asset/params/1/value_error"), "Gone");
    assert_eq!(text(&request, "/note"), "on it");
}

#[test]
fn numbers_become_text_and_structured_values_bring_theirs() {
    let mut stage = Stage::demo();
    stage.add_parameter(json!({
        "name": "phone", "type": "phone", "phase": "ordering", "scope": "asset",
    }));
    let id = text(&stage.trial(), "/id");
    let phone = json!({"country_code": "+34", "area_code": "976", "phone_number": "550101",
        "extension": ""});
    let params = json!([
        {"id": "subscription_id", "value": 42},
        {"id": "phone", "structured_value": phone},
    ]);
    let request = stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    assert_eq!(request["asset"]["params"][0]["value"], "42");
    assert_eq!(request["asset"]["params"][2]["value"], "+34976550101");
    assert_eq!(request["asset"]["params"][2]["structured_value"], phone);
}

#[test]
fn updates_are_refused_when_over_or_unknown() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let id = text(&request, "/id");
    let mut lines = String::new();
    let mut note = |what: &str, answer| lines += &format!("{what}: {}\n", said(answer));
    note("unknown parameter", stage.set_param(&id, "nobody", "1"));
    note(
        "list as value",
        stage.update(&id, json!({"asset": {"params": [{"id": "admin_email", "value": []}]}})),
    );
    note("not a list", stage.update(&id, json!({"asset": {"params": {}}})));
    note("long value", stage.set_param(&id, "admin_email", &"v".repeat(2049)));
    let long = json!([{"id": "admin_email", "value_error": "e".repeat(513)}]);
    note("long error", stage.update(&id, json!({"asset": {"params": long}})));
    let longest = json!([
        {"id": "subscription_id", "value": "v".repeat(2048)},
        {"id": "admin_email", "value_error": "e".repeat(512)},
    ]);
    note("just short enough", stage.update(&id, json!({"asset": {"params": longest}})));
    note("by PRM id", stage.set_param(&id, "PRM-411-678-887-0001", "sub-1"));
    stage.approve(&id).unwrap();
    note("approved", stage.set_param(&id, "subscription_id", "2"));
    insta::assert_snapshot!(lines, @r#"
    unknown parameter: invalid: VAL_001 - asset.params: Parameter nobody does not exist.
    list as value: invalid: VAL_001 - asset.params.admin_email.value: Not a valid string.
    not a list: invalid: VAL_001 - asset.params: Expected a list of items but got type "dict".
    long value: invalid: VAL_001 - asset.params.admin_email.value: Ensure this field has no more than 2048 characters.
    long error: invalid: VAL_001 - asset.params.admin_email.value_error: Ensure this field has no more than 512 characters.
    just short enough: ok pending
    by PRM id: ok pending
    approved: invalid: REQ_003 - Only pending, draft or inquiring Fulfillments with enabled validation capability can be updated.
    "#);
}

#[test]
fn errors_beside_values_stay_with_their_request() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let id = text(&request, "/id");
    let message = json!({"message": {"id": "PRDMSG-1"}});
    let params = json!([{"id": "admin_email", "structured_error": message}]);
    let marked = stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    assert_eq!(marked["asset"]["params"][1]["structured_error"], message);
    stage.fulfil(&request);
    let change = stage.change(&text(&request, "/asset/id"), 12).unwrap();
    assert_eq!(change["asset"]["params"][1].get("structured_error"), None);
}

#[test]
fn a_unique_value_is_taken_once() {
    let mut stage = Stage::demo();
    stage.add_parameter(json!({
        "name": "tenant", "type": "text", "phase": "fulfillment", "scope": "asset",
        "constraints": {"unique": true},
    }));
    let (first, second) = (stage.trial(), stage.trial());
    stage.set_param(&text(&first, "/id"), "tenant", "t-1").unwrap();
    stage.set_param(&text(&first, "/id"), "tenant", "t-1").unwrap();
    assert_eq!(
        said(stage.set_param(&text(&second, "/id"), "tenant", "t-1")),
        "invalid: VAL_001 - asset.params: Value of parameter tenant must be unique."
    );
}

#[test]
fn approval_needs_its_parameters_a_date_and_a_fitting_template() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    let mut lines = String::new();
    let mut note = |what: &str, answer| lines += &format!("{what}: {}\n", said(answer));
    let approve = |stage: &mut Stage, body: Value| stage.operate(&id, Operation::Approve, body);
    note("not fulfilled", approve(&mut stage, json!({"template_id": null})));
    note("bad date", approve(&mut stage, json!({"effective_date": "tomorrow"})));
    note("unknown template", approve(&mut stage, json!({"template_id": "TL-000-000-000"})));
    note("inquiring template", approve(&mut stage, json!({"template_id": "TL-120-774-337"})));
    insta::assert_snapshot!(lines, @r#"
    not fulfilled: invalid: REQ_003 - Required parameters are not filled: subscription_id
    bad date: invalid: VAL_001 - effective_date: Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].
    unknown template: invalid: VAL_001 - template_id: Template does not exist.
    inquiring template: invalid: VAL_001 - template_id: Template does not exist.
    "#);
}

#[test]
fn approval_fills_the_activation_text_and_the_effective_date() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let (id, asset) = (text(&request, "/id"), text(&request, "/asset/id"));
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    let body = json!({"template_id": null, "effective_date": "2024-06-11T08:00:00+00:00"});
    let approved = stage.operate(&id, Operation::Approve, body).unwrap();
    assert_eq!(
        text(&approved, "/activation_key"),
        format!("# Welcome\n\nYour subscription {asset} is ready.")
    );
    assert_eq!(text(&approved, "/template/name"), "Default Activation Template");
    assert_eq!(text(&approved, "/effective_date"), "2024-06-11T08:00:00+00:00");
    assert_eq!(text(&approved, "/events/approved/by/name"), "processor");
}

#[test]
fn a_request_is_approved_with_the_template_it_already_shows() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    assert_eq!(text(&request, "/template/name"), "Default Pending Template");
    let id = text(&request, "/id");
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    let body = json!({"template_id": request["template"]["id"]});
    let approved = stage.operate(&id, Operation::Approve, body).unwrap();
    assert_eq!(text(&approved, "/template/name"), "Default Activation Template");
}

#[test]
fn a_tile_is_filled_like_a_template() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    let body = json!({"activation_tile": "Yours: {{ subscription_id }} {{nobody}}!"});
    let approved = stage.operate(&id, Operation::Approve, body).unwrap();
    assert_eq!(text(&approved, "/activation_key"), "Yours: sub-1 !");
    assert!(approved.get("template").is_none());
}

#[test]
fn failing_needs_a_reason() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let id = text(&request, "/id");
    let refused = "invalid: REQ_005 - Missed fields: reason.";
    assert_eq!(said(stage.operate(&id, Operation::Fail, Value::Null)), refused);
    assert_eq!(said(stage.operate(&id, Operation::Fail, json!({"reason": ""}))), refused);
    stage.operate(&id, Operation::Fail, json!({"reason": "No"})).unwrap();
    assert_eq!(stage.asset_status(&text(&request, "/asset/id")), "terminated");
}

#[test]
fn a_request_is_given_to_a_person_and_taken_back() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let id = text(&request, "/id");
    assert_eq!(request["assignee"], "");
    let mail = json!({"email": "ines@fernway.example"});
    let assigned = stage.operate(&id, Operation::Assign, mail).unwrap();
    assert_eq!(text(&assigned, "/assignee/name"), "Ines Aldana");
    let strangers = [
        json!({"id": "UR-000-000-000"}),
        json!({"id": "UR-512-907-461"}),
        json!({"email": "tor@harborline.example"}),
    ];
    for stranger in strangers {
        assert_eq!(
            said(stage.operate(&id, Operation::Assign, stranger)),
            "invalid: VAL_001 - id: User does not exist."
        );
    }
    let free = stage.operate(&id, Operation::Unassign, Value::Null).unwrap();
    assert_eq!(free["assignee"], "");
}

#[test]
fn what_is_refused_takes_no_number_from_what_comes_next() {
    let mut stage = Stage::demo();
    let unnamed = json!({"name": "Tea", "category": {"name": "Drinks"}});
    let without_key = json!({
        "name": "Tea", "customer_ui_settings": {"action": {"jwt_secret": 7}},
    });
    for body in [unnamed, without_key] {
        assert!(stage.by_vendor(ProductCommand::Create { body }).is_err());
    }
    let mut order = stage.order_body();
    order["asset"]["items"] = json!([{"mpn": "MPN-NONE", "quantity": 1}]);
    assert!(stage.by_distributor(RequestCommand::Create { body: order }).is_err());
    let after = text(&stage.trial(), "/id");
    assert_eq!(after, text(&Stage::demo().trial(), "/id"));
}
