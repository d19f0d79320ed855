//! The scripted platform on a socket of its own.

use std::time::Duration;

use connect_client::{ApiKey, Client, ClientBuilder, RetryPolicy};
use connect_clock::SystemClock;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::platform::{KEY, Says, Script};

/// A platform that listens; it ends when dropped.
pub(crate) struct Server {
    url: String,
    script: Script,
    serving: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn that(says: impl IntoIterator<Item = Says>) -> Self {
        let script = Script::new(says, SystemClock);
        let (listener, url) = listen().await;
        let router = script.router();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, script, serving }
    }

    /// A platform that reads each call and hangs up.
    pub(crate) async fn that_hangs_up() -> Self {
        let script = Script::new([], SystemClock);
        let (listener, url) = listen().await;
        let asked = script.clone();
        let serving = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut call = [0; 4096];
                let length = socket.read(&mut call).await.unwrap();
                let text = String::from_utf8_lossy(&call[..length]).into_owned();
                let line = text.lines().next().unwrap().trim_end_matches(" HTTP/1.1");
                asked.note(&line.replace("/public/v1", ""));
            }
        });
        Self { url, script, serving }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(|builder| builder)
    }

    pub(crate) fn client_with(
        &self,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Client {
        settings(quick(&self.url)).build().unwrap()
    }

    pub(crate) fn asked(&self) -> String {
        self.script.asked()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A client that hardly waits between two attempts.
pub(crate) fn quick(url: &str) -> ClientBuilder {
    let quick = RetryPolicy { base: Duration::from_millis(1), ..RetryPolicy::default() };
    Client::builder(url, ApiKey::new(KEY).unwrap()).retry(quick)
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/public/v1", listener.local_addr().unwrap());
    (listener, url)
}
