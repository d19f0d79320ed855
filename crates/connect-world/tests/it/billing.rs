//! The dates that subscriptions are billed on, and the records of their bills.

use connect_clock::Clock;
use connect_model::lifecycle::Operation;
use connect_world::command::{BillingRequestCommand, ItemCommand, RequestCommand};
use connect_world::{Actor, Collection};
use serde_json::{Value, json};

use crate::stage::{Answer, Stage, text};

fn billing(stage: &Stage, asset: &str) -> Value {
    let read = stage
        .world
        .read(stage.clock.now(), &stage.vendor, &Collection::Subscriptions, asset, "")
        .unwrap();
    let shown: Value = serde_json::from_slice(&read).unwrap();
    shown["billing"].clone()
}

fn june(asset: &str) -> Value {
    json!({
        "asset": {"id": asset}, "items": [{"id": "MPN-A"}],
        "period": {"from": "2024-06-01T00:00:00Z", "to": "2024-07-01T00:00:00Z", "delta": 1,
                   "uom": "monthly"},
    })
}

fn bill(stage: &mut Stage, who: &Actor, body: Value) -> Answer {
    stage.apply(who, BillingRequestCommand::Create { body })
}

fn listed(stage: &Stage, who: &Actor, query: &str) -> Vec<String> {
    let page =
        stage.world.list(stage.clock.now(), who, &Collection::BillingRequests, query).unwrap();
    let rows: Value = serde_json::from_slice(&page.body).unwrap();
    rows.as_array().unwrap().iter().map(|row| text(row, "/id")).collect()
}

#[test]
fn an_approved_purchase_is_billed_every_month_from_then_on() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let asset = text(&request, "/asset/id");
    assert_eq!(billing(&stage, &asset), json!({"stats": {}}));
    stage.fulfil(&request);
    insta::assert_json_snapshot!(billing(&stage, &asset), @r#"
        {
          "period": {
            "delta": 1,
            "uom": "monthly"
          },
          "next_date": "2024-07-11T07:30:03+00:00",
          "anniversary": {
            "day": 11
          },
          "stats": {}
        }
        "#);
}

#[test]
fn billing_begins_with_the_effective_date_and_a_next_date_can_be_chosen() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let (id, asset) = (text(&request, "/id"), text(&request, "/asset/id"));
    stage.set_param(&id, "subscription_id", "sub-1").unwrap();
    let body = json!({"effective_date": "2024-01-31T08:00:00+00:00"});
    stage.operate(&id, Operation::Approve, body).unwrap();
    let dates = billing(&stage, &asset);
    assert_eq!(dates["anniversary"], json!({"day": 31}));
    assert_eq!(dates["next_date"], "2024-06-30T08:00:00+00:00", "the next one that is not over");

    let change = text(&stage.change(&asset, 12).unwrap(), "/id");
    let body = json!({"asset": {"billing": {"next_date": "2024-09-01T00:00:00+00:00"}}});
    stage.operate(&change, Operation::Approve, body).unwrap();
    let dates = billing(&stage, &asset);
    assert_eq!(dates["next_date"], "2024-09-01T00:00:00+00:00");
    assert_eq!(dates["anniversary"], json!({"day": 31}), "it stays");
    let change = text(&stage.change(&asset, 14).unwrap(), "/id");
    let wrong = json!({"asset": {"billing": {"next_date": "soon"}}});
    let refused = stage.operate(&change, Operation::Approve, wrong).unwrap_err();
    assert!(refused.to_string().contains("asset.billing.next_date: Datetime"), "{refused}");
    stage.approve(&change).unwrap();
    assert_eq!(billing(&stage, &asset), dates, "a change in the same rhythm leaves the dates");
}

