//! A draft is validated by a worker. Nothing of it is in the journal, and it takes no steps.

use std::sync::Arc;

use connect_client::Client;
use connect_model::{Request, RequestType};
use connect_processor::{Draft, Failure, Findings};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tracing::{Instrument, info_span};

use crate::ask;
use crate::attempt::Attempt;
use crate::message::{Answer, CallError};
use crate::protocol::{ConnectGet, Validate, WrittenFindings, code, failure};
use crate::worker::Asked;
use crate::workers::{Purpose, Workers};

/// The most calls of a worker's that are seen to at the same time.
const MOST_CALLS: usize = 16;

/// Has a worker say what is wrong with a draft. Dropped before it has, the worker is told to stop.
pub(crate) async fn validate<R: Request>(
    draft: Draft<R, Workers>,
    client: Client,
) -> Result<Findings, Failure> {
    let request = draft.request();
    let about = info_span!("validation", request = request.id(), "type" = request.kind().as_str());
    asked_about(request, draft.state(), &client).instrument(about).await
}

async fn asked_about<R: Request>(
    request: &R,
    workers: &Workers,
    client: &Client,
) -> Result<Findings, Failure> {
    let (place, run) = workers.place(Purpose::Question, request.id()).await?;
    let attempt = Arc::new(Attempt::new(place, run));
    let params = Validate {
        run: &attempt.run,
        collection: R::COLLECTION,
        request_type: request.kind().as_str(),
        request,
    };
    let (mut asked, mut answering) = attempt.begin(workers.clock(), "validate", &params).await?;
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            biased;
            Some(asked) = asked.recv(), if open.len() < MOST_CALLS => open.push(answered(client, asked)),
            Some(()) = open.next() => {}
            answer = answering.answer() => return findings(answer?),
        }
    }
}

fn findings(answer: Answer) -> Result<Findings, Failure> {
    let written = answer.map_err(failure)?;
    let findings: WrittenFindings = serde_json::from_str(written.get()).map_err(|error| {
        Failure::retry(format!("the worker's findings cannot be read: {error}"))
    })?;
    Ok(findings.into())
}

/// Answers what a worker asks meanwhile. It may read from Connect.
async fn answered(client: &Client, asked: Asked) {
    let Asked { method, params, reply } = asked;
    let read = match method.as_str() {
        "connect.get" => ask::read::<ConnectGet>(params.get()),
        other => Err(CallError::new(
            code::NO_METHOD,
            format!("`{}` is not for a validation, which may read alone", plain::text(other)),
        )),
    };
    match read {
        Ok(what) => drop(ask::answered(reply, ask::connect_get(client, what).await).await),
        Err(error) => reply.fail(error).await,
    }
}
