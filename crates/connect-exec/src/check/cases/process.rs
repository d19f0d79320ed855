//! The process of a worker: what it prints, and its end.

use serde_json::json;

use super::{act, done, scene};
use crate::check::dialogue::Dialogue;
use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::check::scene::Scene;

pub(super) fn prints() -> Vec<Scene> {
    let message = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": \"printed\"}\n";
    let script = json!([
        {"print": "a line\n"},
        {"print": message},
        {"print": "{ is no message\n"},
        {"print": "without an end, ünd "},
        {"step": "a", "class": "keyed", "value": 1},
        {"print": "{"}
    ]);
    vec![
        Scene::of(script)
            .asks("step.begin", json!({"step": "a", "class": "keyed"}), act("a"))
            .asks("step.complete", json!({"step": "a", "value": 1}), done(1))
            .approves(json!([1])),
    ]
}

pub(super) async fn input_ends(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    talk.hang_up().await?;
    talk.ends("the end of its input").await
}

/// A worker whose handler never comes to its end.
async fn hanging(program: &Program) -> Result<Dialogue, Fault> {
    let mut talk = program.ready().await?;
    let script = json!([{"callback": true}, {"hang": true}]);
    let (run, _) = scene::begin(&mut talk, &script).await?;
    let asked = scene::asked(&mut talk, &run, "callback", &json!({})).await?;
    talk.reply(&asked, Ok(json!({"url": null}))).await?;
    Ok(talk)
}

pub(super) async fn input_ends_while_handling(program: &Program) -> Result<(), Fault> {
    let mut talk = hanging(program).await?;
    talk.hang_up().await?;
    talk.ends("the end of its input").await
}

pub(super) async fn told_to_end(program: &Program) -> Result<(), Fault> {
    let mut talk = hanging(program).await?;
    talk.tell_to_end();
    talk.ends("SIGTERM").await
}
