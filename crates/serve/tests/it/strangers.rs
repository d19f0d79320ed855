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

/// Limits with so many connections.
fn limits(connections: usize) -> Limits {
    let ten = Duration::from_secs(10);
    Limits { connections, head: ten, write: ten, life: Duration::from_secs(60) }
}

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
    let server = server(Router::new().route("/", get(async || "here")), limits(8)).await;
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
    let server = server(Router::new().route("/", get(linger)), limits(2)).await;
    let call = async |_| {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        told(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await
    };
    let answers = join_all((0..16).map(call)).await;
    assert!(answers.iter().all(|answer| answer.ends_with("here")), "{answers:?}");
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

const CALL: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// More than the buffers of both ends hold.
#[tokio::test(start_paused = true)]
async fn who_takes_no_answer_keeps_nobody_out() {
    let answer = async || "here".repeat(16 * 1024 * 1024);
    let server = server(Router::new().route("/", get(answer)), limits(1)).await;
    let mut idle = TcpStream::connect(server.address()).await.unwrap();
    idle.write_all(CALL.as_bytes()).await.unwrap();
    let mut next = TcpStream::connect(server.address()).await.unwrap();
    assert!(told(&mut next, CALL).await.ends_with("here"));
}

#[tokio::test(start_paused = true)]
async fn who_calls_again_and_again_makes_room_after_a_while() {
    let server = server(Router::new().route("/", get(async || "here")), limits(1)).await;
    let address = server.address();
    let busy = tokio::spawn(async move {
        let mut busy = TcpStream::connect(address).await.unwrap();
        let mut answer = [0; 4096];
        loop {
            busy.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await?;
            if busy.read(&mut answer).await? == 0 {
                return std::io::Result::Ok(());
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    tokio::time::sleep(Duration::from_secs(5)).await;
    let mut next = TcpStream::connect(address).await.unwrap();
    assert!(told(&mut next, CALL).await.ends_with("here"));
    // It may have been hung up on while it called.
    drop(busy.await.unwrap());
}
