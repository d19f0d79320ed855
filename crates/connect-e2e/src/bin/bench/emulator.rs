//! How fast the emulator starts and answers.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use connect_emulator::clock::SystemClock;
use connect_emulator::scenario::Scenario;
use connect_emulator::world::{Setting, World};
use serde_json::Value;

use crate::figure::{Figure, median};
use crate::http::Get;
use crate::lists;
use crate::process::{Process, fresh_folder, program, role};
use crate::role::Place;

const STARTS: usize = 11;
const RESTARTS: usize = 3;
const ROUNDS: usize = 5;
const KEPT: usize = 100_000;
/// A program that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) async fn measure() -> Result<Vec<Figure>> {
    let mut figures = starts().await?;
    figures.extend(against_a_route().await?);
    figures.extend(lists::measure().await?);
    Ok(figures)
}

async fn starts() -> Result<Vec<Figure>> {
    let mut empty = Vec::new();
    for _ in 0..STARTS {
        empty.push(first_answer(None).await?.as_secs_f64());
    }
    let folder = fresh_folder("world")?;
    let path = folder.to_str().context("the target directory has a readable name")?;
    Process::start(&mut role(&["folder", path, &KEPT.to_string()])?)?.wait()?;
    let mut kept = Vec::new();
    for _ in 0..RESTARTS {
        kept.push(first_answer(Some(&folder)).await?.as_secs_f64());
    }
    Ok(vec![
        Figure::new("start to first answer", median(empty) * 1e3, "ms").at_most(50.0),
        Figure::new("… of a folder with 100,000 requests", median(kept), "s").at_most(2.0),
    ])
}

/// From starting the program to the first page of requests.
async fn first_answer(data: Option<&Path>) -> Result<Duration> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let scenario = World::found(Scenario::demo(), Setting::new(Arc::new(SystemClock), 0));
    let (url, key) = (format!("http://127.0.0.1:{port}"), scenario.keys().vendor);
    let get = Get::new(&Place { url, key, ..Place::default() }, "requests?limit=1")?;
    let mut command = Command::new(program("cnct")?);
    command.args(["emulator", "--port", &port.to_string()]).stdout(Stdio::null());
    if let Some(folder) = data {
        command.arg("--data").arg(folder);
    }
    let start = Instant::now();
    let _emulator = Process::start(command.stderr(Stdio::null()))?;
    while get.once().await.is_err() {
        ensure!(start.elapsed() < PATIENCE, "the emulator does not answer");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(start.elapsed())
}

/// One request, beside a route of axum's that has nothing to do but to send the same bytes.
async fn against_a_route() -> Result<Vec<Figure>> {
    let (_world, emulator) = Process::role(&["world", "1000", "1000"])?;
    let page = Get::new(&emulator, "requests?limit=1")?.once().await?;
    let page: Value = serde_json::from_slice(&page)?;
    let id = page.pointer("/0/id").and_then(Value::as_str).context("the world has requests")?;
    let path = format!("requests/{id}");
    let file = fresh_folder("route")?.join("answer.json");
    std::fs::write(&file, Get::new(&emulator, &path)?.once().await?)?;
    let file = file.to_str().context("the target directory has a readable name")?;
    let (_route, route) = Process::role(&["route", file])?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let emulated = Get::new(&emulator, &path)?.rate().await?;
        rounds.push((emulated, Get::new(&route, &path)?.rate().await?));
    }
    let middle = |value: fn(&(f64, f64)) -> f64| median(rounds.iter().map(value));
    Ok(vec![
        Figure::new("GET of one request", middle(|it| it.0), "answers/s"),
        Figure::new("axum route, same bytes", middle(|it| it.1), "answers/s"),
        Figure::new("emulator : axum route", middle(|it| it.0 / it.1), "×").at_least(0.5),
    ])
}
