//! The calls of webhooks: which events ask for them, when they are due, and what becomes of them.

use std::time::Duration;

use connect_clock::Clock;
use connect_model::WebhookId;
use connect_world::command::{BillingRequestCommand, WebhookCommand};
use connect_world::{Collection, DueCalls, WebhookAnswer, WebhookCall};
use serde_json::{Value, json};

use crate::stage::{Stage, text};

fn body(stage: &Stage) -> Value {
    json!({
        "label": "orders", "object_class": "fulfillment_request", "description": null,
        "product_id": stage.product(), "external_url": "https://cedar.example/hook",
        "jwt_secret": "s3cret", "active": true, "http_method": "POST", "data": {"team": "cedar"},
    })
}

/// A webhook with other values for some fields.
fn hook_with(stage: &mut Stage, changes: &[(&str, Value)]) -> WebhookId {
    let mut body = body(stage);
    changes.iter().for_each(|(field, value)| body[*field] = value.clone());
    let made = stage.by_vendor(WebhookCommand::Create { body }).unwrap();
    text(&made, "/id").into()
}

fn hook(stage: &mut Stage) -> WebhookId {
    hook_with(stage, &[])
}

fn due(stage: &Stage) -> DueCalls {
    stage.world.due_webhook_calls(stage.clock.now(), |_| false, 10)
}

/// The call that is due; how many there are is part of what is tested.
fn only(stage: &Stage) -> WebhookCall {
    let mut calls = due(stage).calls;
    assert_eq!(calls.len(), 1);
    calls.remove(0)
}

fn answer(stage: &mut Stage, call: &WebhookCall, status: Result<u16, String>) {
    let (began, duration) = (stage.clock.now(), Duration::from_millis(120));
    let answer = WebhookAnswer { began, duration, status, body: "ok".to_owned() };
    stage.world.note_webhook_answer(began, call, answer);
}

fn read(stage: &Stage, id: &WebhookId) -> Value {
    stage.read(&Collection::Webhooks, id.as_str()).unwrap()
}

#[test]
fn a_call_says_which_queue_changed_and_nothing_of_what_changed_it() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    assert!(due(&stage).calls.is_empty());
    stage.trial();
    let call = only(&stage);
    assert_eq!(call.url, "https://cedar.example/hook");
    assert_eq!(&*call.secret, "s3cret");
    assert_eq!(
        call.body,
        json!({
            "webhook_id": id, "webhook_name": "orders", "object_class": "fulfillment_request",
            "account_id": "VA-731-204", "product_id": stage.product(),
            "api_url": "http://127.0.0.1/public/v1", "triggered_at": "2024-06-11T07:30:02+00:00",
            "last_success_at": null, "last_failure_at": null, "processing_timeout": 600,
            "data": {"team": "cedar"},
        })
    );
    let now = stage.clock.now().as_second();
    assert_eq!(call.claims["webhook_id"], id.as_str());
    assert_eq!((&call.claims["iat"], &call.claims["exp"]), (&json!(now), &json!(now + 60)));
}

#[test]
fn only_active_event_webhooks_of_the_queue_and_product_are_called() {
    let mut stage = Stage::demo();
    for other in [
        ("active", json!(false)),
        ("type", json!("validator")),
        ("object_class", json!("tier_config_request")),
        ("object_class", json!("usage_file")),
    ] {
        hook_with(&mut stage, &[other]);
    }
    stage.active_trial();
    assert!(due(&stage).calls.is_empty());
}

#[test]
fn every_change_of_status_is_an_event_but_not_that_of_a_draft() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    stage.switch(&json!({"cart": {"validation": true}}));
    let mut draft = stage.trial_body();
    draft["status"] = "draft".into();
    let command = connect_world::command::RequestCommand::Create { body: draft };
    stage.by_vendor(command).unwrap();
    assert_eq!(read(&stage, &id)["stats"]["events"], 0);
    stage.active_trial();
    assert_eq!(read(&stage, &id)["stats"]["events"], 2, "pending and approved");
    assert_eq!(read(&stage, &id)["last_event"], "2024-06-11T07:30:06+00:00");
}

#[test]
fn events_within_five_seconds_are_one_call() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    stage.trial();
    let call = only(&stage);
    stage.trial();
    answer(&mut stage, &call, Ok(200));
    // An event that came while the call was under way has another one made, after the pause.
    let later = due(&stage);
    assert!(later.calls.is_empty());
    assert_eq!(later.wait, Some(Duration::from_secs(5)));
    assert_eq!(read(&stage, &id)["earliest_possible_trigger"], "2024-06-11T07:30:08+00:00");
    stage.trial();
    stage.clock.advance(Duration::from_secs(4));
    let call = only(&stage);
    answer(&mut stage, &call, Ok(204));
    assert_eq!(due(&stage).wait, None);
    assert_eq!(
        read(&stage, &id)["stats"],
        json!({"events": 3, "triggers": 2, "success_triggers": 2, "failure_triggers": 0,
               "failure_since_last_success": 0})
    );
}

