//! Attempts that must not go on, and several at the same time.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{act, done, scene};
use crate::check::dialogue::Said;
use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::check::scene::{Scene, is_same};
use crate::protocol::code;

/// The most attempts that are made at the same time.
const MOST_AT_ONCE: usize = 3;

/// Two steps, of which the second is never to be taken.
fn two_steps() -> Value {
    json!([{"step": "a", "class": "keyed", "value": 1}, {"step": "b", "class": "keyed", "value": 2}])
}

fn refused_at_begin(script: Value, code: i64) -> Scene {
    Scene::of(script).asks("step.begin", json!({"step": "a", "class": "keyed"}), Err(code)).stops()
}

/// A request that comes after others have been stopped.
fn another() -> Scene {
    Scene::of(json!([{"callback": true}]))
        .asks("callback", json!({}), Ok(json!({"url": null})))
        .approves(json!([null]))
}

pub(super) fn stopped() -> Vec<Scene> {
    vec![refused_at_begin(two_steps(), code::OVER), another()]
}

pub(super) fn not_its_own() -> Vec<Scene> {
    vec![refused_at_begin(two_steps(), code::NO_RUN), another()]
}

pub(super) fn stopped_while_acting() -> Vec<Scene> {
    let stopped = Scene::of(two_steps())
        .asks("step.begin", json!({"step": "a", "class": "keyed"}), act("a"))
        .asks("step.complete", json!({"step": "a", "value": 1}), Err(code::OVER))
        .stops();
    vec![stopped, another()]
}

pub(super) fn stopped_unheard() -> Vec<Scene> {
    let script = json!([
        {"swallow": [{"step": "a", "class": "keyed", "value": 1}]},
        {"swallow": [{"step": "b", "class": "keyed", "value": 2}]},
        {"callback": true}
    ]);
    vec![refused_at_begin(script, code::OVER), another()]
}

pub(super) async fn cancelled(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    let (run, handle) = scene::begin(&mut talk, &two_steps()).await?;
    let begins = json!({"step": "a", "class": "keyed"});
    let asked = scene::asked(&mut talk, &run, "step.begin", &begins).await?;
    talk.tell("cancel", json!({"run": run})).await?;
    talk.reply(&asked, Err(code::OVER)).await?;
    // It is thrown away, but it has to come.
    drop(talk.answer(handle).await?);
    talk.tell("ended", json!({"run": run})).await?;
    scene::play(talk, vec![another()]).await
}

/// What it is told and what it answers can cross.
pub(super) async fn late_cancel(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    let run = another().play(&mut talk).await?;
    for method in ["cancel", "ended", "cancel", "ended"] {
        talk.tell(method, json!({"run": run})).await?;
    }
    scene::play(talk, vec![another()]).await
}

/// An attempt of several.
struct Attempt {
    step: String,
    value: usize,
    handle: u64,
}

pub(super) async fn at_once(program: &Program) -> Result<(), Fault> {
    let (mut talk, hello) = program.hello(1).await?;
    let mut attempts = HashMap::new();
    for value in 0..hello.at_once.min(MOST_AT_ONCE) {
        let step = format!("step-{value}");
        let script = json!([{"step": step, "class": "keyed", "value": value}]);
        let (run, handle) = scene::begin(&mut talk, &script).await?;
        attempts.insert(run, Attempt { step, value, handle });
    }
    let mut begun = Vec::new();
    for _ in 0..attempts.len() {
        let expected = "`step.begin` of each attempt before any is answered";
        let asked = talk.asked(expected).await?;
        let of = attempts.get(asked.text("run"));
        match of {
            Some(of) if asked.method == "step.begin" && asked.text("step") == of.step => {}
            _ => return Err(Fault::new(expected, Said::Asks(asked).words())),
        }
        begun.push(asked);
    }
    // In another order than they came.
    while let Some(asked) = begun.pop() {
        talk.reply(&asked, act(asked.text("step"))).await?;
    }
    while !attempts.is_empty() {
        let expected = "`step.complete` and the outcome of each attempt";
        let said = talk.next(expected).await?;
        let is_right = match &said {
            Said::Asks(asked) => {
                let of = attempts.get(asked.text("run"));
                let is_right = of.is_some_and(|of| {
                    asked.method == "step.complete"
                        && asked.text("step") == of.step
                        && asked.params["value"] == of.value
                });
                let value = asked.params["value"].clone();
                talk.reply(asked, done(value)).await?;
                is_right
            }
            Said::Answers { call, answer } => {
                let ended = attempts.extract_if(|_, of| of.handle == *call).next();
                ended.is_some_and(|(_, of)| tells(answer.as_ref().ok(), of.value))
            }
        };
        if !is_right {
            return Err(Fault::new(expected, said.words()));
        }
    }
    talk.hang_up().await
}

/// Whether an outcome says that this was seen, and nothing else.
fn tells(outcome: Option<&Value>, value: usize) -> bool {
    let seen = outcome.and_then(|outcome| outcome["parameters"]["seen"].as_str());
    let seen = seen.and_then(|seen| serde_json::from_str(seen).ok());
    seen.is_some_and(|seen: Value| is_same(&seen, &json!([value])))
}
