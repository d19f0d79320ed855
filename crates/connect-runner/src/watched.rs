//! How a processor gets on, for whoever asks: people, orchestrators, Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use connect_journal::WriteCounts;
use connect_processor::{Condition, Health, Hold};
use serde_json::{Value, json};

/// The processor that is asked about.
pub(crate) struct Watched {
    pub(crate) program: &'static str,
    pub(crate) health: Health,
    /// Says how much the journal has written.
    pub(crate) written: Box<dyn Fn() -> WriteCounts + Send + Sync>,
}

impl Watched {
    /// Returns the routes by which it is asked about.
    pub(crate) fn routes(self) -> Router {
        Router::new()
            .route("/health", get(health))
            .route("/ready", get(ready))
            .route("/metrics", get(metrics))
            .with_state(Arc::new(self))
    }

    fn said(&self, condition: &Condition) -> Value {
        let (vitals, holds) = (self.health.vitals(), self.health.holds());
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

/// Says whether starting the program again could help: 503 when it is stuck.
async fn health(State(watched): State<Arc<Watched>>) -> (StatusCode, Json<Value>) {
    let condition = watched.health.condition().await;
    (status(condition.state.is_live()), Json(watched.said(&condition)))
}

/// Says whether it works on requests: 503 when it does not, for whatever reason.
async fn ready(State(watched): State<Arc<Watched>>) -> (StatusCode, Json<Value>) {
    let condition = watched.health.condition().await;
    (status(condition.state.is_ready()), Json(watched.said(&condition)))
}

fn status(is_well: bool) -> StatusCode {
    if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

async fn metrics(State(watched): State<Arc<Watched>>) -> impl IntoResponse {
    let WriteCounts { operations, commits } = (watched.written)();
    watched.health.metrics().set_written(operations, commits);
    let text = watched.health.render_metrics().await;
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

#[cfg(test)]
mod secrets;
#[cfg(test)]
mod tests;
