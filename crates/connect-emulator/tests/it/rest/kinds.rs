//! Bodies whose fields hold values of another kind than they should.

use reqwest::Method;
use serde_json::{Value, json};

use super::filters::lists;
use super::stage::{Said, Stage};

async fn sent(stage: &Stage, method: Method, path: &str, body: &Value) -> Said {
    Said::of(stage.vendor().request(method, path).json(body)).await
}

/// Bodies, each with one wrong field, and the path of that field.
fn wrong_bodies() -> Vec<(Value, &'static str)> {
    let asset = |asset: Value| json!({ "asset": asset });
    let mut bodies = vec![
        (json!({"asset": 5}), "asset"),
        (json!({"asset": [1]}), "asset"),
        (json!({"asset": "AS-1"}), "asset"),
        (asset(json!({"product": true})), "asset.product"),
        (asset(json!({"connection": ["CT-1"]})), "asset.connection"),
        (asset(json!({"connection": {"type": {}}})), "asset.connection.type"),
        (asset(json!({"tiers": []})), "asset.tiers"),
        (asset(json!({"tiers": {"customer": 1}})), "asset.tiers.customer"),
        (
            asset(json!({"tiers": {"tier1": {"contact_info": "Graz"}}})),
            "asset.tiers.tier1.contact_info",
        ),
        (
            asset(json!({"tiers": {"tier2": {"contact_info": {"contact": {"email": []}}}}})),
            "asset.tiers.tier2.contact_info.contact.email",
        ),
        (asset(json!({"params": {}})), "asset.params"),
        (asset(json!({"params": [5]})), "asset.params"),
        (asset(json!({"params": [{"id": {}}]})), "asset.params.id"),
        (asset(json!({"items": "MPN-A"})), "asset.items"),
        (asset(json!({"items": [{"id": "MPN-A", "quantity": [1]}]})), "asset.items.quantity"),
        (asset(json!({"items": [{"unit": [1]}]})), "asset.items.unit"),
        (asset(json!({"billing": {"next_date": {}}})), "asset.billing.next_date"),
        (json!({"marketplace": 7}), "marketplace"),
        (json!({"contract": 7}), "contract"),
        (json!({"configuration": {"account": 7}}), "configuration.account"),
        (json!({"template": 7}), "template"),
        (json!({"period": []}), "period"),
        (json!({"gravity": 3}), "gravity"),
    ];
    for field in [
        "template_id",
        "effective_date",
        "planned_date",
        "status",
        "type",
        "note",
        "reason",
        "activation_tile",
        "text",
        "name",
        "id",
        "external_id",
        "external_uid",
        "currency",
        "description",
        "start_datetime_utc",
        "end_datetime_utc",
        "scope",
        "action",
        "acceptance_note",
        "rejection_note",
    ] {
        bodies.push((json!({ field: {"a": 1} }), field));
        bodies.push((json!({ field: [1] }), field));
    }
    bodies
}

#[tokio::test]
async fn a_field_of_another_kind_is_refused_by_every_call_and_nothing_is_done() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    stage.fill(&order).await;
    let calls = [
        (Method::POST, format!("/requests/{}/approve", order.id)),
        (Method::POST, format!("/requests/{}/fail", order.id)),
        (Method::PUT, format!("/requests/{}", order.id)),
        (Method::POST, "/requests".to_owned()),
        (Method::POST, "/tier/accounts".to_owned()),
        (Method::POST, "/tier/config-requests".to_owned()),
        (Method::POST, "/usage/files".to_owned()),
        (Method::POST, "/products".to_owned()),
        (Method::POST, "/subscriptions/requests".to_owned()),
        (Method::POST, format!("/conversations/{}/messages", order.id)),
    ];
    let before = stage.vendor().get(&format!("/requests/{}", order.id)).await.json();
    for (method, path) in calls {
        for (body, wrong) in wrong_bodies() {
            let said = sent(&stage, method.clone(), &path, &body).await.refusal();
            let begin = format!("400 VAL_001 {wrong}: ");
            assert!(said.starts_with(&begin), "{method} {path} {body}: {said}");
        }
    }
    let after = stage.vendor().get(&format!("/requests/{}", order.id)).await.json();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_field_of_another_kind_is_refused_in_the_words_of_connect() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let mut said = Vec::new();
    for body in [
        json!({"template_id": {"a": 1}, "effective_date": [1], "asset": 5}),
        json!({"asset": 5}),
        json!({"asset": {"params": "none"}}),
        json!({"asset": {"items": [null]}}),
        json!({"asset": {"items": [{"period": 1.5, "unit": ["units"]}]}}),
    ] {
        said.push(stage.vendor().act(&order.id, "approve", body).await.refusal());
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
        400 VAL_001 template_id: Not a valid string.
        400 VAL_001 asset: Invalid data. Expected a dictionary, but got int.
        400 VAL_001 asset.params: Expected a list of items but got type "str".
        400 VAL_001 asset.items: Invalid data. Expected a dictionary, but got NoneType.
        400 VAL_001 asset.items.unit: Invalid data. Expected a dictionary, but got list.
        "#);
}

#[tokio::test]
async fn a_field_may_be_null_a_number_may_stand_for_a_text_and_json_of_ones_own_is_left_alone() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    stage.fill(&order).await;
    let nothing = json!({
        "template_id": null, "effective_date": null, "asset": null, "items": null,
        "settings": {"name": [1]}, "meta": 5, "events": [],
    });
    stage.vendor().put(&format!("/requests/{}", order.id), nothing.clone()).await.expect(200);
    let body = json!({"reason": 404, "asset": ""});
    let failed = stage.vendor().act(&order.id, "fail", body).await.expect(200);
    assert_eq!(failed["reason"], "404");
}

#[tokio::test]
async fn whatever_is_shown_may_be_sent_back() {
    let stage = Stage::set().await;
    for path in lists(&stage).await {
        for row in stage.vendor().get(&path).await.expect(200).as_array().unwrap() {
            let said = stage.vendor().put("/requests/PR-0000-0000-0000-000", row.clone()).await;
            assert_eq!(said.refusal(), "404 NOT_FOUND Object not found.", "{path}: {row}");
        }
    }
}