#[test]
fn what_is_sold_by_the_year_is_billed_by_the_year() {
    let mut stage = Stage::demo();
    let items = |stage: &mut Stage, mpn: &str, period: &str| {
        let body = json!({
            "name": mpn, "description": mpn, "mpn": mpn, "type": "reservation", "period": period,
            "precision": "integer", "unit": {"id": "UN-001"},
        });
        let product = stage.product();
        stage.by_vendor(ItemCommand::Create { product, body }).unwrap();
    };
    items(&mut stage, "YEAR", "years_2");
    items(&mut stage, "ONCE", "onetime");
    let buy = |stage: &mut Stage, mpns: &[&str]| {
        let items: Vec<Value> = mpns.iter().map(|mpn| json!({"mpn": mpn, "quantity": 1})).collect();
        let mut body = stage.trial_body();
        body["asset"]["items"] = items.into();
        let request = stage.by_vendor(RequestCommand::Create { body }).unwrap();
        stage.fulfil(&request);
        text(&request, "/asset/id")
    };
    let yearly = buy(&mut stage, &["YEAR", "ONCE"]);
    let dates = billing(&stage, &yearly);
    assert_eq!(dates["period"], json!({"delta": 1, "uom": "years_2"}));
    assert_eq!(dates["anniversary"], json!({"day": 11, "month": 6}));
    assert_eq!(&text(&dates, "/next_date")[..10], "2026-06-11");
    let change = text(&stage.change(&yearly, 5).unwrap(), "/id");
    stage.approve(&change).unwrap();
    let dates = billing(&stage, &yearly);
    assert_eq!(dates["period"]["uom"], "monthly", "the shortest of its items");
    assert_eq!(&text(&dates, "/next_date")[..10], "2024-07-11");

    let once = buy(&mut stage, &["ONCE"]);
    assert_eq!(billing(&stage, &once), json!({"anniversary": {"day": 11}, "stats": {}}));
}

#[test]
fn each_side_bills_as_itself_and_the_vendor_does_not_see_how_its_distributor_does() {
    let mut stage = Stage::demo();
    let asset = stage.active_order();
    let (vendor, distributor) = (stage.vendor.clone(), stage.distributor.clone());
    let digits = asset.trim_start_matches("AS-");
    let mut foreign = june(&asset);
    foreign["type"] = "provider".into();
    let refused = bill(&mut stage, &vendor, foreign.clone()).unwrap_err();
    insta::assert_snapshot!(refused, @"forbidden: AUTH_004 - You do not have permission to perform this action.");
    let made = bill(&mut stage, &distributor, foreign).unwrap();
    assert_eq!(text(&made, "/id"), format!("BRP-{digits}-0001"));
    for number in 1..=2 {
        let made = bill(&mut stage, &vendor, june(&asset)).unwrap();
        assert_eq!(text(&made, "/id"), format!("BRV-{digits}-000{number}"));
        assert_eq!(made["items"][0]["billing"], json!({"cycle_number": number}));
    }
    let own = [format!("BRV-{digits}-0002"), format!("BRV-{digits}-0001")];
    assert_eq!(listed(&stage, &vendor, ""), own);
    assert_eq!(listed(&stage, &distributor, "").len(), 3);
    assert_eq!(listed(&stage, &distributor, "eq(type,provider)"), [format!("BRP-{digits}-0001")]);
    let hidden = format!("BRP-{digits}-0001");
    let read =
        |who| stage.world.read(stage.clock.now(), who, &Collection::BillingRequests, &hidden, "");
    assert!(read(&vendor).is_err() && read(&distributor).is_ok());

    let stats = &billing(&stage, &asset)["stats"];
    assert_eq!(stats["vendor"]["count"], 2);
    assert_eq!(text(stats, "/vendor/last_request/id"), format!("BRV-{digits}-0002"));
    assert_eq!(stats.get("provider"), None, "{stats}");
}

