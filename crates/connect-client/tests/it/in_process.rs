//! A client and a server in one process, without a socket, by a clock that moves when told to.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::routing::{get, post};
use connect_client::{ApiKey, Call, Client, Error, ServiceTransport, Transport, TransportError};
use connect_clock::{Clock, VirtualClock};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use serve::{Caller, InProcess};

use crate::platform::{KEY, noon};

const MINUTE: Duration = Duration::from_secs(60);

fn client(transport: impl Transport, clock: &VirtualClock) -> Client {
    let builder = Client::builder("http://connect.localhost/public/v1", ApiKey::new(KEY).unwrap());
    builder.transport(transport).clock(clock.clone()).seed(7).build().unwrap()
}

/// A client of one handler, and its clock.
fn client_of(router: Router) -> (Client, VirtualClock) {
    let (clock, _) = noon();
    (client(ServiceTransport::new(InProcess::new(router)), &clock), clock)
}

#[tokio::test(start_paused = true)]
async fn a_call_has_the_key_the_name_of_the_client_and_the_host_whoever_carries_it() {
    async fn echo(headers: HeaderMap, body: Bytes) -> String {
        let shown = |name| headers.get(name).map_or("none", |value| value.to_str().unwrap());
        let [key, agent, host] = ["authorization", "user-agent", "host"].map(shown);
        format!("{key}, {agent}, {host}, {}", String::from_utf8_lossy(&body))
    }
    let (client, _) = client_of(Router::new().route("/public/v1/echo", post(echo)));
    let call = Call::post("echo").json(&Value::from("hello")).unwrap();
    let answer = client.call(call).await.unwrap();
    assert_eq!(
        answer.body,
        concat!(
            "ApiKey SU-123-456-789:very-secret, connect-client/",
            env!("CARGO_PKG_VERSION"),
            ", connect.localhost, \"hello\""
        )
    );
}

#[tokio::test(start_paused = true)]
async fn an_action_whose_answer_is_lost_may_have_happened() {
    let carried_out = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&carried_out);
    let lose_answer = move |ConnectInfo(caller): ConnectInfo<Caller>| async move {
        count.fetch_add(1, Ordering::Relaxed);
        caller.hang_up();
    };
    let (client, _) = client_of(Router::new().fallback(lose_answer));
    let error = client.call(Call::post("requests/PR-1/approve")).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }) && error.may_have_happened(), "{error}");
    assert_eq!(carried_out.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_with_its_time_by_the_clock() {
    let (client, clock) = client_of(Router::new().fallback(pending::<StatusCode>));
    let error = client.call(Call::post("requests")).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
    assert_eq!(clock.monotonic().since_start(), MINUTE);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_with_its_time_in_the_middle_of_its_answer_and_its_status_counts() {
    for (status, code) in [(200, "CLT_NO_ANSWER"), (400, "CLT_REFUSED")] {
        let endless = move || async move {
            let body = futures::stream::pending::<Result<Bytes, std::io::Error>>();
            Response::builder().status(status).body(Body::from_stream(body)).unwrap()
        };
        let (client, clock) = client_of(Router::new().fallback(endless));
        let error = client.call(Call::post("requests")).await.unwrap_err();
        assert_eq!((error.code(), clock.monotonic().since_start()), (code, MINUTE), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_between_attempts_passes_by_the_clock() {
    let calls = Arc::new(AtomicUsize::new(0));
    let second_time = get(move || {
        let first = calls.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if first {
                Err((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "30")]))
            } else {
                Ok("{}")
            }
        }
    });
    let (client, clock) = client_of(Router::new().route("/public/v1/hubs", second_time));
    client.call(Call::get("hubs")).await.unwrap();
    assert_eq!(clock.monotonic().since_start(), Duration::from_secs(30));
}

/// A way that leads nowhere, and how often it was taken.
#[derive(Clone, Debug, Default)]
struct Nowhere(Arc<AtomicUsize>);

impl Transport for Nowhere {
    fn send(
        &self,
        _: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<connect_client::Body>, TransportError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        async { Err(TransportError::NotSent("there is no way".into())) }.boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_even_an_action_is_repeated() {
    let (clock, _) = noon();
    let nowhere = Nowhere::default();
    let client = client(nowhere.clone(), &clock);
    let error = client.call(Call::post("requests/PR-1/approve")).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }) && !error.may_have_happened(), "{error}");
    assert_eq!(nowhere.0.load(Ordering::Relaxed), 4);
}
