//! The cheapest possible client: bytes out, bytes in, over one connection kept alive. What it
//! measures is the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::place::Place;

const CONNECTIONS: usize = 16;
const WARM_UP: Duration = Duration::from_millis(300);
const SPAN: Duration = Duration::from_secs(2);

/// A GET to be sent again and again.
pub(crate) struct Get {
    address: SocketAddr,
    bytes: Vec<u8>,
}

impl Get {
    /// A call to Connect's API at a place; `path` is what follows the endpoint.
    pub(crate) fn new(place: &Place, path: &str) -> Result<Self> {
        Self::page(place, &format!("/public/v1/{path}"))
    }

    /// A call for any path of a place.
    pub(crate) fn page(place: &Place, path: &str) -> Result<Self> {
        let address = place.url.trim_start_matches("http://");
        let key = &place.key;
        let text =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {key}\r\n\r\n");
        Ok(Self { address: address.parse()?, bytes: text.into_bytes() })
    }

    /// The body of one answer.
    pub(crate) async fn once(&self) -> Result<Vec<u8>> {
        let mut connection = Connection::open(self).await?;
        Ok(connection.exchange(self).await?.to_vec())
    }

    /// Measures how long an answer takes when nobody else asks: the median of many.
    pub(crate) async fn latency(&self, answers: usize) -> Result<f64> {
        let mut connection = Connection::open(self).await?;
        let mut took = Vec::with_capacity(answers);
        for _ in 0..answers {
            let start = Instant::now();
            connection.exchange(self).await?;
            took.push(start.elapsed().as_secs_f64());
        }
        Ok(crate::figure::median(took))
    }

    /// Answers per second over 16 connections.
    pub(crate) async fn rate(self) -> Result<f64> {
        let get = Arc::new(self);
        answers(&get, WARM_UP).await?;
        let start = Instant::now();
        let count = answers(&get, SPAN).await?;
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }
}

async fn answers(get: &Arc<Get>, span: Duration) -> Result<usize> {
    let end = Instant::now() + span;
    let mut asking = JoinSet::new();
    for _ in 0..CONNECTIONS {
        asking.spawn(ask_until(end, Arc::clone(get)));
    }
    let counts: Result<Vec<usize>> = asking.join_all().await.into_iter().collect();
    Ok(counts?.iter().sum())
}

async fn ask_until(end: Instant, get: Arc<Get>) -> Result<usize> {
    let mut connection = Connection::open(&get).await?;
    let mut count = 0;
    while Instant::now() < end {
        connection.exchange(&get).await?;
        count += 1;
    }
    Ok(count)
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(get: &Get) -> Result<Self> {
        let stream = TcpStream::connect(get.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends the call and reads the whole answer. Returns its body.
    async fn exchange(&mut self, get: &Get) -> Result<&[u8]> {
        self.stream.write_all(&get.bytes).await?;
        self.answer.clear();
        let body = loop {
            self.read_more().await?;
            if let Some(end) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let length = length(self.answer.get(..body).unwrap_or_default())?;
        while self.answer.len() < body + length {
            self.read_more().await?;
        }
        Ok(self.answer.get(body..).unwrap_or_default())
    }

    async fn read_more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.answer).await?;
        ensure!(read > 0, "the server hung up");
        Ok(())
    }
}

/// Returns the number of bytes of body that follow the head of a good answer.
fn length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let status = head.lines().next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200") {
        bail!("the server answered `{status}`");
    }
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let mut lengths = headers.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = lengths.next().context("the answer has no length")?;
    Ok(length.parse()?)
}