#[test]
fn what_is_in_use_is_billed_and_nothing_else() {
    let mut stage = Stage::demo();
    let vendor = stage.vendor.clone();
    let request = stage.trial();
    let asset = text(&request, "/asset/id");
    let mut said = Vec::new();
    let mut bill_it = |stage: &mut Stage, when: &str| {
        let answer = bill(stage, &vendor, june(&asset));
        said.push(match answer {
            Ok(made) => format!("{when}: {}", made["type"]),
            Err(refused) => format!("{when}: {refused}"),
        });
    };
    bill_it(&mut stage, "before it is approved");
    stage.fulfil(&request);
    bill_it(&mut stage, "in use");
    let suspend = text(&stage.request("suspend", &asset).unwrap(), "/id");
    bill_it(&mut stage, "while it is to be suspended");
    stage.approve(&suspend).unwrap();
    bill_it(&mut stage, "suspended");
    let cancel = text(&stage.request("cancel", &asset).unwrap(), "/id");
    bill_it(&mut stage, "while it is to be cancelled");
    stage.approve(&cancel).unwrap();
    bill_it(&mut stage, "cancelled");
    insta::assert_snapshot!(said.join("\n"), @r#"
        before it is approved: invalid: REQ_003 - Subscription cannot be billed in status processing.
        in use: "vendor"
        while it is to be suspended: "vendor"
        suspended: "vendor"
        while it is to be cancelled: invalid: REQ_003 - Subscription cannot be billed in status terminating.
        cancelled: invalid: REQ_003 - Subscription cannot be billed in status terminated.
        "#);
}

#[test]
fn what_is_wrong_with_a_bill_is_said_and_nothing_is_kept() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    let vendor = stage.vendor.clone();
    let with = |path: &str, value: Value| {
        let mut body = june(&asset);
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    let flat = json!({"asset_id": asset, "items": [{"id": "MPN-A"}]});
    let bodies = [
        json!({}),
        json!({"asset": []}),
        json!({"asset_external_uid": "nobody"}),
        with("/asset/id", "AS-0000-0000-0000".into()),
        flat,
        with("/period", json!({})),
        with("/period/from", "2024-06-01".into()),
        with("/period/to", "2024-06-01T00:00:00Z".into()),
        with("/period/delta", (-1).into()),
        with("/period/delta", "many".into()),
        with("/period/delta", 1e300.into()),
        with("/period/uom", "hourly".into()),
        with("/period/uom", "onetime".into()),
        with("/items", json!(null)),
        with("/items", json!([])),
        with("/items", json!("all")),
        with("/items/0", json!({})),
        with("/items/0/id", "MPN-B".into()),
        with("/items", json!([{"id": "MPN-A"}, {"mpn": "MPN-A"}])),
        with("/items", json!([{"id": "MPN-A", "quantity": "-5"}])),
        json!({"type": "refund", "asset": {"id": asset}}),
    ];
    let mut said = String::new();
    for body in bodies {
        let refused = bill(&mut stage, &vendor, body).unwrap_err();
        said += &format!("{refused}\n");
    }
    for attributes in [json!([]), json!({"vendor": 7}), json!({"provider": {"invoice": "1"}})] {
        let mut body = june(&asset);
        body["attributes"] = attributes;
        said += &format!("{}\n", bill(&mut stage, &vendor, body).unwrap_err());
    }
    assert_eq!(listed(&stage, &vendor, ""), [""; 0]);
    insta::assert_snapshot!(said, @r#"
        invalid: VAL_001 - asset_id: This field is required.
        invalid: VAL_001 - asset: Invalid data. Expected a dictionary, but got list.
        invalid: VAL_001 - asset_external_uid: Subscription does not exist.
        invalid: VAL_001 - asset.id: Subscription does not exist.
        invalid: VAL_001 - period_from: This field is required.
        invalid: VAL_001 - period.from: This field is required.
        invalid: VAL_001 - period.from: Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].
        invalid: VAL_001 - period.to: The period ends before it begins.
        invalid: VAL_001 - period.delta: Ensure this value is greater than or equal to 1.
        invalid: VAL_001 - period.delta: A valid integer is required.
        invalid: VAL_001 - period.delta: A valid integer is required.
        invalid: VAL_001 - period.uom: "hourly" is not a valid choice.
        invalid: VAL_001 - period.uom: "onetime" is not a valid choice.
        invalid: VAL_001 - items: This field is required.
        invalid: VAL_001 - items: This list may not be empty.
        invalid: VAL_001 - items: Expected a list of items but got type "str".
        invalid: VAL_001 - items.id: This field is required.
        invalid: VAL_001 - items: The subscription has no item MPN-B.
        invalid: VAL_001 - items: Item PRD-411-678-887-0001 is there twice.
        invalid: VAL_001 - items.quantity: A valid number is required.
        invalid: VAL_001 - type: "refund" is not a valid choice.
        invalid: VAL_001 - attributes: Invalid data. Expected a dictionary, but got list.
        invalid: VAL_001 - attributes.vendor: Invalid data. Expected a dictionary, but got int.
        forbidden: AUTH_004 - You do not have permission to perform this action.
        "#);
}
