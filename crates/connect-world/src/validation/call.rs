//! The call of a validator, and what becomes of its answer.

use connect_model::lifecycle::Operation;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::carry_out::ObjectChange;
use crate::command::{Command, RequestCommand, TierConfigRequestCommand};
use crate::denial::Denial;
use crate::row::Params;
use crate::state::State;
use crate::validation::question::{Question, Seen};
use crate::validation::refusal::failed;
use crate::webhook::call::{WebhookAnswer, WebhookCall, note_question, validator};
use crate::webhook::record::WebhookRecord;
use crate::{request, tier_config_request};

/// A vendor's validator that is asked before a command is carried out. It has no `Debug`, because it
/// holds a key.
pub struct ValidatorCall {
    /// The call that asks it; its body is the request as it would be.
    pub call: WebhookCall,
    command: Command,
    params: Params,
    seen: Seen,
}

impl Command {
    /// Whether a vendor's validator may have to be asked first: about a draft, or about the answers
    /// to an inquiry.
    #[must_use]
    pub fn may_ask_validator(&self) -> bool {
        let (operation, code) = match self {
            Self::Request(RequestCommand::Operate { operation, code, .. })
            | Self::TierConfigRequest(TierConfigRequestCommand::Operate {
                operation, code, ..
            }) => (operation, code),
            _ => return false,
        };
        match operation {
            Operation::Validate => true,
            Operation::Pend => code.is_some(),
            _ => false,
        }
    }
}

/// Returns the call of the validator that is to be asked before a command is carried out; none when
/// the product has none for it.
///
/// # Errors
///
/// The refusal of the command itself: nobody is asked about what the platform refuses.
pub(crate) fn validator_call(
    state: &State,
    at: Timestamp,
    who: &Actor,
    command: &Command,
) -> Result<Option<ValidatorCall>, Denial> {
    if !command.may_ask_validator() {
        return Ok(None);
    }
    let asked: Option<(&WebhookRecord, Question)> = match command {
        Command::Request(RequestCommand::Operate { id, operation, body, code }) => {
            request::validate::question(state, at, who, (id, *operation, body, code.as_deref()))?
        }
        Command::TierConfigRequest(TierConfigRequestCommand::Operate {
            id,
            operation,
            body,
            code,
        }) => {
            let form = (id, *operation, body, code.as_deref());
            tier_config_request::validate::question(state, who, form)?
        }
        _ => None,
    };
    Ok(asked.map(|(webhook, question)| ValidatorCall {
        call: validator(webhook, question.shown, at),
        command: command.clone(),
        params: question.params,
        seen: question.seen,
    }))
}

/// Notes how a call ended, and returns the values of the request with what the validator said.
///
/// # Errors
///
/// When the validator failed.
pub(crate) fn judge(
    state: &mut State,
    call: &ValidatorCall,
    answer: WebhookAnswer,
    said: Result<Value, String>,
) -> Result<Params, Denial> {
    let merged = said.and_then(|said| match &call.command {
        Command::Request(RequestCommand::Operate { id, .. }) => {
            request::validate::merged(state, id, &call.params, &said)
        }
        Command::TierConfigRequest(TierConfigRequestCommand::Operate { id, .. }) => {
            tier_config_request::validate::merged(state, id, &call.params, &said)
        }
        _ => Err("Nothing was asked.".to_owned()),
    });
    let failure = merged.as_ref().err().map(String::as_str);
    note_question(state, &call.call, answer, failure, &secrets(&call.call.body));
    merged.map_err(|why| failed(&call.call, &why))
}

/// Carries out a command with the values that a validator has returned, if what it is about is still
/// what was asked about.
pub(crate) fn carry_out(
    state: &mut State,
    who: &Actor,
    call: ValidatorCall,
    params: Params,
) -> Result<ObjectChange, Denial> {
    let ValidatorCall { command, seen, .. } = call;
    let body = match command {
        Command::Request(RequestCommand::Operate { id, operation, body, code }) => {
            let form = (&id, operation, &body, code.as_deref());
            request::validate::carry_out(state, who, form, &seen, params)?
        }
        Command::TierConfigRequest(TierConfigRequestCommand::Operate {
            id,
            operation,
            body,
            code,
        }) => {
            let form = (&id, operation, &body, code.as_deref());
            tier_config_request::validate::carry_out(state, who, form, &seen, params)?
        }
        _ => return Err(Denial::broken()),
    };
    Ok(ObjectChange::changed(body))
}

/// Returns the values of the password parameters that a request shows, as JSON has them.
fn secrets(request: &Value) -> Vec<String> {
    let rows = request.pointer("/asset/params").or_else(|| request.get("params"));
    let rows = rows.and_then(Value::as_array).into_iter().flatten();
    let secret = rows.filter(|row| row["type"] == "password");
    let values = secret.filter_map(|row| row["value"].as_str()).filter(|value| !value.is_empty());
    values.flat_map(|value| [value.to_owned(), escaped(value)]).collect()
}

/// Returns a text as JSON has it between its quotes.
fn escaped(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted.trim_matches('"').to_owned()
}
