//! The loop that lets callers in.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::caller::Caller;
use crate::limits::Limits;
use crate::tls::Tls;
use crate::wire::Wire;

/// The way in which connections are spoken with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) limits: Option<Limits>,
    pub(crate) tls: Option<Tls>,
}

/// Answers callers until the other end of `stopped` is dropped, then ends their connections as soon
/// as each has its answer.
pub(crate) async fn until(
    mut stopped: oneshot::Receiver<()>,
    mut listener: TcpListener,
    router: Router,
    manner: Manner,
) {
    let (closing, closed) = watch::channel(());
    let Manner { limits, tls } = manner;
    let most = limits.map_or(usize::MAX, |limits| limits.connections);
    let mut connections = JoinSet::new();
    loop {
        let has_room = connections.len() < most;
        tokio::select! {
            // Who has connected before the end is let in, and not reset.
            biased;
            Some(_) = connections.join_next() => {}
            (stream, peer) = Listener::accept(&mut listener), if has_room => {
                let (router, closed) = (router.clone(), closed.clone());
                let connection = Connection { router, caller: Caller::new(peer), closed, limits };
                connections.spawn(connection.open(stream, tls.clone()));
            }
            _ = &mut stopped => break,
        }
    }
    drop((listener, closing));
    while connections.join_next().await.is_some() {}
}

/// A connection with one caller.
struct Connection {
    router: Router,
    caller: Caller,
    closed: watch::Receiver<()>,
    limits: Option<Limits>,
}

impl Connection {
    /// Answers until the caller leaves or takes too long, or the other end of `closed` is dropped.
    async fn open(mut self, stream: TcpStream, tls: Option<Tls>) {
        let write = self.limits.map(|limits| limits.write);
        let wire = Wire::new(stream, self.caller.clone(), write);
        let Some(tls) = tls else { return self.answer(wire).await };
        let agreeing = tls.acceptor().accept(wire);
        let agreeing = timeout(self.limits.map_or(Duration::MAX, |limits| limits.head), agreeing);
        let agreed = tokio::select! {
            agreed = agreeing => agreed,
            _ = self.closed.changed() => return,
        };
        // A caller that cannot agree has seen to its own.
        if let Ok(Ok(stream)) = agreed {
            self.answer(stream).await;
        }
    }

    async fn answer(mut self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut speaker = http1::Builder::new();
        if let Some(Limits { head, .. }) = self.limits {
            speaker.timer(TokioTimer::new()).header_read_timeout(head);
        }
        let (router, caller) = (self.router, self.caller);
        let answer = service_fn(move |request| answer(router.clone(), caller.clone(), request));
        let mut speaking = pin!(speaker.serve_connection(TokioIo::new(stream), answer));
        // A caller that breaks off, or says what is no HTTP, has seen to its own.
        tokio::select! {
            _ = speaking.as_mut() => return,
            _ = self.closed.changed() => {}
            () = sleep(self.limits.map_or(Duration::MAX, |limits| limits.life)) => {}
        }
        speaking.as_mut().graceful_shutdown();
        let _ = speaking.await;
    }
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