#[test]
fn a_call_that_fails_is_made_three_times_at_most() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    stage.trial();
    for wait in [Some(10), Some(60), None] {
        let call = only(&stage);
        answer(&mut stage, &call, Ok(503));
        assert_eq!(due(&stage).wait, wait.map(Duration::from_secs));
        stage.clock.advance(Duration::from_secs(wait.unwrap_or_default()));
    }
    let failed = read(&stage, &id);
    assert_eq!(failed["stats"]["failure_since_last_success"], 3);
    assert_eq!(failed["last_failure"]["status"], "failure");
    assert_eq!(failed["last_failure"]["status_code"], 503);
    assert_eq!(failed["last_failure"]["errors"], "The answer has the status 503.");
    assert!(failed.get("last_success").is_none());

    stage.trial();
    stage.clock.advance(Duration::from_secs(4));
    let call = only(&stage);
    assert!(call.body["last_failure_at"].is_string());
    answer(&mut stage, &call, Ok(200));
    let again = read(&stage, &id);
    assert_eq!(again["stats"]["failure_since_last_success"], 0);
    assert_eq!(again["last_success"]["duration"], 120);
    let attempts = stage.world.list(
        stage.clock.now(),
        &stage.vendor,
        &Collection::WebhookDeliveries(id),
        "ordering(time)&eq(status,failure)",
    );
    let rows: Vec<Value> = serde_json::from_slice(&attempts.unwrap().body).unwrap();
    let attempts: Vec<String> = rows.iter().map(|row| text(row, "/attempt")).collect();
    assert_eq!(attempts, ["1", "2", "3"]);
}

#[test]
fn a_trigger_has_it_called_at_once() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    for _ in 0..2 {
        stage.by_vendor(WebhookCommand::Trigger { id: id.clone() }).unwrap();
        let call = only(&stage);
        answer(&mut stage, &call, Err("no answer".to_owned()));
    }
    let shown = read(&stage, &id);
    assert_eq!((&shown["stats"]["events"], &shown["stats"]["triggers"]), (&json!(0), &json!(2)));
    assert_eq!(shown["last_failure"]["status_code"], Value::Null);
    assert_eq!(shown["last_failure"]["errors"], "no answer");
}

#[test]
fn a_webhook_that_sleeps_or_is_gone_is_not_called() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    stage.trial();
    let under_way = only(&stage);
    let mut asleep = body(&stage);
    asleep["active"] = false.into();
    stage.by_vendor(WebhookCommand::Update { id: id.clone(), body: asleep }).unwrap();
    assert_eq!(due(&stage).calls.len(), 0);
    answer(&mut stage, &under_way, Ok(500));
    assert_eq!(due(&stage).wait, None);
    stage.by_vendor(WebhookCommand::Delete { id }).unwrap();
    answer(&mut stage, &under_way, Ok(500));
    assert_eq!(due(&stage).wait, None);
}

#[test]
fn a_webhook_that_becomes_a_validator_under_way_is_not_called_again() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    stage.trial();
    let under_way = only(&stage);
    let mut other = body(&stage);
    other["type"] = "validator".into();
    stage.by_vendor(WebhookCommand::Update { id, body: other }).unwrap();
    answer(&mut stage, &under_way, Ok(500));
    assert_eq!(due(&stage).wait, None);
}

#[test]
fn a_trigger_during_a_call_does_not_wait_whatever_becomes_of_it() {
    for status in [200, 500] {
        let mut stage = Stage::demo();
        let id = hook(&mut stage);
        stage.trial();
        let (under_way, began) = (only(&stage), stage.clock.now());
        stage.clock.advance(Duration::from_secs(1));
        stage.by_vendor(WebhookCommand::Trigger { id }).unwrap();
        let (duration, body) = (Duration::from_secs(2), String::new());
        let answer = WebhookAnswer { began, duration, status: Ok(status), body };
        stage.clock.advance(Duration::from_secs(1));
        stage.world.note_webhook_answer(stage.clock.now(), &under_way, answer);
        only(&stage);
    }
}

/// The wall was in another year when a call failed.
#[test]
fn a_wall_that_is_set_back_holds_no_call_up() {
    let mut stage = Stage::demo();
    hook(&mut stage);
    stage.trial();
    let call = only(&stage);
    answer(&mut stage, &call, Ok(500));
    let earlier = stage.clock.now() - Duration::from_secs(86_400 * 365);
    assert_eq!(stage.world.due_webhook_calls(earlier, |_| false, 10).calls.len(), 1);
}

#[test]
fn the_log_keeps_the_last_twenty_calls() {
    let mut stage = Stage::demo();
    let id = hook(&mut stage);
    for _ in 0..25 {
        stage.by_vendor(WebhookCommand::Trigger { id: id.clone() }).unwrap();
        let call = only(&stage);
        answer(&mut stage, &call, Ok(200));
    }
    let (ids, range) = stage.ids(&Collection::WebhookDeliveries(id), "limit=2");
    assert_eq!((ids, range.as_str()), (vec!["25".to_owned(), "24".to_owned()], "items 0-1/20"));
}

#[test]
fn those_that_wait_longest_are_called_first_and_no_one_twice() {
    let mut stage = Stage::demo();
    let ids: Vec<WebhookId> = (0..3).map(|_| hook(&mut stage)).collect();
    for id in ids.iter().rev() {
        stage.by_vendor(WebhookCommand::Trigger { id: id.clone() }).unwrap();
    }
    let now = stage.clock.now();
    let calls = stage.world.due_webhook_calls(now, |id| *id == ids[2], 1).calls;
    assert_eq!(calls.iter().map(|call| &call.webhook).collect::<Vec<_>>(), [&ids[1]]);
}

#[test]
fn a_webhook_for_bills_is_called_when_the_vendor_bills() {
    let mut stage = Stage::demo();
    let asset = stage.active_order();
    let hook = hook_with(&mut stage, &[("object_class", json!("billing_request"))]);
    let body = json!({
        "asset": {"id": asset}, "items": [{"id": "MPN-A"}],
        "period": {"from": "2024-06-01T00:00:00Z", "to": "2024-07-01T00:00:00Z", "delta": 1,
                   "uom": "monthly"},
    });
    let bill = BillingRequestCommand::Create { body };
    stage.by_distributor(bill.clone()).unwrap();
    assert_eq!(due(&stage).calls.len(), 0, "the vendor does not see how its distributor bills");
    stage.by_vendor(bill).unwrap();
    assert_eq!(only(&stage).webhook, hook);
}
