//! What is said about requests.

use connect_clock::Clock;
use connect_world::command::ConversationCommand;
use connect_world::{Actor, Collection};
use serde_json::{Value, json};

use crate::stage::{Stage, said, text};

fn texts(stage: &Stage, id: &str) -> Vec<String> {
    texts_for(stage, &stage.vendor, id)
}

fn texts_for(stage: &Stage, who: &Actor, id: &str) -> Vec<String> {
    let listed =
        stage.world.list(stage.clock.now(), who, &Collection::Messages(id.to_owned()), "").unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&listed.body).unwrap();
    rows.iter().rev().map(|row| format!("{} {}", text(row, "/type"), text(row, "/text"))).collect()
}

#[test]
fn every_turn_is_said_in_the_requests_conversation() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let id = text(&request, "/id");
    let body = json!({"text": "Tenant created"});
    stage.by_vendor(ConversationCommand::Say { conversation: id.clone(), body }).unwrap();
    stage.fulfil(&request);
    assert_eq!(
        texts(&stage, &id),
        [
            format!("state_change Request {id} is now pending."),
            "message Tenant created".to_owned(),
            format!("state_change Request {id} is now approved."),
        ]
    );
}

#[test]
fn messages_come_newest_first_unless_asked_otherwise() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    stage.fulfil(&request);
    let messages = Collection::Messages(text(&request, "/id"));
    let newest_first = stage.ids(&messages, "").0;
    let mut oldest_first = stage.ids(&messages, "ordering(created)").0;
    oldest_first.reverse();
    assert_eq!(newest_first, oldest_first);
}

#[test]
fn a_conversation_is_found_by_its_request() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    stage.trial();
    let (found, range) = stage.ids(&Collection::Conversations, &format!("instance_id={id}"));
    assert_eq!(range, "items 0-0/1");
    let by_own = stage.read(&Collection::Conversations, &found[0]).unwrap();
    let by_request = stage.read(&Collection::Conversations, &id).unwrap();
    assert_eq!(by_own, by_request);
    assert_eq!(by_own["messages"].as_array().unwrap().len(), 1);
}

#[test]
fn private_words_stay_with_their_side_and_closed_conversations_take_none() {
    let mut stage = Stage::demo();
    let id = text(&stage.order(), "/id");
    let message = |kind: &str| ConversationCommand::Say {
        conversation: id.clone(),
        body: json!({"text": "between us", "type": kind}),
    };
    stage.by_distributor(message("private")).unwrap();
    assert_eq!(texts(&stage, &id).len(), 1);
    assert_eq!(texts_for(&stage, &stage.distributor, &id)[1], "private between us");
    let shown = |who: &Actor| {
        let body =
            stage.world.read(stage.clock.now(), who, &Collection::Conversations, &id, "").unwrap();
        let conversation: Value = serde_json::from_slice(&body).unwrap();
        conversation["messages"].as_array().unwrap().len()
    };
    assert_eq!((shown(&stage.vendor), shown(&stage.distributor)), (1, 2));
    assert!(said(stage.by_vendor(message("shout"))).contains("not a valid choice"));
    stage.by_vendor(ConversationCommand::Close { conversation: id.clone() }).unwrap();
    assert!(said(stage.by_vendor(message("message"))).contains("closed"));
}

#[test]
fn a_message_is_no_book() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    let mut say = |length: usize| {
        let body = json!({"text": "ä".repeat(length)});
        said(stage.by_vendor(ConversationCommand::Say { conversation: id.clone(), body }))
    };
    assert!(say(10_000).starts_with("ok"));
    let long = "invalid: VAL_001 - text: Ensure this field has no more than 10000 characters.";
    assert_eq!(say(10_001), long);
}
