//! Steps: their classes, their states, and what becomes of them.

use std::time::Duration;

use serde_json::{Value, json};

use super::{act, done, look, nothing, refused as was, scene};
use crate::check::dialogue::Reply;
use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::check::scene::Scene;
use crate::protocol::code;

/// How long a worker is given to go on too early.
const A_MOMENT: Duration = Duration::from_millis(300);

/// One step `a`, whose call returns a value.
fn step(class: &str, value: impl Into<Value>) -> Value {
    json!([{"step": "a", "class": class, "value": value.into()}])
}

/// A scene in which a step of a class is begun.
fn begun(script: Value, class: &str, reply: Reply) -> Scene {
    Scene::of(script).asks("step.begin", json!({"step": "a", "class": class}), reply)
}

/// The vendor's answer is recorded. The state that comes back has the value that counts.
fn acts(class: &str) -> Scene {
    begun(step(class, "told"), class, act("a"))
        .asks("step.complete", json!({"step": "a", "value": "told"}), done("recorded"))
        .approves(json!(["recorded"]))
}

pub(super) fn keyed() -> Vec<Scene> {
    // A second request is none of the first one's business.
    let limited = json!([{"step": "a", "class": "keyed", "value": 1, "time_limit": 5}]);
    let limited = Scene::of(limited)
        .asks("step.begin", json!({"step": "a", "class": "keyed", "time_limit": 5}), act("a"))
        .asks("step.complete", json!({"step": "a", "value": 1}), done(1))
        .approves(json!([1]));
    vec![acts("keyed"), limited]
}

pub(super) fn probed() -> Vec<Scene> {
    vec![acts("probed")]
}

pub(super) fn once() -> Vec<Scene> {
    vec![acts("once")]
}

pub(super) fn found() -> Vec<Scene> {
    let script = json!([{"step": "a", "class": "probed", "found": "seen", "value": "made"}]);
    vec![
        begun(script, "probed", look("a"))
            .asks("step.found", json!({"step": "a", "found": true, "value": "seen"}), done("seen"))
            .approves(json!(["seen"])),
    ]
}

pub(super) fn not_found() -> Vec<Scene> {
    vec![
        begun(step("probed", "made"), "probed", look("a"))
            .asks("step.found", json!({"step": "a", "found": false}), act("a"))
            .asks("step.complete", json!({"step": "a", "value": "made"}), done("made"))
            .approves(json!(["made"])),
    ]
}

pub(super) fn look_fails() -> Vec<Scene> {
    let script = json!([{"step": "a", "class": "probed", "raise": "again", "message": "no luck"}]);
    vec![
        begun(script, "probed", look("a"))
            .asks("step.failed", json!({"step": "a", "message": "no luck"}), nothing())
            .fails(code::FAILED, "no luck", None),
    ]
}

fn done_before(class: &str) -> Scene {
    begun(step(class, "again"), class, done("before")).approves(json!(["before"]))
}

fn done_with_null() -> Scene {
    begun(step("keyed", "again"), "keyed", done(Value::Null)).approves(json!([null]))
}

pub(super) fn happened() -> Vec<Scene> {
    vec![done_before("keyed"), done_before("probed"), done_before("once"), done_with_null()]
}

pub(super) fn was_refused() -> Vec<Scene> {
    vec![begun(step("keyed", 1), "keyed", was("It is overdue.")).fails(
        code::GAVE_UP,
        "It is overdue.",
        None,
    )]
}

pub(super) fn refused() -> Vec<Scene> {
    let script = json!([{
        "step": "a", "class": "keyed", "raise": "give_up", "message": "It is overdue."
    }]);
    vec![
        begun(script, "keyed", act("a"))
            .asks(
                "step.refused",
                json!({"step": "a", "reason": "It is overdue."}),
                was("It is overdue."),
            )
            .fails(code::GAVE_UP, "It is overdue.", None),
    ]
}

