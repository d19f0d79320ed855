//! A conversation with the vendor, written down.

use std::fmt::Write;

use connect_demo_vendor::{Config, Running, start};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};

pub(crate) async fn vendor() -> Running {
    start(Config::default()).await.unwrap()
}

/// Makes the calls in `script`, one per line, and writes down what came back.
///
/// A line is `METHOD path [body]`, with `key=K ` in front to send an idempotency key.
pub(crate) async fn talk(vendor: &Running, script: &str) -> String {
    let client = Client::new();
    let mut transcript = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        writeln!(transcript, "{line}\n    {}", heard(call(&client, vendor, line)).await).unwrap();
    }
    transcript
}

/// The call a line of a script stands for.
pub(crate) fn call(client: &Client, vendor: &Running, line: &str) -> RequestBuilder {
    let (key, line) = match line.strip_prefix("key=").and_then(|rest| rest.split_once(' ')) {
        Some((key, line)) => (Some(key), line),
        None => (None, line),
    };
    let mut words = line.splitn(3, ' ');
    let method = Method::from_bytes(words.next().unwrap().as_bytes()).unwrap();
    let path = words.next().unwrap();
    let mut request = client.request(method, format!("{}{path}", vendor.url()));
    if path.starts_with("/_") {
        request = request.header("Content-Type", "application/json");
    }
    let request = request.body(words.next().unwrap_or_default().to_owned());
    match key {
        Some(key) => request.header("Idempotency-Key", key),
        None => request,
    }
}

/// Returns the vendor's answer: status, telling headers, body.
pub(crate) async fn heard(request: RequestBuilder) -> String {
    let Ok(response) = request.send().await else { return "no answer".to_owned() };
    let start = format!("{}{}", response.status().as_u16(), headers(response.headers()));
    match response.text().await {
        Ok(body) if body.is_empty() => start,
        Ok(body) => format!("{start} {body}"),
        Err(_) => format!("{start} broken off"),
    }
}

fn headers(headers: &HeaderMap) -> String {
    ["retry-after", "idempotent-replay"]
        .iter()
        .filter_map(|name| Some(format!(" [{name}: {}]", headers.get(*name)?.to_str().ok()?)))
        .collect()
}
