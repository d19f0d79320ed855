//! Subscriptions as recurring billing sees them: assets in another form, and no bills.

use reqwest::Method;
use serde_json::json;

use super::stage::{Stage, text};

#[tokio::test]
async fn a_subscription_is_its_asset_with_items_as_they_are_billed() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    let vendor = stage.vendor();
    let listed = vendor.get("/subscriptions/assets").await;
    assert_eq!(listed.header("content-range"), "items 0-0/1");
    let listed = listed.expect(200)[0].clone();
    let asset = vendor.get(&format!("/assets/{}", order.asset)).await.expect(200);
    for same in ["id", "status", "external_id", "product", "connection", "params", "tiers"] {
        assert_eq!(listed[same], asset[same], "{same}");
    }
    let item = json!({
        "id": "PRD_411_678_887_0001", "global_id": "PRD-411-678-887-0001", "mpn": "MPN-A",
        "display_name": "Protected device", "item_type": "reservation", "period": "monthly",
        "quantity": 10, "type": "Devices",
    });
    assert_eq!(listed["items"], json!([item]));
    assert_eq!(listed["billing"], json!({}), "nobody gives dates of billing");
    assert!(listed.get("configuration").is_none() && listed.get("template").is_none());

    let read = vendor.get(&format!("/subscriptions/assets/{}", order.asset)).await.expect(200);
    let nothing = json!({"stats": {"vendor": {"count": 0}, "provider": {"count": 0}}});
    assert_eq!((&read["billing"], &read["items"][0]["billing"]), (&nothing, &nothing));
    assert_eq!(vendor.get("/subscriptions/assets/AS-9999-9999-9999").await.status, 404);
    assert_eq!(stage.distributor().get("/subscriptions/assets").await.json(), json!([]));
}

#[tokio::test]
async fn subscriptions_are_found_and_their_parts_selected() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    let pending = stage.order("suspend", &order).await;
    let vendor = stage.vendor();
    for (query, expected) in [
        ("and(eq(connection.type,preview),eq(status,active))", 1),
        ("eq(marketplace.id,null())", 1),
        ("eq(marketplace.id,MP-00000)", 1),
        ("eq(status,suspended)", 0),
        ("eq(billing.next_date,null())", 1),
        ("ge(billing.next_date,2020-01-01)", 0),
        ("in(billing.period.uom,(monthly,yearly))", 0),
        ("and(eq(params.id,subscription_id),eq(params.value,tenant-1))", 1),
        ("ordering(-events.created.at)", 1),
    ] {
        let found = vendor.get(&format!("/subscriptions/assets?{query}")).await;
        assert_eq!(found.status, 200, "{query}: {}", found.body);
        assert_eq!(found.column("id").len(), expected, "{query}");
    }
    let query = "select(template,pending_request.template,-items)";
    let row = vendor.get(&format!("/subscriptions/assets?{query}")).await.expect(200)[0].clone();
    assert_eq!(text(&row["pending_request"]["id"]), pending.id);
    assert!(row["template"]["id"].is_string() && row.get("items").is_none(), "{row}");
    stage.approve(&pending).await;
    let row = vendor.get(&format!("/subscriptions/assets?{query}")).await.expect(200)[0].clone();
    assert!(row["pending_request"].is_null(), "{row}");
}

#[tokio::test]
async fn nothing_is_billed_and_nobody_can_bill() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    let vendor = stage.vendor();
    let listed = vendor.get(&format!("/subscriptions/requests?eq(asset.id,{})", order.asset)).await;
    assert_eq!((listed.expect(200), listed.header("content-range")), (json!([]), "items 0-0/0"));
    assert_eq!(vendor.get("/subscriptions/requests?eq(type,refund)").await.status, 400);
    let one = "/subscriptions/requests/BRP-4410-2298-7731-0001";
    assert_eq!(vendor.get(one).await.status, 404);
    let body = json!({"type": "provider", "asset": {"id": order.asset}, "items": []});
    let refused = vendor.post("/subscriptions/requests", body).await;
    let words = "501 EMU_001 Not emulated yet: POST /subscriptions/requests. Nothing was changed.";
    assert_eq!(refused.refusal(), words);
    let attributes = vendor.call(Method::PUT, &format!("{one}/attributes")).await;
    assert_eq!(attributes.status, 501, "{}", attributes.body);
}