pub(super) fn failed() -> Vec<Scene> {
    let fails = |raised: &str, more: Value, code| {
        let mut script = json!({
            "step": "a", "class": "keyed", "raise": raised, "message": "no luck"
        });
        let mut says = json!({"step": "a", "message": "no luck"});
        for (field, value) in more.as_object().into_iter().flatten() {
            says[field] = value.clone();
        }
        if let Some(after) = more.get("after") {
            script["after"] = after.clone();
        }
        begun(json!([script]), "keyed", act("a")).asks("step.failed", says, nothing()).fails(
            code,
            "no luck",
            more["after"].as_f64(),
        )
    };
    vec![
        fails("again", json!({}), code::FAILED),
        fails("again", json!({"after": 30}), code::FAILED),
        fails("outage", json!({"outage": true}), code::OUTAGE),
        fails("park", json!({}), code::PARK),
    ]
}

pub(super) fn swallowed() -> Vec<Scene> {
    let script = json!([
        {"swallow": [{"step": "a", "class": "keyed", "raise": "again", "message": "no luck"}]}
    ]);
    vec![
        begun(script, "keyed", act("a"))
            .asks("step.failed", json!({"step": "a", "message": "no luck"}), nothing())
            .retries(),
    ]
}

pub(super) async fn recorded_first(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    let (run, handle) = scene::begin(&mut talk, &step("keyed", 1)).await?;
    let begins = json!({"step": "a", "class": "keyed"});
    let asked = scene::asked(&mut talk, &run, "step.begin", &begins).await?;
    talk.reply(&asked, act("a")).await?;
    let completes = json!({"step": "a", "value": 1});
    let asked = scene::asked(&mut talk, &run, "step.complete", &completes).await?;
    let expected = "nothing before `step.complete` is answered";
    if let Some(said) = talk.next_within(A_MOMENT, expected).await? {
        return Err(Fault::new(expected, said.words()));
    }
    talk.reply(&asked, done(1)).await?;
    talk.answer(handle).await?.map_err(|error| Fault::new("an outcome", error.message))?;
    talk.hang_up().await
}

/// One step whose value goes there and back.
fn value(value: &Value) -> Scene {
    begun(step("keyed", value.clone()), "keyed", act("a"))
        .asks("step.complete", json!({"step": "a", "value": value}), done(value.clone()))
        .approves(json!([value]))
}

pub(super) fn values() -> Vec<Scene> {
    let values = [
        json!(null),
        json!(false),
        json!(0),
        json!(-2.5),
        json!(9_007_199_254_740_991_i64),
        json!(""),
        json!("Grüße, 北京 🎉"),
        json!("two\nlines, a \"quote\", a \\, a \t, \u{0}, \u{2028} and \u{feff}"),
        json!([]),
        json!({"deep": [{"er": [1, "two", null, true]}], "": {}}),
    ];
    values.iter().map(value).collect()
}

pub(super) fn large_value() -> Vec<Scene> {
    vec![value(&json!("x".repeat(5 * 1024 * 1024) + "ü"))]
}

/// What was said to the vendor goes along with each way in which a step can end.
pub(super) fn calls() -> Vec<Scene> {
    let calls = json!([
        {"method": "PUT", "address": "https://api.example/t-7", "status": 200, "body": "ü", "answer": "{}", "took_ms": 21},
        {"method": "GET", "address": "https://api.example/t-7", "status": null, "body": "", "answer": "", "took_ms": 0}
    ]);
    let scene = |class: &str, mut script: Value, reply, method, mut says: Value, answer| {
        script["class"] = json!(class);
        for it in [&mut script, &mut says] {
            (it["step"], it["calls"]) = (json!("a"), calls.clone());
        }
        begun(json!([script]), class, reply).asks(method, says, answer)
    };
    let raises = |what: &str| json!({"raise": what, "message": "no luck"});
    vec![
        scene(
            "keyed",
            json!({"value": 1}),
            act("a"),
            "step.complete",
            json!({"value": 1}),
            done(1),
        )
        .approves(json!([1])),
        scene(
            "probed",
            json!({"found": 1}),
            look("a"),
            "step.found",
            json!({"found": true}),
            done(1),
        )
        .approves(json!([1])),
        scene("keyed", raises("give_up"), act("a"), "step.refused", json!({}), was("no luck"))
            .fails(code::GAVE_UP, "no luck", None),
        scene("keyed", raises("again"), act("a"), "step.failed", json!({}), nothing()).fails(
            code::FAILED,
            "no luck",
            None,
        ),
    ]
}

pub(super) fn wrong() -> Vec<Scene> {
    vec![begun(step("keyed", 1), "keyed", Err(code::BAD_PARAMS)).retries()]
}
