//! What a worker asks about a request besides its steps.

use serde_json::{Value, json};

use super::nothing;
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
