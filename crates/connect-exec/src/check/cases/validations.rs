//! Drafts, which are no requests yet.

use serde_json::{Value, json};

use super::scene;
use crate::check::dialogue::Dialogue;
use crate::check::fault::Fault;
use crate::check::program::Program;
use crate::check::scene::is_same;
use crate::message::CallError;
use crate::protocol::code;

/// Has the worker validate a draft that tells its validator what to do. Returns the run and the id of the call.
async fn begin(talk: &mut Dialogue, script: &Value) -> Result<(String, u64), Fault> {
    let run = talk.next_run();
    let params = json!([{"id": "script", "phase": "ordering", "value": script.to_string()}]);
    let call = talk.call(
        "validate",
        json!({
            "run": run, "collection": "requests", "type": "purchase",
            "request": {
                "id": "PR-0000-0000-0000-001", "type": "purchase", "status": "draft",
                "asset": {"id": "AS-0000-0000-0000", "params": params, "items": []},
            },
            "later": null,
        }),
    );
    Ok((run, call.await?))
}

/// Waits for the answer, and has the run ended.
async fn end(talk: &mut Dialogue, run: &str, call: u64) -> Result<Result<Value, CallError>, Fault> {
    let answer = talk.answer(call).await?;
    talk.tell("ended", json!({"run": run})).await?;
    Ok(answer)
}

/// Looks whether these are the findings.
fn judge(wanted: &Value, answer: Result<Value, CallError>) -> Result<(), Fault> {
    let came = match answer {
        Ok(answer) if is_same(&json!({"findings": wanted}), &answer) => return Ok(()),
        Ok(answer) => format!("the answer {answer}"),
        Err(error) => format!("the error {}", json!(error)),
    };
    Err(Fault::new(format!("the findings {wanted}"), came))
}

async fn finds(talk: &mut Dialogue, wanted: &Value) -> Result<(), Fault> {
    let (run, call) = begin(talk, &json!([{"find": wanted}])).await?;
    judge(wanted, end(talk, &run, call).await?)
}

pub(super) async fn findings(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    let all = json!({
        "email": {
            "error": "Grüße: it is none.", "structured_error": {"message": "none"},
            "value": "ada@cedar.example", "structured_value": {"at": ["cedar", 1]},
            "required": true, "hidden": false, "readonly": true,
            "choices": [["s", "Small"], ["l", "Large"]],
        },
        "domain": {"error": "It is taken."},
    });
    for wanted in [all, json!({})] {
        finds(&mut talk, &wanted).await?;
    }
    talk.hang_up().await
}

pub(super) async fn reads(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    let path = "assets/AS-0000-0000-0000?limit=1";
    let (run, call) = begin(&mut talk, &json!([{"get": path}])).await?;
    let asked = scene::asked(&mut talk, &run, "connect.get", &json!({"path": path})).await?;
    talk.reply(&asked, Ok(json!({"body": "ü"}))).await?;
    judge(&json!({"seen": {"value": "ü"}}), end(&mut talk, &run, call).await?)?;
    talk.hang_up().await
}

/// What went wrong is no refusal: whoever asks would be told that it is the vendor's word.
pub(super) async fn fails(program: &Program) -> Result<(), Fault> {
    let mut talk = program.ready().await?;
    for (raised, refuses) in [("give_up", true), ("again", false), ("other", false)] {
        let script = json!([{"raise": raised, "message": "Not today."}]);
        let (run, call) = begin(&mut talk, &script).await?;
        let expected = match refuses {
            true => format!("the error {} with \"Not today.\"", code::GAVE_UP),
            false => format!("an error that is not {}", code::GAVE_UP),
        };
        let came = match end(&mut talk, &run, call).await? {
            Err(error)
                if refuses == (error.code == code::GAVE_UP)
                    && error.message.contains("Not today.") =>
            {
                continue;
            }
            Err(error) => format!("the error {}", json!(error)),
            Ok(answer) => format!("the answer {answer}"),
        };
        return Err(Fault::new(expected, came));
    }
    talk.hang_up().await
}
