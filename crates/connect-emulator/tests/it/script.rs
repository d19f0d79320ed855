//! Receivers of webhooks in this process, which do what a test says.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::body::Body;
use bytes::Bytes;
use connect_emulator::Receivers;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use serde_json::Value;

/// What a receiver does with a call.
pub(crate) enum Reaction {
    Answer(u16, Vec<u8>),
    Fail,
    Hang,
    /// Answers, and never ends its body.
    Drip,
    /// Answers 200 with what is made of the body that was sent.
    Reply(Reply),
    /// Answers the same once it is told to.
    Late(tokio::sync::oneshot::Receiver<()>, Reply),
}

/// Makes an answer of the body that was sent.
type Reply = fn(Value) -> Value;

/// Receivers by the path of their address, and the calls they got.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) reactions: Mutex<VecDeque<Reaction>>,
    pub(crate) calls: Mutex<Vec<Request<Bytes>>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Receivers for Script {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, String>> {
        // Who hangs does so whatever is left to be done.
        let hangs = request.uri().path() == "/hangs";
        let sent: Value = serde_json::from_slice(request.body()).unwrap();
        self.calls.lock().unwrap().push(request);
        let reaction = if hangs { None } else { self.reactions.lock().unwrap().pop_front() };
        async move {
            let answer =
                |status: u16, body| Ok(Response::builder().status(status).body(body).unwrap());
            match reaction {
                _ if hangs => std::future::pending().await,
                Some(Reaction::Answer(status, body)) => answer(status, body.into()),
                Some(Reaction::Fail) => Err("refused\u{1b}[2J".to_owned()),
                Some(Reaction::Hang) => std::future::pending().await,
                Some(Reaction::Drip) => {
                    let first = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from("ab"))]);
                    let whole = futures::StreamExt::chain(first, futures::stream::pending());
                    answer(200, Body::from_stream(whole))
                }
                Some(Reaction::Reply(reply)) => answer(200, reply(sent).to_string().into()),
                Some(Reaction::Late(told, reply)) => {
                    told.await.unwrap();
                    answer(200, reply(sent).to_string().into())
                }
                None => answer(200, "fine".into()),
            }
        }
        .boxed()
    }
}

impl Script {
    pub(crate) fn react(&self, reactions: impl IntoIterator<Item = Reaction>) {
        self.reactions.lock().unwrap().extend(reactions);
    }

    /// Waits until so many calls came.
    pub(crate) async fn called(&self, times: usize) {
        while self.calls.lock().unwrap().len() < times {
            tokio::task::yield_now().await;
        }
    }

    /// The body of the last call.
    pub(crate) fn last(&self) -> Value {
        let calls = self.calls.lock().unwrap();
        serde_json::from_slice(calls.last().unwrap().body()).unwrap()
    }
}
