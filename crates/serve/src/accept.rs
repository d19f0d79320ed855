//! The loop that lets callers in.

use std::net::SocketAddr;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tower_service::Service;

use crate::caller::Caller;
use crate::wire::Wire;

/// Answers callers until the other end of `stopped` is dropped, then ends their connections as soon
/// as each has its answer.
pub(crate) async fn until(
    mut stopped: oneshot::Receiver<()>,
    mut listener: TcpListener,
    router: Router,
) {
    let (closing, closed) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // Who has connected before the end is let in, and not reset.
            biased;
            Some(_) = connections.join_next() => {}
            (stream, peer) = Listener::accept(&mut listener) => {
                connections.spawn(connection(stream, peer, router.clone(), closed.clone()));
            }
            _ = &mut stopped => break,
        }
    }
    drop((listener, closing));
    while connections.join_next().await.is_some() {}
}

/// Answers one caller until it leaves, or the other end of `closed` is dropped.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut closed: watch::Receiver<()>,
) {
    let caller = Caller::new(peer);
    let wire = Wire::new(stream, caller.clone());
    let answer = service_fn(move |request| answer(router.clone(), caller.clone(), request));
    let mut speaking = pin!(http1::Builder::new().serve_connection(TokioIo::new(wire), answer));
    // A caller that breaks off, or says what is no HTTP, has seen to its own.
    tokio::select! {
        _ = speaking.as_mut() => return,
        _ = closed.changed() => speaking.as_mut().graceful_shutdown(),
    }
    let _ = speaking.await;
}

fn answer(
    mut router: Router,
    caller: Caller,
    request: hyper::Request<Incoming>,
) -> <Router as Service<hyper::Request<Body>>>::Future {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(caller));
    router.call(request)
}
