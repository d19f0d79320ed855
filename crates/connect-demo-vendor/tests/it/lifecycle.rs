//! The start and the stop of a vendor.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Monotonic, VirtualClock};
use connect_demo_vendor::{Config, start};
use reqwest::Client;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::talk::{call, heard, vendor};

#[tokio::test]
async fn it_listens_on_the_loopback_interface_unless_told_otherwise() {
    assert!(vendor().await.url().starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = vendor().await;
    let listen = first.url().trim_start_matches("http://").parse().unwrap();
    let error = start(Config { listen, ..Config::default() }).await.unwrap_err();
    assert!(error.to_string().contains(&listen.to_string()), "{error}");
}

#[tokio::test]
async fn stopping_closes_idle_connections_and_the_port() {
    let vendor = vendor().await;
    let client = Client::new();
    let health = call(&client, &vendor, "GET /_health");
    assert!(heard(health.try_clone().unwrap()).await.starts_with("200"));
    vendor.stop().await;
    assert_eq!(heard(health).await, "no answer");
}

/// Somebody who says half a sentence and no more.
#[tokio::test]
async fn stopping_waits_for_nobody_longer_than_five_seconds() {
    let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
    let config = Config { clock: Arc::new(clock.clone()), ..Config::default() };
    let vendor = start(config).await.unwrap();
    let address = vendor.url();
    let mut stranger = TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    stranger.write_all(b"GET /_health HT").await.unwrap();
    // Whoever comes later is let in later.
    let health = call(&Client::new(), &vendor, "GET /_health");
    assert!(heard(health).await.starts_with("200"));

    let stopping = tokio::spawn(vendor.stop());
    while clock.next().is_none_or(|next| next == Monotonic::MAX) {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(5) - Duration::from_nanos(1));
    tokio::task::yield_now().await;
    assert!(!stopping.is_finished());
    clock.advance(Duration::from_nanos(1));
    stopping.await.unwrap();
}

#[tokio::test]
async fn dropping_it_stops_it() {
    let vendor = vendor().await;
    let client = Client::new();
    let health = call(&client, &vendor, "GET /_health");
    drop(vendor);
    while heard(health.try_clone().unwrap()).await != "no answer" {
        tokio::task::yield_now().await;
    }
}
