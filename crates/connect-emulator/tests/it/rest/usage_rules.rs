//! Usage rules: a distributor keeps them, and nobody goes by them.

use reqwest::Method;
use serde_json::json;

use super::stage::{Stage, text};

#[tokio::test]
async fn a_distributor_keeps_rules_in_an_order() {
    let stage = Stage::set().await;
    let path = format!("/products/{}/usage/rules", stage.emulator.product());
    let (vendor, distributor) = (stage.vendor(), stage.distributor());
    let body =
        json!({"item": {"id": "PRD-411-678-887-0001"}, "action": "accept", "rule": "usage < 100"});
    let first = distributor.post(&path, body).await.expect(201);
    assert_eq!((text(&first["scope"]), text(&first["status"])), ("record", "active"));
    assert_eq!(first["item"]["name"], "Protected device");
    let second = distributor.post(&path, json!({"action": "manual"})).await.expect(201);
    assert_eq!((text(&second["scope"]), second.get("item")), ("file", None));
    let ids = [text(&first["id"]), text(&second["id"])];
    assert_eq!(distributor.get(&path).await.column("id"), ids);

    let one = format!("{path}/{}", ids[0]);
    let change = json!({"action": "reject", "gravity": {"after": ids[1]}});
    let changed = distributor.put(&one, change).await.expect(200);
    assert_eq!((text(&changed["action"]), text(&changed["rule"])), ("reject", "usage < 100"));
    assert_eq!(distributor.get(&path).await.column("id"), [ids[1], ids[0]]);
    assert_eq!(distributor.call(Method::DELETE, &one).await.status, 204);
    let left = distributor.get(&format!("{path}?eq(status,active)")).await;
    assert_eq!(left.column("id"), [ids[1]]);
    assert_eq!(distributor.get(&one).await.expect(200)["status"], "deleted");

    let mut told = Vec::new();
    for wrong in [
        json!({}),
        json!({"action": "guess"}),
        json!({"action": "accept", "scope": "all"}),
        json!({"action": "accept", "item": {"id": "PRD-0"}}),
        json!({"action": "accept", "rule": "x".repeat(2001)}),
    ] {
        told.push(distributor.post(&path, wrong).await.refusal());
    }
    told.push(distributor.put(&one, json!({"gravity": {"after": "UIR-0"}})).await.refusal());
    told.push(vendor.post(&path, json!({"action": "accept"})).await.refusal());
    told.push(vendor.get(&one).await.refusal());
    insta::assert_snapshot!(told.join("\n"), @r#"
        400 VAL_001 action: This field is required.
        400 VAL_001 action: "guess" is not a valid choice.
        400 VAL_001 scope: "all" is not a valid choice.
        400 VAL_001 item.id: Item PRD-0 does not exist.
        400 VAL_001 rule: Ensure this field has no more than 2000 characters.
        400 VAL_001 gravity.after: Rule does not exist.
        403 AUTH_004 You do not have permission to perform this action.
        404 NOT_FOUND Object not found.
        "#);
    assert_eq!(vendor.get(&path).await.json(), json!([]));
}
