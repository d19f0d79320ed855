//! A request that a worker handles: what it is told to do, what it has to say, and what it is answered.

use serde_json::{Value, json};

use super::dialogue::{Asked, Dialogue, Reply};
use super::fault::Fault;
use crate::message::CallError;

/// One attempt, from its request to its outcome.
pub(super) struct Scene {
    script: Value,
    /// What `handle` says besides, or otherwise than usual.
    handle: Value,
    exchanges: Vec<Exchange>,
    logs: Vec<Value>,
    end: End,
}

struct Exchange {
    method: &'static str,
    says: Value,
    reply: Reply,
}

/// What the worker has to answer.
enum End {
    /// This outcome.
    Outcome(Value),
    /// An error: with this code, or any that has the request tried again.
    Error { code: Option<i64>, text: String, after: Option<f64> },
    /// Anything: it is thrown away.
    Anything,
}

/// The codes of errors after which the request is not simply tried again.
const NOT_TRIED_AGAIN: std::ops::RangeInclusive<i64> = -32003..=-32001;

impl Scene {
    /// A request that tells the handler what to do, and is approved with nothing seen.
    pub(super) fn of(script: Value) -> Self {
        let (handle, exchanges, logs) = (json!({}), Vec::new(), Vec::new());
        Self { script, handle, exchanges, logs, end: End::Anything }.approves(json!([]))
    }

    /// `handle` says this besides, or otherwise than usual.
    pub(super) fn told(self, handle: Value) -> Self {
        Self { handle, ..self }
    }

    /// The worker asks this; fields that it says besides are its own matter.
    pub(super) fn asks(mut self, method: &'static str, says: Value, reply: Reply) -> Self {
        self.exchanges.push(Exchange { method, says, reply });
        self
    }

    /// The worker has this logged, sooner or later.
    pub(super) fn logs(mut self, says: Value) -> Self {
        self.logs.push(says);
        self
    }

    /// It ends with an approval that tells what the handler has seen.
    pub(super) fn approves(self, seen: Value) -> Self {
        let mut outcome = json!({"outcome": "approve"});
        outcome["parameters"]["seen"] = seen;
        self.decides(outcome)
    }

    pub(super) fn decides(self, outcome: Value) -> Self {
        Self { end: End::Outcome(outcome), ..self }
    }

    pub(super) fn fails(self, code: i64, text: &str, after: Option<f64>) -> Self {
        Self { end: End::Error { code: Some(code), text: text.to_owned(), after }, ..self }
    }

    /// It ends with an error that has the request tried again.
    pub(super) fn retries(self) -> Self {
        Self { end: End::Error { code: None, text: String::new(), after: None }, ..self }
    }

    /// It ends, and how does not count.
    pub(super) fn stops(self) -> Self {
        Self { end: End::Anything, ..self }
    }

    /// Plays it. Returns the run, which is not told yet that it has ended.
    pub(super) async fn play(self, talk: &mut Dialogue) -> Result<String, Fault> {
        let (run, handle) = begin_told(talk, &self.script, &self.handle).await?;
        for Exchange { method, says, reply } in self.exchanges {
            let asked = asked(talk, &run, method, &says).await?;
            talk.reply(&asked, reply).await?;
        }
        let answer = talk.answer(handle).await?;
        self.end.judge(&answer)?;
        self.logs.iter().try_for_each(|says| logged(talk, &run, says))?;
        Ok(run)
    }
}

/// Plays scenes toward a process, one after the other.
pub(super) async fn play(mut talk: Dialogue, scenes: Vec<Scene>) -> Result<(), Fault> {
    for scene in scenes {
        let run = scene.play(&mut talk).await?;
        talk.tell("ended", json!({"run": run})).await?;
    }
    talk.hang_up().await
}

/// Has the worker handle a request. Returns the run and the id of the call.
pub(super) async fn begin(talk: &mut Dialogue, script: &Value) -> Result<(String, u64), Fault> {
    begin_told(talk, script, &json!({})).await
}

