//! The weight of the emulator's pages, the server's time for them in a world with many
//! subscriptions, and the time until they show a change.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::StreamExt;
use reqwest::Client;
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION};
use serde_json::{Value, json};

use crate::figure::{Figure, median};
use crate::http::Get;
use crate::place::Place;
use crate::process::Process;
use crate::programs::Programs;

const SUBSCRIPTIONS: usize = 100_000;
const PENDING: usize = 1_000;
const ANSWERS: usize = 60;
const CHANGES: usize = 11;
/// The number for one turn of a comparison.
const FEW_CHANGES: usize = 3;
const ANSWERS_OF_A_TURN: usize = 300;
/// A change that is not shown by then never will be.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let (_world, world, browser) = world(programs)?;
    let mut figures = Vec::new();
    for (name, path) in pages(&browser).await? {
        let weight = browser.weight(&path).await?;
        let took = Get::page(&world, &path)?.latency(ANSWERS).await? * 1e3;
        figures.push(Figure::new(format!("{name}, with its files"), weight, "KB").at_most(100.0));
        figures.push(Figure::new("… server time", took, "ms").at_most(50.0));
    }
    let changes = browser.changes(CHANGES).await?;
    figures.push(Figure::new("a change on screen", changes, "s").at_most(1.0));
    Ok(figures)
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let (_world, world, browser) = world(programs)?;
    let mut figures = Vec::new();
    for (name, path) in pages(&browser).await? {
        let weight = browser.weight(&path).await?;
        let took = Get::page(&world, &path)?.latency(ANSWERS_OF_A_TURN).await? * 1e3;
        figures.push(Figure::new(format!("{name}, with its files"), weight, "KB"));
        figures.push(Figure::new(format!("{name}, server time"), took, "ms"));
    }
    figures.push(Figure::new("a change on screen", browser.changes(FEW_CHANGES).await?, "s"));
    Ok(figures)
}

fn world(programs: &Programs) -> Result<(Process, Place, Browser)> {
    let (process, world) =
        programs.serve(&["world", &SUBSCRIPTIONS.to_string(), &PENDING.to_string()])?;
    let browser = Browser::new(&world)?;
    Ok((process, world, browser))
}

/// The pages that are looked at most, by name and path.
async fn pages(browser: &Browser) -> Result<[(&'static str, String); 5]> {
    let (request, asset) = browser.pending(0).await?;
    Ok([
        ("home", "/".to_owned()),
        ("directory", "/subscriptions".to_owned()),
        ("fulfillment", "/subscriptions/fulfillment".to_owned()),
        ("a subscription", format!("/subscriptions/{asset}")),
        ("a request", format!("/requests/{request}")),
    ])
}

/// A stand-in for a browser, which shows nothing.
struct Browser {
    client: Client,
    url: String,
    key: String,
}

impl Browser {
    fn new(place: &Place) -> Result<Self> {
        let client = Client::builder().no_gzip().timeout(PATIENCE).build()?;
        Ok(Self { client, url: place.url.clone(), key: place.key.clone() })
    }

    /// Everything that is sent for a first visit, in kilobytes.
    async fn weight(&self, path: &str) -> Result<f64> {
        let page = self.fetch(path).await?;
        let mut bytes = page.len();
        let text = String::from_utf8(page)?;
        let mut files: Vec<&str> = text
            .split('"')
            .filter(|part| part.starts_with("/static/"))
            .map(|file| file.split_once('#').map_or(file, |(file, _)| file))
            .collect();
        files.sort_unstable();
        files.dedup();
        ensure!(!files.is_empty(), "{path} has files");
        for file in files {
            bytes += self.fetch(file).await?.len();
        }
        Ok(bytes as f64 / 1e3)
    }

    async fn fetch(&self, path: &str) -> Result<Vec<u8>> {
        let ask = self.client.get(format!("{}{path}", self.url)).header(ACCEPT_ENCODING, "gzip");
        Ok(ask.send().await?.error_for_status()?.bytes().await?.into())
    }

    /// The ids of a pending request and its subscription.
    async fn pending(&self, skip: usize) -> Result<(String, String)> {
        let query = format!("requests?eq(status,pending)&limit=1&offset={skip}");
        let rows: Value = self.api(self.client.get(self.endpoint(&query))).await?;
        let id = |path: &str| rows.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let ids = id("/0/id").zip(id("/0/asset/id"));
        ids.context("the world has pending requests")
    }

    async fn api(&self, call: reqwest::RequestBuilder) -> Result<Value> {
        let answer = call.header(AUTHORIZATION, &self.key).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    fn endpoint(&self, path: &str) -> String {
        format!("{}/public/v1/{path}", self.url)
    }

    /// Measures the time from sending an approval through the API to having the page that shows it.
    async fn changes(&self, times: usize) -> Result<f64> {
        let mut took = Vec::with_capacity(times);
        for _ in 0..times {
            took.push(self.change().await?.as_secs_f64());
        }
        Ok(median(took))
    }

    async fn change(&self) -> Result<Duration> {
        let (request, asset) = self.pending(0).await?;
        let page = format!("/subscriptions/{asset}");
        let shown = String::from_utf8(self.fetch(&page).await?)?;
        let live = attribute(&shown, "sse-connect").context("the page is live")?;
        let mut news = self.client.get(format!("{}{live}", self.url)).send().await?.bytes_stream();
        let start = Instant::now();
        let approve = self.client.post(self.endpoint(&format!("requests/{request}/approve")));
        self.api(approve.json(&json!({}))).await?;
        loop {
            let told = news.next().await.context("the page stays live")??;
            let is_change = told.starts_with(b"event: change");
            let again = if is_change { self.fetch(&page).await? } else { Vec::new() };
            if String::from_utf8(again)?.contains("Active") {
                return Ok(start.elapsed());
            }
        }
    }
}

/// The value of an attribute of a page, as the browser reads it.
fn attribute(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("{name}=\""))?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&").replace("&#38;", "&"))
}
