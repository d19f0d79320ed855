//! How processors get on, for whoever asks: people, orchestrators, Prometheus.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use connect_processor::{Condition, Health, Hold, Metrics};
use futures::future::join_all;
use serde_json::{Map, Value, json};
use tower_service::Service;
use tracing::Instrument;

use crate::window::Window;

/// The accounts that are asked about.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) program: &'static str,
    /// One without a name, or all that have one.
    pub(crate) accounts: Vec<Arc<Window>>,
}

impl Watched {
    /// Returns the routes by which they are asked about, and those of their own.
    pub(crate) fn routes(self) -> Router {
        Router::new()
            .route("/health", get(health))
            .route("/ready", get(ready))
            .route("/health/{account}", get(health_of))
            .route("/ready/{account}", get(ready_of))
            .route("/metrics", get(metrics))
            .fallback(call)
            .with_state(Arc::new(self))
    }

    /// Returns the account that a path leads to: the one without a name, or the one that the path ends
    /// in.
    fn account(&self, path: &str) -> Option<&Arc<Window>> {
        let end = path.rsplit('/').next().unwrap_or_default();
        let is_it =
            |window: &&Arc<Window>| window.name.as_ref().is_none_or(|name| name.as_str() == end);
        self.accounts.iter().find(is_it)
    }

    fn named(&self, name: &str) -> Option<&Arc<Window>> {
        self.account(name).filter(|window| window.name.is_some())
    }

    /// Answers for all accounts: 503 where it is so with none of them.
    async fn answer(&self, is_well: fn(&Condition) -> bool) -> Response {
        let looks = self.accounts.iter().map(async |window| {
            let health = window.health();
            let condition = health.condition().await;
            (is_well(&condition), self.said(&health, &condition))
        });
        let (well, said): (Vec<bool>, Vec<Value>) = join_all(looks).await.into_iter().unzip();
        let names = self.accounts.iter().map(|window| window.name.as_ref());
        let named: Option<Vec<String>> = names.map(|name| name.map(ToString::to_string)).collect();
        let said = match named {
            Some(names) => json!({"accounts": Map::from_iter(names.into_iter().zip(said))}),
            None => said.into_iter().next().unwrap_or_default(),
        };
        (status(well.contains(&true)), Json(said)).into_response()
    }

    /// Answers for one account.
    async fn answer_of(&self, name: &str, is_well: fn(&Condition) -> bool) -> Response {
        let Some(window) = self.named(name) else { return StatusCode::NOT_FOUND.into_response() };
        let health = window.health();
        let condition = health.condition().await;
        (status(is_well(&condition)), Json(self.said(&health, &condition))).into_response()
    }

    fn said(&self, health: &Health, condition: &Condition) -> Value {
        let (vitals, holds) = (health.vitals(), health.holds());
        let held = |why| -> Vec<&str> {
            holds.iter().filter(|(hold, _)| *hold == why).map(|(_, who)| who.as_str()).collect()
        };
        json!({
            "state": condition.state.as_str(),
            "cause": condition.cause,
            "since": format!("{:.0}", condition.since),
            "seconds": condition.lasting.as_secs_f64(),
            "program": self.program,
            "paused": held(Hold::Paused),
            "down": held(Hold::BreakerOpen),
            "claimed": condition.claimed,
            "elsewhere": condition.elsewhere,
            "waiting": condition.waiting,
            "planned": condition.planned,
            "parked": condition.parked,
            "oldest_waiting": condition.oldest_waiting.as_secs_f64(),
            "since_look": vitals.since_look.as_secs_f64(),
            "ended": vitals.ended,
        })
    }
}

type Asked = State<Arc<Watched>>;

/// Says whether starting the program again could help: 503 when all are stuck.
async fn health(State(watched): Asked) -> Response {
    watched.answer(is_live).await
}

/// Says whether it works on requests: 503 when it does not, for whatever reason.
async fn ready(State(watched): Asked) -> Response {
    watched.answer(is_ready).await
}

async fn health_of(State(watched): Asked, Path(account): Path<String>) -> Response {
    watched.answer_of(&account, is_live).await
}

async fn ready_of(State(watched): Asked, Path(account): Path<String>) -> Response {
    watched.answer_of(&account, is_ready).await
}

fn is_live(condition: &Condition) -> bool {
    condition.state.is_live()
}

fn is_ready(condition: &Condition) -> bool {
    condition.state.is_ready()
}

fn status(is_well: bool) -> StatusCode {
    if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

async fn metrics(State(watched): Asked) -> impl IntoResponse {
    let windows = &watched.accounts;
    let health: Vec<Health> = windows.iter().map(|window| window.health()).collect();
    join_all(health.iter().map(Health::look)).await;
    let all: Vec<&Metrics> = health.iter().map(Health::metrics).collect();
    let names = windows.iter().map(|window| window.name.as_ref().map(|name| name.as_str()));
    let named: Option<Vec<(&str, &Metrics)>> =
        names.zip(all.iter().copied()).map(|(name, metrics)| Some((name?, metrics))).collect();
    let text = match named {
        Some(named) => Metrics::render_accounts(named),
        None => all.iter().map(|metrics| metrics.render()).collect(),
    };
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

/// Has the account answer that a call is for.
async fn call(State(watched): Asked, call: Request) -> Response {
    let Some(window) = watched.account(call.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(answer) = window.calls().call(call).instrument(window.span()).await;
    answer
}

#[cfg(test)]
mod secrets;
#[cfg(test)]
mod tests;
