//! Tenants that take a while to be ready, and the call once they are.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use connect_clock::VirtualClock;
use connect_demo_vendor::{Config, Running, start};
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::talk::{call, heard};

const MINUTE: Duration = Duration::from_secs(60);

async fn slow_vendor() -> (Running, VirtualClock) {
    let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
    let config = Config { clock: Arc::new(clock.clone()), ..Config::default() };
    let vendor = start(config).await.unwrap();
    vendor.prepare_for(MINUTE);
    (vendor, clock)
}

#[tokio::test]
async fn a_tenant_that_is_not_ready_takes_no_change() {
    let (vendor, clock) = slow_vendor().await;
    let client = Client::new();
    let ask = async |line: &str| heard(call(&client, &vendor, line)).await;
    let mut told = vec![ask("POST /tenant").await, ask("PUT /tenant/t-00001/enable").await];
    clock.advance(MINUTE - Duration::from_secs(1));
    told.push(ask("GET /tenant/t-00001").await);
    clock.advance(Duration::from_secs(1));
    told.extend([ask("GET /tenant/t-00001").await, ask("PUT /tenant/t-00001/enable").await]);
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn one_that_is_not_ready_can_be_deleted() {
    let (vendor, clock) = slow_vendor().await;
    let client = Client::new();
    let ask = async |line: &str| heard(call(&client, &vendor, line)).await;
    ask("POST /tenant").await;
    assert!(ask("DELETE /tenant/t-00001").await.starts_with("204"));
    clock.advance(MINUTE);
    assert!(ask("GET /tenant/t-00001").await.contains("deleted"));
}

/// Once, for one tenant, however often it was ordered under one key.
#[tokio::test]
async fn whoever_gave_an_address_is_called_once_it_is_ready() {
    let (vendor, clock) = slow_vendor().await;
    let (calls, mut called) = mpsc::unbounded_channel();
    let routes = Router::new().route("/callback", post(async move || calls.send(()).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/callback?token=x", listener.local_addr().unwrap());
    tokio::spawn(std::future::IntoFuture::into_future(axum::serve(listener, routes)));
    let client = Client::new();
    let control = client.post(format!("{}/_prepare", vendor.url()));
    let control = control.json(&serde_json::json!({"millis": 120_000})).send().await.unwrap();
    assert_eq!(control.status(), 204);
    for _ in 0..3 {
        let order = call(&client, &vendor, "POST /tenant").header("Idempotency-Key", "k-1");
        let order = order.json(&serde_json::json!({"externalId": "AS-1", "callbackUrl": url}));
        assert!(heard(order).await.starts_with("201"));
    }
    clock.advance(MINUTE);
    assert!(called.try_recv().is_err());
    clock.advance(MINUTE);
    called.recv().await.unwrap();
    assert!(called.try_recv().is_err());
}
