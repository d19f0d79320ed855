//! Renewals: who asks for them, for how long, and what they do.

use connect_model::lifecycle::Operation;
use connect_world::command::RequestCommand;
use serde_json::{Value, json};

use crate::stage::{Answer, Stage, said, text};

const UNTIL: &str = "/renewal_expiration_date";
const FROM: &str = "2024-07-11T07:30:03+00:00";

/// A product with explicit renewal, which its vendor lets people ask for.
fn stage() -> Stage {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"schema": "explicit", "renew": {
        "enable_renew": true, "validation": true, "scheduling": true,
    }}}));
    stage
}

/// The vendor renews its own trial, with something said of its item.
fn renew(stage: &mut Stage, asset: &str, item: &Value) -> Answer {
    let mut row = json!({"mpn": "MPN-A"});
    row.as_object_mut().unwrap().extend(item.as_object().cloned().unwrap_or_default());
    let body = json!({"type": "renew", "asset": {"id": asset, "items": [row]}});
    stage.by_vendor(RequestCommand::Create { body })
}

fn until(stage: &Stage, asset: &str) -> String {
    text(&stage.asset(asset), UNTIL)
}

#[test]
fn a_subscription_lasts_a_period_and_a_renewal_prolongs_it() {
    let mut stage = stage();
    let asset = stage.active_trial();
    insta::assert_snapshot!(until(&stage, &asset), @"2024-07-11T07:30:04+00:00");

    let renew = stage.request("renew", &asset).unwrap();
    assert_eq!(text(&renew, "/status"), "pending");
    insta::assert_json_snapshot!(renew["asset"]["items"][0]["renewal"], @r#"
    {
      "from": "2024-07-11T07:30:04+00:00",
      "to": "2024-08-11T07:30:04+00:00",
      "period_delta": 1,
      "period_uom": "month"
    }
    "#);
    let before = until(&stage, &asset);
    assert_eq!(text(&renew, &format!("/asset{UNTIL}")), before);

    let approved = stage.approve(&text(&renew, "/id")).unwrap();
    assert_eq!(text(&approved, "/asset/items/0/renewal/from"), before);
    insta::assert_snapshot!(until(&stage, &asset), @"2024-08-11T07:30:04+00:00");
    let asset = stage.asset(&asset);
    assert_eq!(text(&asset, "/items/0/quantity"), "10");
    assert_eq!(asset["items"][0].get("renewal"), None);
}

#[test]
fn a_renewal_that_fails_or_is_taken_back_changes_nothing() {
    let mut stage = stage();
    let asset = stage.active_trial();
    let before = stage.asset(&asset);
    let id = text(&stage.request("renew", &asset).unwrap(), "/id");
    stage.operate(&id, Operation::Fail, json!({"reason": "No"})).unwrap();
    let id = text(&stage.request("renew", &asset).unwrap(), "/id");
    let planned = json!({"planned_date": "2024-07-01T00:00:00+00:00"});
    stage.operate(&id, Operation::Schedule, planned).unwrap();
    stage.operate(&id, Operation::Revoke, json!({"reason": "Changed our mind"})).unwrap();
    stage.operate(&id, Operation::Confirm, Value::Null).unwrap();
    let after = stage.asset(&asset);
    for field in ["status", "items", "params", "tiers", "renewal_expiration_date"] {
        assert_eq!(before[field], after[field], "{field}");
    }
}

#[test]
fn a_renewal_may_be_for_another_period_than_the_one_that_is_billed() {
    let mut stage = stage();
    let asset = stage.active_trial();
    let years = json!({"renewal": {"period_delta": 2, "period_uom": "year"}});
    let id = text(&renew(&mut stage, &asset, &years).unwrap(), "/id");
    stage.approve(&id).unwrap();
    insta::assert_snapshot!(until(&stage, &asset), @"2026-07-11T07:30:04+00:00");
    let hours = json!({"quantity": "10", "renewal": {"period_delta": "36", "period_uom": "hour"}});
    let id = text(&renew(&mut stage, &asset, &hours).unwrap(), "/id");
    stage.approve(&id).unwrap();
    insta::assert_snapshot!(until(&stage, &asset), @"2026-07-12T19:30:04+00:00");
}

#[test]
fn what_is_no_renewal_is_refused() {
    let mut stage = stage();
    let asset = stage.active_trial();
    let mut lines = String::new();
    for item in [
        json!({"quantity": 12}),
        json!({"mpn": "MPN-Z"}),
        json!({"renewal": "a year"}),
        json!({"renewal": {"period_delta": 1}}),
        json!({"renewal": {"period_uom": "year"}}),
        json!({"renewal": {"period_delta": 0, "period_uom": "year"}}),
        json!({"renewal": {"period_delta": 1.5, "period_uom": "year"}}),
        json!({"renewal": {"period_delta": 10000, "period_uom": "year"}}),
        json!({"renewal": {"period_delta": 1, "period_uom": "decade"}}),
        json!({"renewal": {"from": "soon"}}),
        json!({"renewal": {"from": FROM}}),
        json!({"renewal": {"to": "2024-07-30T00:00:00+00:00"}}),
    ] {
        let answer = renew(&mut stage, &asset, &item);
        lines += &format!("{}\n", said(answer));
    }
    insta::assert_snapshot!(lines, @r#"
    invalid: VAL_001 - asset.items: Item quantities are not changed by a renewal.
    invalid: VAL_001 - asset.items: Item MPN-Z does not exist.
    invalid: VAL_001 - asset.items.renewal: Invalid data. Expected a dictionary, but got str.
    invalid: VAL_001 - asset.items.renewal.period_uom: This field is required.
    invalid: VAL_001 - asset.items.renewal.period_delta: This field is required.
    invalid: VAL_001 - asset.items.renewal.period_delta: A whole number between 1 and 10000 is required.
    invalid: VAL_001 - asset.items.renewal.period_delta: A whole number between 1 and 10000 is required.
    invalid: VAL_001 - asset.items.renewal.period_delta: The date is too far away.
    invalid: VAL_001 - asset.items.renewal.period_uom: "decade" is not a valid choice.
    invalid: VAL_001 - asset.items.renewal.from: Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].
    invalid: VAL_001 - asset.items.renewal.from: Must be 2024-07-11T07:30:04+00:00 for a renewal of 1 month.
    invalid: VAL_001 - asset.items.renewal.to: Must be 2024-08-11T07:30:04+00:00 for a renewal of 1 month.
    "#);
    assert_eq!(stage.asset_status(&asset), "active");
}

#[test]
fn only_subscriptions_that_expire_are_renewed() {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"renew": {"enable_renew": true}}}));
    let asset = stage.active_trial();
    assert_eq!(stage.asset(&asset).get("renewal_expiration_date"), None);
    insta::assert_snapshot!(said(stage.request("renew", &asset)), @"invalid: VAL_001 - asset.id: The subscription has no renewal expiration date: it goes on by itself.");

    // A subscription keeps what it was sold as.
    stage.switch(&json!({"subscription": {"schema": "explicit"}}));
    assert_eq!(stage.asset(&asset).get("renewal_expiration_date"), None);
    insta::assert_snapshot!(said(stage.request("renew", &asset)), @"invalid: VAL_001 - asset.id: The subscription has no renewal expiration date: it goes on by itself.");
}

