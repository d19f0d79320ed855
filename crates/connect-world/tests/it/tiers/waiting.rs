//! What the product asks of resellers changes while a purchase waits for them.

use connect_model::lifecycle::Operation;
use connect_world::Collection;
use connect_world::command::{
    ParameterCommand, RequestCommand, TierAccountCommand, TierConfigRequestCommand,
};
use serde_json::{Value, json};

use super::{Tiers as _, approve_level, named, order, order_body, reseller, stage};
use crate::stage::{Stage, said, text};

/// Nothing waits for what nobody asks for any more, once the set-up it waited for is decided.
#[test]
fn a_purchase_is_not_forgotten_when_the_product_stops_asking_while_it_waits() {
    let stop = json!({"tiers": {"configs": null}});
    for approved in [true, false] {
        let mut stage = stage(2);
        let purchase = text(&order(&mut stage, "one"), "/id");
        stage.switch(&stop);
        let far = text(&stage.at(2), "/id");
        if approved {
            approve_level(&mut stage, 2);
            assert_eq!(stage.status_of(&purchase), "pending");
            assert_eq!(text(&stage.at(1), "/status"), "inquiring");
        } else {
            stage.act(&far, Operation::Fail, json!({"reason": "No"})).unwrap();
            assert_eq!(stage.status_of(&purchase), "failed");
        }
    }
}

#[test]
fn a_purchase_is_not_forgotten_when_the_product_asks_for_more_while_it_waits() {
    let mut stage = stage(2);
    stage.switch(&json!({"tiers": {"configs": {"level": 1}}}));
    let purchase = text(&order(&mut stage, "one"), "/id");
    stage.switch(&json!({"tiers": {"configs": {"level": 2}}}));
    approve_level(&mut stage, 1);
    assert_eq!(stage.status_of(&purchase), "tiers_setup");
    approve_level(&mut stage, 2);
    assert_eq!(stage.status_of(&purchase), "pending");
}

#[test]
fn a_set_up_that_was_asked_for_has_the_reseller_above_set_up_first() {
    let mut stage = stage(2);
    let far = reseller("far");
    let mut body = named(&stage, "2");
    body["configuration"]["account"] = far;
    body["params"][0]["id"] = json!("partner_code_2");
    let above = stage.by_distributor(TierConfigRequestCommand::Create { body }).unwrap();
    stage.act(&text(&above, "/id"), Operation::Fail, json!({"reason": "Later"})).unwrap();
    let parent = text(&above, "/configuration/account/id");
    let mut near = reseller("near");
    near["type"] = json!("reseller");
    near["parent"] = json!({"id": parent});
    let command = TierAccountCommand::Create { body: near };
    stage.by_distributor(command).unwrap();
    let body = named(&stage, "1");
    let set_up = stage.by_distributor(TierConfigRequestCommand::Create { body }).unwrap();
    assert_eq!(text(&set_up, "/status"), "tiers_setup");
    approve_level(&mut stage, 2);
    assert_eq!(text(&stage.at(1), "/status"), "pending");
}

#[test]
fn a_set_up_shows_the_configuration_above_it_when_the_product_asks_for_none_any_more() {
    let mut stage = stage(2);
    order(&mut stage, "one");
    approve_level(&mut stage, 2);
    stage.switch(&json!({"tiers": {"configs": {"level": 1}}}));
    let near = stage.at(1);
    assert_eq!(text(&near, "/parent_configuration/params/0/value"), "OR-9");
}

#[test]
fn values_stay_with_the_parameter_of_their_scope_when_another_takes_its_name() {
    let mut stage = stage(1);
    order(&mut stage, "one");
    let product = stage.product();
    let look = |stage: &Stage, field: &str| {
        ["/params/0", "/configuration/params/0"]
            .map(|at| text(&stage.at(1), &format!("{at}/{field}")))
    };
    approve_level(&mut stage, 1);
    let parameters = Collection::Parameters(product.clone());
    let (ids, _) = stage.ids(&parameters, "eq(name,partner_code_1)");
    let id = ids[0].as_str().into();
    stage.by_vendor(ParameterCommand::Delete { product, id }).unwrap();
    stage.add_parameter(json!({
        "name": "partner_code_1", "title": "Another", "type": "text", "phase": "ordering",
        "scope": "asset",
    }));
    assert_eq!(look(&stage, "scope"), ["tier1", "tier1"]);
    assert_eq!(look(&stage, "title"), ["partner_code", "partner_code"]);
}

/// A sale may name a farther reseller than the one its set-up waits for.
#[test]
fn the_refusal_of_a_far_reseller_is_told_once_to_all_that_waits() {
    let mut stage = stage(2);
    let first = text(&order(&mut stage, "one"), "/id");
    let mut body = order_body(&stage, "two");
    body["asset"]["tiers"]["tier2"] = Value::Null;
    let second = stage.by_distributor(RequestCommand::Create { body }).unwrap();
    let second = text(&second, "/id");
    let far = text(&stage.at(2), "/id");
    stage.act(&far, Operation::Fail, json!({"reason": "No"})).unwrap();
    let near = text(&stage.at(1), "/reason");
    let reasons =
        [first, second].map(|id| text(&stage.read(&Collection::Requests, &id).unwrap(), "/reason"));
    let told = format!("Tier configuration request {far} failed: No");
    assert_eq!([near, reasons[0].clone(), reasons[1].clone()], [(); 3].map(|()| told.clone()));
}

#[test]
fn a_draft_set_up_is_not_ordered_once_another_was_approved() {
    let mut stage = stage(1);
    stage.switch(&json!({"tiers": {"validation": true}}));
    let mut body = named(&stage, "1");
    body["status"] = json!("draft");
    let create = |body: &Value| TierConfigRequestCommand::Create { body: body.clone() };
    let draft = text(&stage.by_distributor(create(&body)).unwrap(), "/id");
    body["status"] = json!("pending");
    let other = text(&stage.by_distributor(create(&body)).unwrap(), "/id");
    let tag = json!({"params": [{"id": "partner_tag_1", "value": "t-1"}]});
    stage.act(&other, Operation::Update, tag).unwrap();
    stage.act(&other, Operation::Approve, json!({})).unwrap();
    let before = stage.world.dump();
    let (id, operation, code) = (draft.into(), Operation::Submit, None);
    let command = TierConfigRequestCommand::Operate { id, operation, body: json!({}), code };
    let refused = said(stage.by_distributor(command));
    assert!(refused.contains("is set up already"), "{refused}");
    assert_eq!(stage.world.dump(), before);
}
