//! The one place where others may call a program.
//!
//! What is to be answered beside the health, such as news from the platform, is a route in
//! [`routes`]: all of them share address, TLS and limits.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use connect_clock::{Clock, SystemClock};
use connect_processor::{Health, Vitals};
use serde_json::{Value, json};
use serve::{BoundServer, Limits, Server, Tls};

use crate::action::Actions;
use crate::callback::{self, CallbackDoor};
use crate::error::Error;
use crate::settings::{Listen, SettingsError};
use crate::validation::Validation;
use crate::webhook::Webhook;

/// The largest request body that is read, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// What one caller can cost.
const LIMITS: Limits = Limits {
    connections: 256,
    head: Duration::from_secs(10),
    write: Duration::from_secs(10),
    life: Duration::from_secs(60),
};

/// The time that one call may take, with reading its body.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// The least time without a look at the platform that counts as getting nowhere.
const LEAST_STALL: Duration = Duration::from_secs(60);

/// An address that is listened on, for a processor that is about to start.
pub(crate) struct Listener(BoundServer);

impl Listener {
    pub(crate) async fn open(listen: &Listen) -> Result<Self, Error> {
        let address = listen.address;
        let tls = listen.tls.as_ref().map(|(certificate, key)| Tls::from_files(certificate, key));
        let tls = tls.transpose().map_err(|error| SettingsError::of("tls-certificate", error))?;
        let opened = BoundServer::on(address).await;
        let bound = opened.map_err(|source| Error::Listen { address, source })?.limits(LIMITS);
        Ok(Self(match tls {
            Some(tls) => bound.tls(tls),
            None => bound,
        }))
    }

    /// Answers for a processor that looks for pending requests this often.
    pub(crate) fn serve(
        self,
        program: &'static str,
        health: Health,
        poll: Duration,
        doors: Doors,
    ) -> Server {
        let watched =
            HealthState { program, health, stall: LEAST_STALL.max(poll.saturating_mul(3)) };
        let server = self.0.serve(routes(watched, doors));
        tracing::info!(url = server.url(), "listening");
        server
    }
}

/// What else is answered, beside the health.
#[derive(Default)]
pub(crate) struct Doors {
    pub(crate) webhook: Option<Webhook>,
    pub(crate) validation: Option<Validation>,
    pub(crate) actions: Option<Actions>,
    pub(crate) callback: Option<CallbackDoor>,
}

/// Returns everything that is answered.
fn routes(watched: HealthState, doors: Doors) -> Router {
    let called = [
        doors.webhook.map(|webhook| ("/webhook", webhook.calls())),
        doors.validation.map(|validation| ("/validate", validation.calls())),
        doors.actions.map(|actions| ("/action", actions.calls())),
        doors.callback.map(|door| (callback::PATH, door.calls())),
    ];
    let health = Router::new().route("/health", get(health)).with_state(Arc::new(watched));
    let called = called.into_iter().flatten();
    called
        .fold(health, |routes, (path, calls)| routes.route(path, calls))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(in_time))
}

async fn in_time(request: Request, next: Next) -> Response {
    let clock: &dyn Clock = &SystemClock;
    let answer = clock.limit(CALL_LIMIT, next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

/// The processor whose health is asked for.
struct HealthState {
    program: &'static str,
    health: Health,
    /// The time without a look at the platform that counts as getting nowhere.
    stall: Duration,
}

async fn health(State(watched): State<Arc<HealthState>>) -> (StatusCode, Json<Value>) {
    let vitals = watched.health.vitals();
    let mut said = json!({
        "status": "ok",
        "program": watched.program,
        "since_look": vitals.since_look.as_secs_f64(),
        "ended": vitals.ended,
    });
    for (name, what) in [("paused", &vitals.paused), ("down", &vitals.down)] {
        if !what.is_empty() {
            said[name] = what.clone().into();
        }
    }
    let Some(cause) = stalled(&vitals, watched.stall) else { return (StatusCode::OK, Json(said)) };
    said["status"] = "stalled".into();
    said["cause"] = cause.into();
    (StatusCode::SERVICE_UNAVAILABLE, Json(said))
}

/// Returns the code of the reason for which a processor gets nowhere.
fn stalled(vitals: &Vitals, stall: Duration) -> Option<&'static str> {
    let unseen = vitals.since_look > stall;
    vitals.journal.or_else(|| unseen.then_some(vitals.platform.unwrap_or("SLOW")))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use connect_client::{ApiKey, Client};
    use connect_clock::VirtualClock;
    use connect_journal::MemoryJournal;
    use connect_processor::Processor;
    use serve::InProcess;
    use tower_service::Service;

    use super::*;

    async fn told(routes: &Router, path: &str) -> String {
        let call = axum::http::Request::get(path).body(Body::empty()).unwrap();
        let answer = InProcess::new(routes.clone()).call(call).await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), BODY_LIMIT).await.unwrap();
        format!("{status} {}", String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_processor_that_gets_nowhere_is_told_from_one_that_works() {
        let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
        let key = ApiKey::new("ApiKey SU-1:secret").unwrap();
        let client = Client::builder("http://127.0.0.1:9/v", key).build().unwrap();
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let health = Processor::new((), client, journal).clock(clock.clone()).health();
        let routes =
            routes(HealthState { program: "acme", health, stall: LEAST_STALL }, Doors::default());
        let mut heard = vec![told(&routes, "/nothing").await];
        for seconds in [1, 60] {
            clock.advance(Duration::from_secs(seconds));
            heard.push(told(&routes, "/health").await);
        }
        insta::assert_snapshot!(heard.join("\n"), @r#"
        404 
        200 {"status":"ok","program":"acme","since_look":1.0,"ended":{}}
        503 {"status":"stalled","program":"acme","since_look":61.0,"ended":{},"cause":"SLOW"}
        "#);
    }

    #[test]
    fn the_journal_explains_more_than_the_platform() {
        let vitals = |since_look, platform, journal| {
            let since_look = Duration::from_secs(since_look);
            Vitals { since_look, platform, journal, ..Vitals::default() }
        };
        for (vitals, cause) in [
            (vitals(0, None, None), None),
            (vitals(60, Some("CLT_UNREACHABLE"), None), None),
            (vitals(61, Some("CLT_UNREACHABLE"), None), Some("CLT_UNREACHABLE")),
            (vitals(0, None, Some("JRN_GONE")), Some("JRN_GONE")),
            (vitals(61, Some("CLT_UNREACHABLE"), Some("JRN_GONE")), Some("JRN_GONE")),
        ] {
            assert_eq!(stalled(&vitals, LEAST_STALL), cause, "{vitals:?}");
        }
    }
}
