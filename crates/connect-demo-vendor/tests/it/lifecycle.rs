//! The start and the stop of a vendor.

use connect_demo_vendor::{Config, start};
use reqwest::Client;

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
