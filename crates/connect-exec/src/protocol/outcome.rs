//! Outcomes as workers write them, and the errors in place of one.

use std::collections::BTreeMap;
use std::time::Duration;

use connect_model::DateTime;
use connect_processor::{Approval, Failure, Inquiry, Outage, Outcome};
use serde::Deserialize;
use serde_json::Value;

use super::code;
use super::seconds;
use crate::message::CallError;

/// An outcome as a worker writes it.
#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum WrittenOutcome {
    Approve {
        #[serde(default)]
        parameters: BTreeMap<String, String>,
        template: Option<String>,
        effective_date: Option<DateTime>,
        say: Option<String>,
    },
    Fail {
        reason: String,
    },
    Inquire {
        parameters: BTreeMap<String, String>,
        template: Option<String>,
        say: Option<String>,
    },
    Schedule {
        on: DateTime,
    },
    Reschedule {
        #[serde(deserialize_with = "seconds::bounded")]
        after: Option<Duration>,
    },
    Skip,
    Confirm,
    Decided,
}

impl From<WrittenOutcome> for Outcome {
    fn from(written: WrittenOutcome) -> Self {
        match written {
            WrittenOutcome::Approve { parameters, template, effective_date, say } => {
                let approval = Approval::default();
                let approval = parameters
                    .into_iter()
                    .fold(approval, |it, (id, value)| it.parameter(id, value));
                let approval =
                    template.into_iter().fold(approval, |it, id| it.template(id.as_str().into()));
                let approval = effective_date.into_iter().fold(approval, Approval::effective);
                say.into_iter().fold(approval, Approval::say).into()
            }
            WrittenOutcome::Inquire { parameters, template, say } => {
                let inquiry = Inquiry::default();
                let inquiry =
                    parameters.into_iter().fold(inquiry, |it, (id, wrong)| it.parameter(id, wrong));
                let inquiry =
                    template.into_iter().fold(inquiry, |it, id| it.template(id.as_str().into()));
                say.into_iter().fold(inquiry, Inquiry::say).into()
            }
            WrittenOutcome::Fail { reason } => Self::fail(reason),
            WrittenOutcome::Schedule { on } => Self::Schedule { on },
            WrittenOutcome::Reschedule { after } => Self::reschedule(after.unwrap_or_default()),
            WrittenOutcome::Skip => Self::Skip,
            WrittenOutcome::Confirm => Self::Confirm,
            WrittenOutcome::Decided => Self::Decided,
        }
    }
}

/// What a worker's handler failed with.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct HandlerError {
    message: String,
}

/// The most characters that are kept of what went wrong: it is for people, and is kept with each attempt.
const LONGEST: usize = 4000;

fn short(message: String) -> String {
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &message[..end]),
        None => message,
    }
}

/// Returns the failure that a worker's error stands for.
pub(crate) fn failure(error: CallError) -> Failure {
    let CallError { code, message, data } = error;
    let after = data.as_ref().and_then(|data| data.get("after")).and_then(Value::as_f64);
    let after = after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match code {
        code::PARK => Failure::park(short(message)),
        code::GAVE_UP => Failure::give_up(message),
        _ => failed(message, after, code == code::OUTAGE),
    }
}

/// Returns the failure of what went wrong, or of which nobody knows how it went.
pub(crate) fn failed(message: String, after: Option<Duration>, is_outage: bool) -> Failure {
    let error = HandlerError { message: short(message) };
    let source = if is_outage { Outage::new(error).into() } else { error.into() };
    Failure::Retry { source, after }
}
