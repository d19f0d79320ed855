//! Calls of webhooks: made by the emulator, and taken by a processor.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::post;
use connect_client::{ApiKey, Call, Client};
use connect_model::Webhook;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::figure::{Figure, median};
use crate::listening::Listening;
use crate::patience::until;
use crate::place::Place;
use crate::process::Process;
use crate::processor::acme;
use crate::programs::Programs;

const ROUNDS: usize = 3;
const CALLS: usize = 10_000;
const CALLS_OF_A_TURN: usize = 2_000;
/// The calls of the measuring program that are under way.
const AT_ONCE: usize = 16;
/// The key that signs the calls.
const SECRET: &str = "a-key-that-both-sides-know";

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(round(programs, CALLS).await?);
    }
    let middle = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
    Ok(vec![
        Figure::new("10,000 calls made by the emulator", middle(|it| it.made), "calls/s"),
        Figure::new("… memory at most", middle(|it| it.emulator), "MB"),
        Figure::new("10,000 calls taken by the processor", middle(|it| it.taken), "calls/s"),
        Figure::new("… memory at most", middle(|it| it.processor), "MB"),
    ])
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let round = round(programs, CALLS_OF_A_TURN).await?;
    Ok(vec![
        Figure::new("2,000 calls made by the emulator", round.made, "calls/s"),
        Figure::new("2,000 calls taken by the processor", round.taken, "calls/s"),
    ])
}

/// Calls per second, and megabytes at most.
struct Round {
    made: f64,
    emulator: f64,
    taken: f64,
    processor: f64,
}

/// Has each webhook called once, and the processor take the same calls afterwards.
async fn round(programs: &Programs, calls: usize) -> Result<Round> {
    let (stage, place) = programs.serve(&["stage", "0"])?;
    let client = Client::builder(&place.endpoint(), ApiKey::new(&place.key)?).build()?;
    let receiver = Receiver::open().await?;
    let webhooks = subscribe(&client, &place, &receiver.url, calls).await?;
    let began = Instant::now();
    let trigger = |it: &Webhook| client.call(Call::post(format!("{}/trigger", path(it))));
    at_once(webhooks.iter().map(trigger)).await?;
    let received = receiver.wait_for(calls).await?;
    let made = rate(calls, began);
    let emulator = stage.peak()?;
    let (processor, url) = processor(programs, &place).await?;
    let began = Instant::now();
    let http = reqwest::Client::new();
    at_once(received.iter().map(|call| take(&http, &url, call))).await?;
    Ok(Round { made, emulator, taken: rate(calls, began), processor: processor.peak()? })
}

fn rate(calls: usize, began: Instant) -> f64 {
    calls as f64 / began.elapsed().as_secs_f64()
}

async fn at_once<T, E: Into<anyhow::Error>>(
    calls: impl Iterator<Item = impl Future<Output = Result<T, E>>>,
) -> Result<Vec<T>> {
    stream::iter(calls).buffer_unordered(AT_ONCE).map_err(Into::into).try_collect().await
}

fn path(webhook: &Webhook) -> String {
    format!("notifications/webhooks/{}", webhook.id)
}

async fn subscribe(
    client: &Client,
    place: &Place,
    url: &str,
    count: usize,
) -> Result<Vec<Webhook>> {
    let body = json!({
        "label": "orders", "description": "", "type": "event", "active": true,
        "object_class": "fulfillment_request", "product_id": place.product,
        "external_url": url, "http_method": "POST", "jwt_secret": SECRET,
    });
    at_once((0..count).map(|_| async {
        let created = client.call(Call::post("notifications/webhooks").json(&body)?).await?;
        created.json::<Webhook>()
    }))
    .await
}

/// A call as it was received.
struct Received {
    authorization: HeaderValue,
    body: Bytes,
}

type Calls = Arc<Mutex<Vec<Received>>>;

/// A server that says yes to every call, and keeps it.
struct Receiver {
    url: String,
    calls: Calls,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Receiver {
    async fn open() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/webhook", listener.local_addr()?);
        let calls = Calls::default();
        let router = axum::Router::new().route("/webhook", post(keep));
        let serving = axum::serve(listener, router.with_state(Arc::clone(&calls)));
        Ok(Self { url, calls, serving: tokio::spawn(serving.into_future()) })
    }

    /// Returns the calls once there are so many.
    async fn wait_for(&self, count: usize) -> Result<Vec<Received>> {
        let all = async || {
            let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            (calls.len() >= count).then(|| std::mem::take(&mut *calls))
        };
        until("the emulator does not make its calls", all).await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn keep(State(calls): State<Calls>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if let Some(authorization) = headers.get(AUTHORIZATION).cloned() {
        let received = Received { authorization, body };
        calls.lock().unwrap_or_else(PoisonError::into_inner).push(received);
    }
    StatusCode::NO_CONTENT
}

/// Starts a processor that takes calls. Returns where.
async fn processor(programs: &Programs, place: &Place) -> Result<(Process, String)> {
    let mut command = acme(programs, place)?;
    command.env("CONNECT_WEBHOOK_SECRET", SECRET);
    let Listening { process, url } = Listening::start(command).await?;
    Ok((process, format!("{url}/webhook")))
}

async fn take(http: &reqwest::Client, url: &str, call: &Received) -> Result<()> {
    let call = http.post(url).header(AUTHORIZATION, &call.authorization).body(call.body.clone());
    let answer = call.send().await.context("the processor hung up")?;
    ensure!(
        answer.status() == StatusCode::NO_CONTENT,
        "the processor answered {}",
        answer.status()
    );
    Ok(())
}
