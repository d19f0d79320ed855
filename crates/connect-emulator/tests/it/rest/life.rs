//! The life of a subscription, call by call.

use reqwest::Method;
use serde_json::json;

use super::stage::{Stage, text};

#[tokio::test]
async fn a_subscription_is_bought_suspended_and_resumed_and_a_resume_is_refused() {
    let stage = Stage::set().await;
    let purchase = stage.purchase().await;
    let mut story = vec![stage.standing(&purchase).await];
    stage.fill(&purchase).await;
    stage.approve(&purchase).await;
    story.push(stage.standing(&purchase).await);

    for kind in ["suspend", "resume", "suspend"] {
        let order = stage.order(kind, &purchase).await;
        story.push(stage.standing(&order).await);
        stage.approve(&order).await;
        story.push(stage.standing(&order).await);
    }

    let resume = stage.order("resume", &purchase).await;
    let refused = stage.vendor().act(&resume.id, "fail", json!({"reason": "Unpaid."})).await;
    assert_eq!(refused.expect(200)["reason"], "Unpaid.");
    story.push(stage.standing(&resume).await);
    insta::assert_snapshot!(story.join("\n"), @r"
    pending processing
    approved active
    pending active
    approved suspended
    pending suspended
    approved active
    pending active
    approved suspended
    failed suspended
    ");
}

#[tokio::test]
async fn approval_needs_the_required_parameters() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let said = stage.vendor().act(&order.id, "approve", json!({})).await;
    assert_eq!(said.refusal(), "400 REQ_003 Required parameters are not filled: subscription_id");
}

#[tokio::test]
async fn an_action_needs_no_body() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    stage.fill(&order).await;
    let path = format!("/requests/{}/approve", order.id);
    assert_eq!(stage.vendor().call(Method::POST, &path).await.expect(200)["status"], "approved");
}

#[tokio::test]
async fn an_asset_takes_one_request_at_a_time() {
    let stage = Stage::set().await;
    let subscription = stage.subscription().await;
    let open = stage.order("suspend", &subscription).await;
    let again = json!({"type": "cancel", "asset": {"id": subscription.asset}});
    let said = stage.vendor().post("/requests", again).await;
    let conflict = said.expect(409);
    assert_eq!(conflict["params"]["request_id"], open.id.as_str());
    assert_eq!(conflict["params"]["request_status"], "pending");
}

#[tokio::test]
async fn without_administrative_hold_a_suspension_is_born_failed() {
    let stage = Stage::set().await;
    let subscription = stage.subscription().await;
    let product = format!("/products/{}", stage.emulator.product());
    let off = json!({"capabilities": {"subscription": {"hold": false}}});
    stage.vendor().put(&product, off).await.expect(200);

    let body = json!({"type": "suspend", "asset": {"id": subscription.asset}});
    let request = stage.vendor().post("/requests", body).await.expect(201);
    assert_eq!(text(&request["status"]), "failed");
    assert_eq!(text(&request["reason"]), "The product doesn't support suspend/resume operations.");
    assert_eq!(text(&request["asset"]["status"]), "active");
}

#[tokio::test]
async fn a_refusal_needs_a_reason() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let path = format!("/requests/{}/fail", order.id);
    let said = stage.vendor().call(Method::POST, &path).await;
    assert_eq!(said.refusal(), "400 REQ_005 Missed fields: reason.");
}

#[tokio::test]
async fn a_decided_request_stays_decided() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    for verb in ["approve", "fail", "inquire", "pend"] {
        let said = stage.vendor().act(&order.id, verb, json!({"reason": "late"})).await;
        assert!(said.refusal().starts_with("400 REQ_003"), "{verb}: {}", said.body);
    }
    assert_eq!(stage.standing(&order).await, "approved active");
}
