//! The beginning, and what a worker does not know.

use serde_json::json;

use super::{act, done};
use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::check::scene::{self, Scene};
use crate::protocol::code;
use crate::register;

pub(super) async fn hello(program: &Program) -> Result<(), Fault> {
    let (mut talk, hello) = program.hello(1).await?;
    register::check(&hello)
        .map_err(|why| Fault::new("handlers of what there is", format!("these: {why}")))?;
    talk.hang_up().await
}

pub(super) async fn same_hello(program: &Program) -> Result<(), Fault> {
    let (_one, first) = program.hello(1).await?;
    let (_other, second) = program.hello(2).await?;
    if first == second {
        return Ok(());
    }
    Err(Fault::new(
        format!("the second worker to say the same as the first: {first:?}"),
        format!("{second:?}"),
    ))
}

pub(super) async fn other_protocol(program: &Program) -> Result<(), Fault> {
    const LATER: u32 = 1_000_000;
    match program.greeted(1, LATER).await? {
        (_, Err(_)) => Ok(()),
        (_, Ok(answer)) => {
            let expected = format!("an error in answer to `initialize` of protocol {LATER}");
            Err(Fault::new(expected, format!("the answer {answer}")))
        }
    }
}

pub(super) fn failures() -> Vec<Scene> {
    let asks = |failures: u32| {
        Scene::of(json!([{"failures": true}]))
            .told(json!({"failures": failures}))
            .approves(json!([failures]))
    };
    vec![asks(0), asks(7)]
}

pub(super) fn migration() -> Vec<Scene> {
    let data = json!({"parameter": "migration_info", "text": "{\"tenant\": \"t-7\"}"});
    let asks = || Scene::of(json!([{"migration": true}]));
    vec![
        asks().told(json!({"kind": "migration", "migration": data})).approves(json!([data])),
        asks().approves(json!([null])),
    ]
}

/// Every dialogue has unknown fields besides.
pub(super) async fn unknown(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    talk.tell("later", json!({"run": "none", "more": [1]})).await?;
    talk.tell("ended", json!({"run": "none"})).await?;
    let call = talk.call("later", json!({"run": "none"})).await?;
    let answer = talk.answer(call).await?;
    if answer.as_ref().err().map(|error| error.code) != Some(code::NO_METHOD) {
        let came = answer.unwrap_or_else(|error| json!(error)).to_string();
        let expected = format!("the error {} to a method that there is none of", code::NO_METHOD);
        return Err(Fault::new(expected, came));
    }
    let goes_on = Scene::of(json!([{"step": "a", "class": "keyed", "value": 1}]))
        .asks("step.begin", json!({"step": "a", "class": "keyed"}), act("a"))
        .asks("step.complete", json!({"step": "a", "value": 1}), done(1))
        .approves(json!([1]));
    scene::play(talk, vec![goes_on]).await
}
