//! Asking the customer, and the customer's answer.

use connect_model::lifecycle::Operation;
use connect_world::Actor;
use connect_world::command::RequestCommand;
use serde_json::{Value, json};

use crate::stage::{Stage, code_of, said, text};

/// A trial whose e-mail address the vendor found wrong, waiting for the customer.
fn inquiring(stage: &mut Stage) -> Value {
    let id = text(&stage.trial(), "/id");
    let params =
        json!([{"id": "admin_email", "value": "a@b.example", "value_error": "No such mailbox"}]);
    stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    stage.operate(&id, Operation::Inquire, Value::Null).unwrap()
}

#[test]
fn inquiring_needs_a_wrong_value() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    assert_eq!(
        said(stage.operate(&id, Operation::Inquire, Value::Null)),
        "invalid: REQ_003 - For marking request to inquiring status at least one \
         parameter should be marked as invalid."
    );
}

#[test]
fn the_customer_answers_through_the_form() {
    let mut stage = Stage::demo();
    let request = inquiring(&mut stage);
    let id = text(&request, "/id");
    assert_eq!(text(&request, "/template/name"), "Default Inquiring Template");
    assert!(text(&request, "/params_form_url").ends_with(&format!("&request_id={id}")));

    let given = json!({"asset": {"params": [{"id": "admin_email", "value": "a@c.example"}]}});
    let answered = stage.answer(&id, &code_of(&request), given).unwrap();
    let shown: Vec<String> = [
        "/status",
        "/answered",
        "/params_form_url",
        "/asset/params/1/value",
        "/asset/params/1/value_error",
        "/template/name",
    ]
    .iter()
    .map(|pointer| text(&answered, pointer))
    .collect();
    assert_eq!(shown, ["pending", "true", "", "a@c.example", "", "Default Pending Template"]);
}

#[test]
fn the_form_opens_only_with_its_code() {
    let mut stage = Stage::demo();
    let request = inquiring(&mut stage);
    let id = text(&request, "/id");
    let forbidden = "forbidden: AUTH_004 - You do not have permission to perform this action.";
    assert_eq!(said(stage.answer(&id, "XXXX-XXXX", Value::Null)), forbidden);

    let command = |operation, code: Option<String>| RequestCommand::Operate {
        id: id.as_str().into(),
        operation,
        body: Value::Null,
        code,
    };
    assert_eq!(said(stage.apply(&Actor::Customer, command(Operation::Pend, None))), forbidden);
    let code = Some(code_of(&request));
    assert_eq!(
        said(stage.apply(&Actor::Customer, command(Operation::Approve, code.clone()))),
        forbidden
    );
    let fulfil = json!({"asset": {"params": [{"id": "subscription_id", "value": "mine"}]}});
    assert_eq!(
        said(stage.answer(&id, &code_of(&request), fulfil)),
        "invalid: VAL_001 - asset.params: Parameter subscription_id is not an ordering parameter."
    );
    stage.answer(&id, &code_of(&request), json!({"asset": {"params": []}})).unwrap();
    assert_eq!(said(stage.apply(&Actor::Customer, command(Operation::Pend, code))), forbidden);
}

#[test]
fn a_form_is_sent_with_its_answers_or_it_stays_open() {
    let mut stage = Stage::demo();
    let request = inquiring(&mut stage);
    let (id, code) = (text(&request, "/id"), code_of(&request));
    let before = stage.world.dump();
    for body in [Value::Null, json!({}), json!({"asset": {}}), json!({"asset": {"params": null}})] {
        assert_eq!(
            said(stage.answer(&id, &code, body)),
            "invalid: VAL_001 - asset.params: This field is required."
        );
    }
    assert_eq!(stage.world.dump(), before);
    let given = json!({"asset": {"params": [{"id": "admin_email", "value": "a@c.example"}]}});
    assert_eq!(said(stage.answer(&id, &code, given)), "ok pending");
}

#[test]
fn a_structured_error_is_an_object_or_nothing() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    let error = |error: Value| json!({"asset": {"params": [{"id": "admin_email", "structured_error": error}]}});
    let before = stage.world.dump();
    let told = [json!("wrong"), json!(["wrong"]), json!(5)]
        .map(|wrong| said(stage.update(&id, error(wrong))));
    insta::assert_snapshot!(told.join("\n"), @"
        invalid: VAL_001 - asset.params.admin_email.structured_error: Invalid data. Expected a dictionary, but got str.
        invalid: VAL_001 - asset.params.admin_email.structured_error: Invalid data. Expected a dictionary, but got list.
        invalid: VAL_001 - asset.params.admin_email.structured_error: Invalid data. Expected a dictionary, but got int.
        ");
    assert_eq!(stage.world.dump(), before);
    let written = stage.update(&id, error(json!({"city": ["No such city"]}))).unwrap();
    assert_eq!(written["asset"]["params"][1]["structured_error"]["city"][0], "No such city");
    let cleared = stage.update(&id, error(Value::Null)).unwrap();
    assert!(cleared["asset"]["params"][1].get("structured_error").is_none_or(Value::is_null));
}

#[test]
fn the_vendor_brings_it_back_without_an_answer() {
    let mut stage = Stage::demo();
    let request = inquiring(&mut stage);
    let pending = stage.operate(&text(&request, "/id"), Operation::Pend, Value::Null).unwrap();
    assert_eq!(text(&pending, "/status"), "pending");
    assert_eq!(text(&pending, "/answered"), "false");
    assert_eq!(text(&pending, "/asset/params/1/value_error"), "No such mailbox");
}

#[test]
fn an_inquiring_request_is_updated_only_with_the_capability() {
    let mut stage = Stage::demo();
    let id = text(&inquiring(&mut stage), "/id");
    assert!(stage.set_param(&id, "admin_email", "a@d.example").is_err());
    stage.switch(&json!({"inquiring": {"validation": true}}));
    assert!(stage.set_param(&id, "admin_email", "a@d.example").is_ok());
}

#[test]
fn an_inquiring_request_is_validated_only_with_the_capability() {
    let mut stage = Stage::demo();
    let id = text(&inquiring(&mut stage), "/id");
    let body = json!({"asset": {"params": [{"id": "admin_email", "value": "a@d.example"}]}});
    assert_eq!(
        said(stage.operate(&id, Operation::Validate, body.clone())),
        "invalid: REQ_003 - Requests cannot be validated: capability inquiring.validation is off."
    );
    stage.switch(&json!({"inquiring": {"validation": true}}));
    let validated = stage.operate(&id, Operation::Validate, body).unwrap();
    assert_eq!(text(&validated, "/asset/params/1/value"), "a@d.example");
}
