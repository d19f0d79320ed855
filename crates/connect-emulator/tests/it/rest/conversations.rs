//! Conversations, the way old and new clients use them.

use reqwest::Method;
use serde_json::json;

use super::stage::{Stage, text};

#[tokio::test]
async fn every_request_has_a_conversation_to_write_in() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let found = stage.vendor().get(&format!("/conversations?instance_id={}", order.id)).await;
    let ids = found.column("id");
    let [id] = ids.as_slice() else { panic!("{}", found.body) };

    let messages = format!("/conversations/{id}/messages");
    let said = stage.vendor().post(&messages, json!({"text": "Tenant created"})).await;
    assert_eq!(text(&said.expect(201)["text"]), "Tenant created");
    let read = stage.vendor().get(&messages).await;
    assert!(read.column("text").contains(&"Tenant created".to_owned()), "{}", read.body);
}

#[tokio::test]
async fn the_id_of_the_request_is_as_good_as_that_of_the_conversation() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let path = format!("/conversations/{}", order.id);
    let read = stage.vendor().get(&path).await.expect(200);
    assert_eq!(read["instance_id"], order.id.as_str());
    stage.vendor().post(&format!("{path}/messages"), json!({"text": "Hello"})).await.expect(201);
}

#[tokio::test]
async fn every_transition_leaves_a_message() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let path = format!("/conversations/{}/messages", order.id);
    let before = stage.vendor().get(&path).await.column("type").len();
    stage.fill(&order).await;
    stage.approve(&order).await;
    let after = stage.vendor().get(&path).await.column("type");
    assert_eq!(after.len(), before + 1, "{after:?}");
    assert!(after.iter().all(|kind| kind == "state_change"), "{after:?}");
}

#[tokio::test]
async fn a_closed_conversation_takes_no_messages() {
    let stage = Stage::set().await;
    let path = format!("/conversations/{}", stage.purchase().await.id);
    let closed = stage.vendor().call(Method::POST, &format!("{path}/close")).await.expect(200);
    assert_eq!(closed["status"], "closed");
    let said = stage.vendor().post(&format!("{path}/messages"), json!({"text": "Late"})).await;
    assert_eq!(said.status, 400, "{}", said.body);
}
