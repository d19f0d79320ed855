//! What a worker asks about a request besides its steps.

use serde_json::{Value, json};

use super::nothing;
use crate::check::dialogue::REFUSED;
use crate::check::scene::Scene;
use crate::protocol::code;

pub(super) fn recorded() -> Vec<Scene> {
    let asks = |reply: Value| {
        Scene::of(json!([{"recorded": "a"}])).asks("step.recorded", json!({"step": "a"}), Ok(reply))
    };
    vec![
        asks(json!({"recorded": true, "value": {"id": "t-7"}})).approves(json!([{"id": "t-7"}])),
        asks(json!({"recorded": false})).approves(json!([null])),
    ]
}

pub(super) fn say() -> Vec<Scene> {
    let says = |is_private: bool| {
        let script = json!([{"say": "ready", "text": "It is ready. ✓", "private": is_private}]);
        let says = json!({"name": "ready", "text": "It is ready. ✓"});
        Scene::of(script).asks("say", merged(says, is_private), nothing())
    };
    vec![says(false), says(true)]
}

fn merged(mut says: Value, is_private: bool) -> Value {
    // Where it is left out, everybody reads it.
    if is_private {
        says["private"] = json!(true);
    }
    says
}

pub(super) fn callback() -> Vec<Scene> {
    let asks = |url: Value| {
        Scene::of(json!([{"callback": true}]))
            .asks("callback", json!({}), Ok(json!({"url": url})))
            .approves(json!([url]))
    };
    vec![asks(json!("https://processor.example/callback/x")), asks(json!(null))]
}

pub(super) fn get() -> Vec<Scene> {
    let path = "assets/AS-0000-0000-0000?limit=1";
    let asks =
        |reply| Scene::of(json!([{"get": path}])).asks("connect.get", json!({"path": path}), reply);
    let body = json!({"id": "AS-0000-0000-0000", "more": [null, "ü"]});
    vec![asks(Ok(json!({"body": body}))).approves(json!([body])), asks(Err(code::FAILED)).retries()]
}

pub(super) fn get_raw() -> Vec<Scene> {
    let path = "products/PRD-000-000-000/templates?limit=1";
    let asks = |status: u16, body: Value| {
        let answer =
            json!({"status": status, "headers": {"content-range": "items 0-0/7"}, "body": body});
        Scene::of(json!([{"get": path, "raw": true}]))
            .asks("connect.get", json!({"path": path, "raw": true}), Ok(answer.clone()))
            .approves(json!([answer]))
    };
    vec![asks(200, json!([{"id": "TL-000-000-000"}])), asks(REFUSED, json!({"errors": ["none"]}))]
}

/// The request, as Connect shows it after it was changed.
fn changed() -> Value {
    json!({"id": "PR-0000-0000-0000-001", "type": "purchase", "status": "approved", "note": "ü"})
}

pub(super) fn update() -> Vec<Scene> {
    let parameters = json!({"subscription_id": "t-7", "note": "Grüße,\n\"two lines\""});
    vec![
        Scene::of(json!([{"update": parameters}]))
            .asks(
                "connect.update",
                json!({"parameters": parameters}),
                Ok(json!({"request": changed()})),
            )
            .approves(json!([changed()])),
    ]
}

pub(super) fn decide() -> Vec<Scene> {
    let outcomes = [
        json!({"outcome": "approve", "parameters": {"tenant_id": "t-7"}, "template": "TL-000-000-001"}),
        json!({"outcome": "fail", "reason": "It cannot be had."}),
        json!({"outcome": "inquire", "parameters": {"email": "It is none."}}),
    ];
    let decided = json!({"outcome": "decided"});
    let decides = |outcome| {
        Scene::of(json!([{"decide": outcome}, {"say": "told", "text": "Done.", "private": false}, {"outcome": decided}]))
            .asks("decide", json!({"outcome": outcome}), Ok(json!({"request": changed()})))
            .asks("say", json!({"name": "told", "text": "Done."}), nothing())
            .decides(decided.clone())
    };
    outcomes.map(decides).into()
}

/// What is refused is no end: the handler hears of it, and goes on.
pub(super) fn connect_refuses() -> Vec<Scene> {
    let asks = |method, action: Value| {
        Scene::of(json!([{"refused": [action]}]))
            .asks(method, json!({}), Err(code::FAILED))
            .approves(json!([REFUSED]))
    };
    vec![
        asks("connect.get", json!({"get": "assets/AS-0000-0000-0000"})),
        asks("connect.update", json!({"update": {"subscription_id": "t-7"}})),
        asks("decide", json!({"decide": {"outcome": "approve"}})),
    ]
}

pub(super) fn log() -> Vec<Scene> {
    let text = "slow — today, \"very\"";
    let says = |level: &str| {
        Scene::of(json!([{"log": text, "level": level}]))
            .logs(json!({"level": level, "message": text}))
    };
    ["debug", "info", "warn", "error"].map(says).into()
}
