//! Billing requests over HTTP: both sides record what they billed, in both forms of the body.

use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{Caller, Order, Stage, text};
use super::tour::ordered;

const BILLS: &str = "/subscriptions/requests";

/// A customer's subscription, in use.
async fn sold(stage: &Stage) -> Order {
    let order = ordered(stage).await;
    stage.fill(&order).await;
    stage.approve(&order).await;
    order
}

fn flat(order: &Order) -> Value {
    json!({
        "asset_id": order.asset, "type": "provider", "items": [{"id": "MPN-A", "quantity": 3}],
        "attributes": {"provider": {"invoice": "I-1"}},
        "period_from": "2024-06-01T00:00:00Z", "period_to": "2024-07-01T00:00:00Z",
        "period_delta": 1.0, "period_uom": "monthly",
    })
}

fn nested() -> Value {
    json!({
        "asset": {"external_uid": "7e1b0c52-3a6f"}, "type": "vendor",
        "items": [{"id": "PRD_411_678_887_0001"}],
        "period": {"from": "2024-06-01T00:00:00Z", "to": "2024-07-01T00:00:00Z", "delta": 1.0,
                   "uom": "monthly"},
    })
}

async fn ids(caller: &Caller, query: &str) -> Vec<String> {
    let found = caller.get(&format!("{BILLS}?{query}")).await;
    assert_eq!(found.status, 200, "{query}: {}", found.body);
    found.column("id")
}

#[tokio::test]
async fn both_forms_of_the_body_make_a_billing_request() {
    let stage = Stage::set().await;
    let order = sold(&stage).await;
    let (vendor, distributor) = (stage.vendor(), stage.distributor());
    let made = distributor.post(BILLS, flat(&order)).await.expect(201);
    assert_eq!(text(&made["id"]), order.asset.replace("AS-", "BRP-") + "-0001");
    assert_eq!(made["type"], "provider");
    assert_eq!(made["asset"]["id"], order.asset);
    assert!(made["asset"].get("items").is_none() && made["asset"].get("configuration").is_none());
    assert_eq!(made["asset"]["billing"]["period"], json!({"delta": 1, "uom": "monthly"}));
    let item = json!({
        "id": "PRD_411_678_887_0001", "global_id": "PRD-411-678-887-0001", "mpn": "MPN-A",
        "display_name": "Protected device", "item_type": "reservation", "period": "monthly",
        "quantity": 3, "type": "Devices", "billing": {"cycle_number": 1},
    });
    assert_eq!(made["items"], json!([item]));
    assert_eq!(made["attributes"], json!({"provider": {"invoice": "I-1"}}));
    let period = json!({
        "from": "2024-06-01T00:00:00+00:00", "to": "2024-07-01T00:00:00+00:00", "delta": 1,
        "uom": "monthly",
    });
    assert_eq!(made["period"], period);
    assert_eq!(made["events"]["created"]["by"]["name"], "hub");

    let made = vendor.post(BILLS, nested()).await.expect(201);
    assert_eq!(made["items"][0]["quantity"], 8, "as much as there is");
    assert_eq!(made["attributes"], json!({}));
    let path = format!("{BILLS}/{}", text(&made["id"]));
    assert_eq!(vendor.get(&path).await.expect(200), made);

    let read = format!("/subscriptions/assets/{}", order.asset);
    let billed = distributor.get(&read).await.expect(200);
    let stats = &billed["items"][0]["billing"]["stats"];
    assert_eq!(stats, &billed["billing"]["stats"]);
    assert_eq!((&stats["provider"]["count"], &stats["vendor"]["count"]), (&json!(1), &json!(1)));
    let last = json!({"id": made["id"], "type": "vendor", "period": period});
    assert_eq!(stats["vendor"]["last_request"], last);
}

