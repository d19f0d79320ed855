//! What a handler decides, and what it raises.

use serde_json::json;

use crate::check::scene::Scene;
use crate::protocol::code;

pub(super) fn outcomes() -> Vec<Scene> {
    let outcomes = [
        json!({"outcome": "approve"}),
        json!({
            "outcome": "approve", "parameters": {"tenant_id": "t-7"}, "template": "TL-000-000-001",
            "effective_date": "2026-03-01T12:00:00Z", "say": "Welcome."
        }),
        json!({"outcome": "fail", "reason": "It cannot be had."}),
        json!({
            "outcome": "inquire", "parameters": {"email": "It is none."}, "template": "TL-000-000-002",
            "say": "Please look at it."
        }),
        json!({"outcome": "schedule", "on": "2026-03-01T12:00:00Z"}),
        json!({"outcome": "reschedule", "after": 60}),
        json!({"outcome": "skip"}),
        json!({"outcome": "confirm"}),
    ];
    outcomes.map(|outcome| Scene::of(json!([{"outcome": outcome}])).decides(outcome)).into()
}

pub(super) fn errors() -> Vec<Scene> {
    let raise = |what: &str, after: Option<f64>| {
        Scene::of(json!([{"raise": what, "message": "It is — odd.", "after": after}]))
    };
    let fails = |what, code, after| raise(what, after).fails(code, "It is — odd.", after);
    vec![
        fails("again", code::FAILED, None),
        fails("again", code::FAILED, Some(30.0)),
        fails("park", code::PARK, None),
        fails("give_up", code::GAVE_UP, None),
        fails("outage", code::OUTAGE, None),
        raise("other", None).retries(),
        // It goes on after all of them.
        Scene::of(json!([])),
    ]
}
