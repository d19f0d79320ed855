//! What is written into a request that is open.

use connect_model::lifecycle::Operation;
use connect_world::Actor;
use connect_world::command::TierConfigRequestCommand;
use serde_json::{Value, json};

use super::{Tiers as _, order, stage};
use crate::stage::{said, text};

#[test]
fn an_edit_names_no_other_configuration_or_type() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    let id = text(&stage.at(1), "/id");
    stage.fill_in(&id, 1).unwrap();
    let before = stage.world.dump();
    let told = [json!({"type": "update"}), json!({"configuration": {"id": "TC-1"}})]
        .map(|body| said(stage.act(&id, Operation::Update, body)));
    assert_eq!(stage.world.dump(), before);
    insta::assert_snapshot!(told.join("\n"), @"
    invalid: VAL_001 - type: This field cannot be changed.
    invalid: VAL_001 - configuration: This field cannot be changed.
    ");
    let read = stage.at(1);
    stage.act(&id, Operation::Update, read).unwrap();
}

#[test]
fn a_form_without_what_was_asked_is_refused() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    let request = stage.at(1);
    let (id, link) = (text(&request, "/id"), text(&request, "/activation/link"));
    let code = link.split_once("?code=").and_then(|(_, code)| code.split('&').next()).unwrap();
    let before = stage.world.dump();
    let empty = json!([{"id": "partner_code_1", "value": ""}]);
    for (body, path) in [
        (Value::Null, "params"),
        (json!({}), "params"),
        (json!({"params": []}), "params.partner_code_1"),
        (json!({ "params": empty }), "params.partner_code_1"),
    ] {
        let (id, code) = (id.as_str().into(), Some(code.to_owned()));
        let command =
            TierConfigRequestCommand::Operate { id, operation: Operation::Pend, body, code };
        let refused = said(stage.apply(&Actor::Customer, command));
        assert_eq!(refused, format!("invalid: VAL_001 - {path}: This field is required."));
    }
    assert_eq!(stage.world.dump(), before);
    stage.answer_form(&id, 1).unwrap();
}
