//! The end of a server.

use std::future::{pending, ready};

use axum::Router;
use axum::routing::get;
use connect_clock::{SystemClock, VirtualClock};
use serve::{BoundServer, Server};
use tokio::sync::mpsc;

async fn server(router: Router) -> Server {
    BoundServer::on(([127, 0, 0, 1], 0).into()).await.unwrap().serve(router)
}

#[tokio::test]
async fn it_answers_until_it_is_stopped() {
    let server = server(Router::new().route("/", get(async || "here"))).await;
    let url = server.url();
    assert_eq!(reqwest::get(&url).await.unwrap().text().await.unwrap(), "here");
    server.stop(&SystemClock, ready(())).await.unwrap();
    assert!(reqwest::get(&url).await.is_err());
}

#[tokio::test]
async fn calls_that_take_too_long_are_broken_off() {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let hang = async move || {
        arrived.send(()).unwrap();
        pending::<()>().await;
    };
    let server = server(Router::new().route("/", get(hang))).await;
    let call = tokio::spawn(reqwest::get(server.url()));
    arrivals.recv().await.unwrap();

    let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
    let moving = clock.clone();
    let (stopped, ()) = tokio::join!(server.stop(&clock, ready(())), async {
        while moving.next().is_none() {
            tokio::task::yield_now().await;
        }
        moving.advance(std::time::Duration::from_secs(5));
    });
    assert!(stopped.is_err());
    assert!(call.await.unwrap().is_err());
}
