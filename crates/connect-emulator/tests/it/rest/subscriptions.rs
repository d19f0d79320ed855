//! Subscriptions as recurring billing sees them: assets in another form.

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
    let billing = &listed["billing"];
    assert_eq!(billing["period"], json!({"delta": 1, "uom": "monthly"}));
    assert!(billing["next_date"].is_string() && billing["anniversary"]["day"].is_number());
    assert!(billing.get("stats").is_none(), "{billing}");
    assert!(listed.get("configuration").is_none() && listed.get("template").is_none());

    let read = vendor.get(&format!("/subscriptions/assets/{}", order.asset)).await.expect(200);
    assert_eq!(read["billing"]["stats"], json!({}), "nothing was billed");
    assert_eq!(read["items"][0]["billing"], json!({"stats": {}}));
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
        ("eq(billing.next_date,null())", 0),
        ("ge(billing.next_date,2020-01-01)", 1),
        ("lt(billing.next_date,2020-01-01)", 0),
        ("in(billing.period.uom,(monthly,yearly))", 1),
        ("eq(billing.period.uom,years_2)", 0),
        ("ordering(billing.next_date)", 1),
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
