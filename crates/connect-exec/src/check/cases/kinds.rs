//! Requests of other kinds than purchases, and those that come back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{act, done};
use crate::check::scene::Scene;
use crate::protocol::code;

/// One step `a`.
fn step() -> Value {
    json!({"step": "a", "class": "keyed", "value": 1})
}

fn begins() -> Value {
    json!({"step": "a", "class": "keyed"})
}

/// The step is taken.
fn takes_step(scene: Scene) -> Scene {
    scene.asks("step.begin", begins(), act("a")).asks(
        "step.complete",
        json!({"step": "a", "value": 1}),
        done(1),
    )
}

/// What was recorded in the first visit is known in the second one.
pub(super) fn visit() -> Vec<Scene> {
    let inquires = json!({"outcome": "inquire", "parameters": {"email": "It is none."}});
    let first = Scene::of(json!([{"visit": true}, step(), {"outcome": inquires}]));
    let seen = |visit: u32| Scene::of(json!([{"visit": true}])).told(json!({"visit": visit}));
    let second = Scene::of(json!([{"visit": true}, step()]))
        .told(json!({"visit": 2}))
        .asks("step.begin", begins(), done("of the first visit"))
        .approves(json!([2, "of the first visit"]));
    vec![takes_step(first).decides(inquires), second, seen(1).approves(json!([1]))]
}

pub(super) fn revocation() -> Vec<Scene> {
    let taken_back = |script| Scene::of(script).told(json!({"kind": "revocation"}));
    vec![
        takes_step(taken_back(json!([step()]))).decides(json!({"outcome": "confirm"})),
        taken_back(json!([{"raise": "park", "message": "look"}])).fails(code::PARK, "look", None),
    ]
}

pub(super) fn tier_config() -> Vec<Scene> {
    let params = |script: &Value| json!([{"id": "script", "phase": "ordering", "value": script.to_string()}]);
    let setup = |script: Value| {
        // The configuration shows what was approved before.
        let request = json!({
            "id": "TCR-000-000-000-001", "type": "setup", "status": "pending", "params": params(&script),
            "configuration": {"id": "TC-000-000-000", "tier_level": 1, "params": params(&json!([]))},
        });
        let about =
            json!({"collection": "tier/config-requests", "type": "setup", "request": request});
        Scene::of(script).told(about)
    };
    vec![
        takes_step(setup(json!([step()]))).approves(json!([1])),
        setup(json!([{"raise": "give_up", "message": "No."}])).fails(code::GAVE_UP, "No.", None),
    ]
}

pub(super) fn report() -> Vec<Scene> {
    let month = |script: Value| {
        let request = json!({
            "id": "report-2026-10", "period": {"from": "2026-10-01", "to": "2026-10-31"},
            "now": "2026-11-01T00:00:00+00:00", "script": script,
        });
        Scene::of(script).told(json!({
            "collection": "usage/files", "type": "report", "kind": "report", "request": request,
        }))
    };
    let file = json!({"id": "UF-2026-10-0001"});
    let answered = |status: u16, body: &Value| {
        Ok(json!({"status": status, "headers": {}, "body": STANDARD.encode(body.to_string())}))
    };
    let made = month(json!([
        step(), {"get": "assets?limit=1"}, {"call": "usage/files", "body": "{\"name\": \"ü\"}"}
    ]));
    let call = json!({
        "method": "POST", "path": "usage/files", "body": STANDARD.encode("{\"name\": \"ü\"}"),
    });
    vec![
        takes_step(made)
            .asks("connect.get", json!({"path": "assets?limit=1"}), Ok(json!({"body": []})))
            .asks("connect.call", call, answered(201, &file))
            .decides(json!({"outcome": "done"})),
        month(json!([{"raise": "again", "message": "Not yet.", "after": 60}])).fails(
            code::FAILED,
            "Not yet.",
            Some(60.0),
        ),
    ]
}
