//! What strangers cannot do to a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use futures::future::join_all;
use serve::{BoundServer, Limits, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn server(router: Router, limits: Limits) -> Server {
    BoundServer::on(([127, 0, 0, 1], 0).into()).await.unwrap().limits(limits).serve(router)
}

/// Says something, and returns all that comes until the server hangs up.
async fn told(stream: &mut TcpStream, words: &str) -> String {
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).await.unwrap();
    told
}

#[tokio::test(start_paused = true)]
async fn half_a_head_is_not_waited_for() {
    let limits = Limits { connections: 8, head: Duration::from_secs(10) };
    let server = server(Router::new().route("/", get(async || "here")), limits).await;
    for words in ["", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let told = told(&mut stream, words).await;
        assert!(!told.contains("200"), "{told}");
    }
}

#[tokio::test]
async fn who_comes_when_all_connections_are_taken_waits_for_one() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, seen) = (Arc::clone(&now), Arc::clone(&most));
    let linger = async move || {
        seen.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        inside.fetch_sub(1, Ordering::SeqCst);
        "here"
    };
    let limits = Limits { connections: 2, head: Duration::from_secs(10) };
    let server = server(Router::new().route("/", get(linger)), limits).await;
    let call = async |_| {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        told(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await
    };
    let answers = join_all((0..16).map(call)).await;
    assert!(answers.iter().all(|answer| answer.ends_with("here")), "{answers:?}");
    assert_eq!(most.load(Ordering::SeqCst), 2);
}
