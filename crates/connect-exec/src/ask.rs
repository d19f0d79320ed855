//! What a worker asks about a request besides its steps.

use connect_client::{Call, Client};
use connect_model::{ParameterUpdate, Request};
use connect_processor::{Context, Failure, chain};
use futures::future::FutureExt;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::connect_call;
use crate::message::CallError;
use crate::protocol::{ConnectGet, ConnectUpdate, Decide, Recorded, Say, code};
use crate::step::Verdict;
use crate::work::Asking;
use crate::worker::Reply;
use crate::workers::Workers;

/// Sees to a question.
pub(crate) fn ask<'a, R: Request>(
    cx: &'a Context<R, Workers>,
    method: &str,
    params: &str,
) -> Result<Asking<'a>, CallError> {
    match method {
        "step.recorded" => {
            read(params).map(|what: Recorded| recorded(what.doubt, cx.recorded(what.step)).boxed())
        }
        "say" => read(params).map(|words| say(cx, words).boxed()),
        "callback" => Ok(callback(cx).boxed()),
        "connect.get" => read(params).map(|what| connect_get(cx.client(), what).boxed()),
        "connect.update" => read(params).map(|what| connect_update(cx, what).boxed()),
        "decide" => read(params).map(|what| decide(cx, what).boxed()),
        other => {
            let message = format!("there is no method `{}`", plain::text(other));
            Err(CallError::new(code::NO_METHOD, message))
        }
    }
}

/// Reads what a worker says in a call.
pub(crate) fn read<T: DeserializeOwned>(params: &str) -> Result<T, CallError> {
    serde_json::from_str(params)
        .map_err(|wrong| CallError::new(code::BAD_PARAMS, wrong.to_string()))
}

/// Answers a question.
pub(crate) async fn answered(reply: Reply, answer: Result<Value, Failure>) -> Option<Verdict> {
    match answer {
        Ok(answer) => {
            reply.done(&answer).await;
            None
        }
        // What Connect refuses to show, and whether it can be reached, the handler may take as it likes.
        Err(Failure::Retry { source, .. }) => {
            reply.fail(failed(source.as_ref())).await;
            None
        }
        Err(failure) => {
            reply.refuse(code::OVER, failure.to_string()).await;
            Some(Verdict::Stop(failure))
        }
    }
}

/// Says what went wrong, and what Connect answered where it refused.
fn failed(source: &(dyn std::error::Error + 'static)) -> CallError {
    let refused = match source.downcast_ref() {
        Some(connect_client::Error::Refused { status, refusal, .. }) => {
            Some(json!({"status": status.as_u16(), "body": refusal}))
        }
        Some(error) => Some(json!({"may_have_happened": error.may_have_happened()})),
        None => None,
    };
    CallError { data: refused, ..CallError::new(code::FAILED, chain(source)) }
}

/// Says what an earlier attempt recorded. Of a step in doubt, whoever sees to it itself is told so.
pub(crate) async fn recorded(
    sees_to_doubt: bool,
    value: impl Future<Output = Result<Option<Value>, Failure>>,
) -> Result<Value, Failure> {
    match value.await {
        Ok(Some(value)) => Ok(json!({"recorded": true, "value": value})),
        Ok(None) => Ok(json!({"recorded": false})),
        Err(Failure::Park { step: Some(_), .. }) if sees_to_doubt => {
            Ok(json!({"recorded": false, "doubt": true}))
        }
        Err(failure) => Err(failure),
    }
}

async fn say<R: Request>(cx: &Context<R, Workers>, words: Say) -> Result<Value, Failure> {
    let Say { name, text, private } = words;
    match private {
        true => cx.note(name, text).await?,
        false => cx.say(name, text).await?,
    }
    Ok(json!({}))
}

async fn callback<R: Request>(cx: &Context<R, Workers>) -> Result<Value, Failure> {
    let link = cx.callback().await?.map(|callback| callback.link());
    Ok(json!({"url": link}))
}

/// Reads what a worker wants to see of Connect.
pub(crate) async fn connect_get(client: &Client, what: ConnectGet) -> Result<Value, Failure> {
    let path = what.path.trim_start_matches('/');
    let call = match path.split_once('?') {
        Some((path, query)) => Call::get(path).query(query),
        None => Call::get(path),
    };
    match what.raw {
        true => connect_get_raw(client, call).await,
        false => Ok(json!({"body": client.call(call).await?.json::<Value>()?})),
    }
}

/// Returns an answer as it is, a refusal too.
async fn connect_get_raw(client: &Client, call: Call) -> Result<Value, Failure> {
    match client.call(call).await {
        Ok(answer) => {
            let headers = connect_call::shown(&answer.headers);
            let status = answer.status.as_u16();
            Ok(json!({"status": status, "headers": headers, "body": answer.json::<Value>()?}))
        }
        Err(connect_client::Error::Refused { status, refusal, .. }) => {
            Ok(json!({"status": status.as_u16(), "headers": {}, "body": refusal}))
        }
        Err(error) => Err(error.into()),
    }
}

async fn connect_update<R: Request>(
    cx: &Context<R, Workers>,
    what: ConnectUpdate,
) -> Result<Value, Failure> {
    let parameters =
        what.parameters.into_iter().map(|(id, value)| ParameterUpdate::value(id, value));
    let written = cx.write(parameters.collect()).await?;
    Ok(json!({"request": written}))
}

async fn decide<R: Request>(cx: &Context<R, Workers>, what: Decide) -> Result<Value, Failure> {
    let told = cx.decide(what.outcome.into()).await?;
    Ok(json!({"request": told}))
}