#[tokio::test]
async fn billing_requests_are_found() {
    let stage = Stage::set().await;
    let order = sold(&stage).await;
    let (vendor, distributor) = (stage.vendor(), stage.distributor());
    distributor.post(BILLS, flat(&order)).await.expect(201);
    vendor.post(BILLS, nested()).await.expect(201);
    for (query, expected) in [
        ("", 2),
        ("eq(type,vendor)", 1),
        ("in(type,(vendor,provider))", 2),
        ("and(ge(period.from,2024-06-01),le(period.to,2024-07-01))", 2),
        ("gt(period.to,2024-07-01)", 0),
        ("eq(period.uom,monthly)", 2),
        ("eq(asset.billing.period.uom,yearly)", 0),
        ("ge(asset.billing.next_date,2020-01-01)", 2),
        ("eq(asset.connection.hub.id,null())", 0),
        ("eq(asset.connection.type,production)", 2),
        ("eq(asset.external_uid,7e1b0c52-3a6f)", 2),
        ("like(asset.tiers.customer.name,Cedar*)", 2),
        ("eq(asset.params.value,tenant-1)", 2),
        ("eq(asset.marketplace.id,MP-51842)", 2),
        ("eq(asset.contract.id,null())", 0),
        ("ge(events.created.at,2020-01-01)", 2),
        ("ordering(asset.marketplace.name,-asset.product.name)", 2),
    ] {
        assert_eq!(ids(&distributor, query).await.len(), expected, "{query}");
    }
    assert_eq!(ids(&vendor, "").await, [order.asset.replace("AS-", "BRV-") + "-0001"]);
    assert_eq!(vendor.get(&format!("{BILLS}?eq(type,refund)")).await.status, 400);
    assert_eq!(vendor.get(&format!("{BILLS}/BRV-0000-0000-0000-0001")).await.status, 404);
}

#[tokio::test]
async fn each_side_writes_its_own_attributes() {
    let stage = Stage::set().await;
    let order = sold(&stage).await;
    let (vendor, distributor) = (stage.vendor(), stage.distributor());
    let made = vendor.post(BILLS, nested()).await.expect(201);
    let one = format!("{BILLS}/{}", text(&made["id"]));
    let path = format!("{one}/attributes");
    let own = json!({"vendor": {"invoice": "N-17", "lines": [1, 2]}});
    assert_eq!(vendor.put(&path, own.clone()).await.expect(200), own);
    let both = json!({"vendor": own["vendor"], "provider": {"invoice": "I-1"}});
    let wrapped = json!({"attributes": {"provider": {"invoice": "I-1"}}});
    assert_eq!(distributor.put(&path, wrapped).await.expect(200), both);
    assert_eq!(vendor.get(&one).await.expect(200)["attributes"], both);
    assert_eq!(vendor.put(&path, both.clone()).await.expect(200), both, "as it was read");

    let foreign = json!({"vendor": {"invoice": "N-18"}, "provider": {"invoice": "I-2"}});
    let refused = vendor.put(&path, foreign).await;
    let words = "403 AUTH_004 You do not have permission to perform this action.";
    assert_eq!(refused.refusal(), words);
    let refused = vendor.put(&path, json!({"vendor": []})).await;
    let words = "400 VAL_001 attributes.vendor: Invalid data. Expected a dictionary, but got list.";
    assert_eq!(refused.refusal(), words);
    assert_eq!(vendor.get(&one).await.expect(200)["attributes"], both, "nothing was changed");

    let hidden = distributor.post(BILLS, flat(&order)).await.expect(201);
    let path = format!("{BILLS}/{}/attributes", text(&hidden["id"]));
    assert_eq!(vendor.put(&path, own).await.status, 404);
    assert_eq!(vendor.call(Method::DELETE, &one).await.status, 405);
}

#[tokio::test]
async fn a_bill_is_for_whole_periods_and_for_as_much_as_its_item_can_be() {
    let stage = Stage::set().await;
    let order = sold(&stage).await;
    let distributor = stage.distributor();
    let mut told = Vec::new();
    for delta in [json!(0), json!(-1), json!(0.5), json!("1_2"), json!("one"), json!(2_000_000)] {
        let mut body = flat(&order);
        body["period_delta"] = delta;
        told.push(distributor.post(BILLS, body).await.refusal());
    }
    for quantity in [json!(2.5), json!("1_0"), json!("many")] {
        let mut body = flat(&order);
        body["items"][0]["quantity"] = quantity;
        told.push(distributor.post(BILLS, body).await.refusal());
    }
    insta::assert_snapshot!(told.join("\n"), @"
        400 VAL_001 period_delta: Ensure this value is greater than or equal to 1.
        400 VAL_001 period_delta: Ensure this value is greater than or equal to 1.
        400 VAL_001 period_delta: A valid integer is required.
        400 VAL_001 period_delta: A valid integer is required.
        400 VAL_001 period_delta: A valid integer is required.
        400 VAL_001 period_delta: Ensure this value is less than or equal to 1000000.
        400 VAL_001 items.quantity: The item has 0 decimal places.
        400 VAL_001 items.quantity: A valid number is required.
        400 VAL_001 items.quantity: A valid number is required.
        ");
    let mut body = flat(&order);
    body["items"][0]["quantity"] = json!("3.00");
    distributor.post(BILLS, body).await.expect(201);
}
