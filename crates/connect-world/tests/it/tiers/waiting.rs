//! What the product asks of resellers changes while a purchase waits for them.

use connect_model::lifecycle::Operation;
use connect_world::command::{TierAccountCommand, TierConfigRequestCommand};
use serde_json::json;

use super::{Tiers as _, approve_level, named, order, reseller, stage};
use crate::stage::{said, text};

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
fn a_draft_set_up_is_not_ordered_once_another_was_approved() {
    let mut stage = stage(1);
    stage.switch(&json!({"tiers": {"validation": true}}));
    let mut body = named(&stage, "1");
    body["status"] = json!("draft");
    let create = |body: &serde_json::Value| TierConfigRequestCommand::Create { body: body.clone() };
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