#[test]
fn distributors_renew_and_vendors_only_their_own_trials() {
    let mut stage = stage();
    let asset = stage.active_order();
    let body = json!({"type": "renew", "asset": {"id": asset}});
    let command = RequestCommand::Create { body };
    assert_eq!(
        said(stage.by_vendor(command.clone())),
        "forbidden: AUTH_004 - You do not have permission to perform this action."
    );
    assert_eq!(said(stage.by_distributor(command)), "ok pending");
}

#[test]
fn a_draft_renews_from_the_day_the_subscription_expires_when_it_is_submitted() {
    let mut stage = stage();
    let asset = stage.active_order();
    let renewal = json!({"period_delta": 1, "period_uom": "year"});
    let items = json!([{"mpn": "MPN-A", "renewal": renewal}]);
    let body = json!({
        "type": "renew", "status": "draft", "asset": {"id": asset, "items": items},
    });
    let draft = text(&stage.by_distributor(RequestCommand::Create { body }).unwrap(), "/id");

    let body = json!({"type": "renew", "asset": {"id": asset}});
    let other = stage.by_distributor(RequestCommand::Create { body }).unwrap();
    stage.approve(&text(&other, "/id")).unwrap();
    let expires = until(&stage, &asset);

    let submit = |stage: &mut Stage| {
        stage.by_distributor(RequestCommand::Operate {
            id: draft.as_str().into(),
            operation: Operation::Submit,
            body: Value::Null,
            code: None,
        })
    };
    stage.switch(&json!({"subscription": {"renew": {"enable_renew": false}}}));
    insta::assert_snapshot!(said(submit(&mut stage)), @"invalid: VAL_001 - type: Requests of type renew need the capability subscription.renew.enable_renew.");
    stage.switch(&json!({"subscription": {"renew": {"enable_renew": true}}}));
    let submitted = submit(&mut stage).unwrap();
    assert_eq!(text(&submitted, "/asset/items/0/renewal/from"), expires);
    insta::assert_snapshot!(text(&submitted, "/asset/items/0/renewal/to"), @"2025-08-11T07:30:04+00:00");
    stage.approve(&draft).unwrap();
    insta::assert_snapshot!(until(&stage, &asset), @"2025-08-11T07:30:04+00:00");
}

#[test]
fn a_renewal_brings_values_when_the_product_lets_it() {
    let mut stage = stage();
    let asset = stage.active_trial();
    let params = json!([{"id": "admin_email", "value": "new@cedar.example"}]);
    let body = json!({"type": "renew", "asset": {"id": asset, "params": params}});
    let command = RequestCommand::Create { body };
    insta::assert_snapshot!(said(stage.by_vendor(command.clone())), @"invalid: VAL_001 - asset.params: Changing values needs the capability subscription.renew.editable_ordering_parameters.");
    stage.switch(&json!({"subscription": {"renew": {"editable_ordering_parameters": true}}}));
    let id = text(&stage.by_vendor(command).unwrap(), "/id");
    stage.approve(&id).unwrap();
    let email = stage.asset(&asset)["params"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|param| (param["id"] == "admin_email").then(|| param["value"].clone()));
    assert_eq!(email, Some(json!("new@cedar.example")));
}

#[test]
fn an_item_is_renewed_once() {
    let mut stage = stage();
    let asset = stage.active_trial();
    let items = json!([{"mpn": "MPN-A"}, {"mpn": "MPN-A"}]);
    let body = json!({"type": "renew", "asset": {"id": asset, "items": items}});
    assert_eq!(
        said(stage.by_vendor(RequestCommand::Create { body })),
        "invalid: VAL_001 - asset.items: Item PRD_411_678_887_0001 is there twice."
    );
}