async fn begin_told(
    talk: &mut Dialogue,
    script: &Value,
    told: &Value,
) -> Result<(String, u64), Fault> {
    let run = talk.next_run();
    let params = json!([{"id": "script", "phase": "ordering", "value": script.to_string()}]);
    let mut handle = json!({
        "run": run, "collection": "requests", "type": "purchase", "kind": "request", "failures": 0, "visit": 1,
        "request": {
            "id": "PR-0000-0000-0000-001", "type": "purchase", "status": "pending",
            "asset": {"id": "AS-0000-0000-0000", "params": params, "items": []},
        },
        "later": null,
    });
    for (field, value) in fields(told) {
        handle[field] = value.clone();
    }
    let call = talk.call("handle", handle).await?;
    Ok((run, call))
}

/// Waits for a call about a run, which has to say this.
pub(super) async fn asked(
    talk: &mut Dialogue,
    run: &str,
    method: &str,
    says: &Value,
) -> Result<Asked, Fault> {
    let expected = format!("the call `{method}` {says} of the run {run}");
    let asked = talk.asked(&expected).await?;
    match asked.method == method && says_this(run, says, &asked.params) {
        true => Ok(asked),
        false => Err(Fault::new(expected, format!("the call `{}` {}", asked.method, asked.params))),
    }
}

/// Looks whether this was logged of a run.
fn logged(talk: &Dialogue, run: &str, says: &Value) -> Result<(), Fault> {
    if talk.logged().iter().any(|params| says_this(run, says, params)) {
        return Ok(());
    }
    let expected = format!("the notification `log` {says} of the run {run}");
    Err(Fault::new(expected, format!("these: {}", json!(talk.logged()))))
}

/// Whether a message about a run says this, whatever it says besides.
fn says_this(run: &str, says: &Value, params: &Value) -> bool {
    params["run"] == run && fields(says).all(|(field, value)| is_same(value, &params[field]))
}

fn fields(of: &Value) -> impl Iterator<Item = (&String, &Value)> {
    of.as_object().into_iter().flatten()
}

impl End {
    fn judge(self, answer: &Result<Value, CallError>) -> Result<(), Fault> {
        let is_right = match (&self, answer) {
            (Self::Outcome(wanted), Ok(outcome)) => is_outcome(wanted, outcome),
            (Self::Error { code, text, after }, Err(error)) => {
                let is_code = match code {
                    Some(code) => error.code == *code,
                    None => !NOT_TRIED_AGAIN.contains(&error.code) || error.code == -32003,
                };
                let says = error.data.as_ref().and_then(|data| data["after"].as_f64());
                is_code && error.message.contains(text) && says == *after
            }
            (Self::Anything, _) => true,
            _ => false,
        };
        let came = || match answer {
            Ok(outcome) => format!("the outcome {outcome}"),
            Err(error) => format!("the error {}", json!(error)),
        };
        if is_right { Ok(()) } else { Err(Fault::new(self.words(), came())) }
    }

    fn words(self) -> String {
        match self {
            Self::Outcome(outcome) => format!("the outcome {outcome}"),
            Self::Error { code: Some(code), text, after: None } => {
                format!("the error {code} with \"{text}\"")
            }
            Self::Error { code: Some(code), text, after: Some(after) } => {
                format!("the error {code} with \"{text}\", to be tried again after {after} s")
            }
            Self::Error { code: None, .. } => {
                "an error that has the request tried again".to_owned()
            }
            Self::Anything => "an answer".to_owned(),
        }
    }
}

/// Whether an outcome is the wanted one. What was seen is JSON in a text.
fn is_outcome(wanted: &Value, came: &Value) -> bool {
    let Some(seen) = wanted["parameters"].get("seen") else { return is_same(wanted, came) };
    let told = came["parameters"]["seen"].as_str();
    let told = told.and_then(|told| serde_json::from_str::<Value>(told).ok());
    came["outcome"] == wanted["outcome"] && told.is_some_and(|told| is_same(seen, &told))
}

/// Whether two values are the same; 1 and 1.0 are, and a field that is missing is one that is null.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let both = one.keys().chain(other.keys());
            let of = |map: &serde_json::Map<String, Value>, key: &String| {
                map.get(key).cloned().unwrap_or_default()
            };
            both.into_iter().all(|key| is_same(&of(one, key), &of(other, key)))
        }
        _ => one == other,
    }
}
