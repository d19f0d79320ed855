//! Steps that are undone.

use serde_json::{Value, json};

use super::{act, done, key};
use crate::check::dialogue::Dialogue;
use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::check::scene::Scene;
use crate::protocol::code;

const VALUE: &str = "t-7";

fn script() -> Value {
    json!([
        {"step": "a", "class": "keyed", "value": VALUE, "undo": true},
        {"step": "b", "class": "keyed", "value": 1},
        {"outcome": {"outcome": "fail", "reason": "Not here."}}
    ])
}

/// Begins the step that can be undone.
fn begins() -> Value {
    json!({"step": "a", "class": "keyed", "undo": true})
}

/// A request that is rejected after its steps.
async fn rejected(program: &Program) -> Result<(Dialogue, String), Fault> {
    let mut talk = program.ready().await?;
    let rejected = Scene::of(script())
        .asks("step.begin", begins(), act("a"))
        .asks("step.complete", json!({"step": "a", "value": VALUE}), done(VALUE))
        .asks("step.begin", json!({"step": "b", "class": "keyed"}), act("b"))
        .asks("step.complete", json!({"step": "b", "value": 1}), done(1))
        .decides(json!({"outcome": "fail", "reason": "Not here."}));
    let run = rejected.play(&mut talk).await?;
    Ok((talk, run))
}

async fn undone(talk: &mut Dialogue, run: &str, value: &str) -> Result<(), (i64, String)> {
    let key = key("@undo.a");
    let params = json!({"run": run, "step": "a", "key": key, "value": value});
    let gone = |fault: Fault| (0, fault.came);
    let call = talk.call("undo", params).await.map_err(gone)?;
    let answer = talk.answer(call).await.map_err(gone)?;
    answer.map(drop).map_err(|error| (error.code, error.message))
}

async fn is_undone(talk: &mut Dialogue, run: &str) -> Result<(), Fault> {
    undone(talk, run, VALUE).await.map_err(|(code, message)| {
        let expected = format!("step `a` to be undone, with the value {VALUE}");
        Fault::new(expected, format!("the error {code}, \"{message}\""))
    })
}

async fn ended(mut talk: Dialogue, run: &str) -> Result<(), Fault> {
    talk.tell("ended", json!({"run": run})).await?;
    talk.hang_up().await
}

pub(super) async fn undo(program: &Program) -> Result<(), Fault> {
    let (mut talk, run) = rejected(program).await?;
    is_undone(&mut talk, &run).await?;
    ended(talk, &run).await
}

pub(super) async fn undo_fails(program: &Program) -> Result<(), Fault> {
    let (mut talk, run) = rejected(program).await?;
    let (other, key) = ("t-8", key("@undo.a"));
    let expected = format!("the error {} with \"{key} {other}\"", code::PARK);
    match undone(&mut talk, &run, other).await {
        Err((code::PARK, message)) if message.contains(&format!("{key} {other}")) => {}
        Err((code, message)) => return Err(Fault::new(expected, format!("{code}, {message}"))),
        Ok(()) => return Err(Fault::new(expected, "an undoing that has no value to undo")),
    }
    is_undone(&mut talk, &run).await?;
    ended(talk, &run).await
}

pub(super) async fn undo_elsewhere(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    let once_more = Scene::of(script())
        .asks("step.begin", begins(), done(VALUE))
        .asks("step.begin", json!({"step": "b", "class": "keyed"}), Err(code::OVER))
        .stops();
    let run = once_more.play(&mut talk).await?;
    is_undone(&mut talk, &run).await?;
    ended(talk, &run).await
}
