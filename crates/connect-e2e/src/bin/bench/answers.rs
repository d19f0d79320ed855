//! The number of calls that the emulator answers.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::figure::{Figure, median};
use crate::http::Get;
use crate::place::Place;
use crate::process::Process;
use crate::programs::Programs;

const ROUNDS: usize = 5;

/// One request, beside a route of axum's that has nothing to do but to send the same bytes.
pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let (_world, emulator, path) = world(programs).await?;
    let file = programs.fresh_folder("route")?.join("answer.json");
    std::fs::write(&file, Get::new(&emulator, &path)?.once().await?)?;
    let file = file.to_str().context("the target directory has a readable name")?;
    let (_route, route) = programs.serve(&["route", file])?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let emulated = Get::new(&emulator, &path)?.rate().await?;
        rounds.push((emulated, Get::new(&route, &path)?.rate().await?));
    }
    let middle = |value: fn(&(f64, f64)) -> f64| median(rounds.iter().map(value));
    Ok(vec![
        Figure::new("GET of one request", middle(|it| it.0), "answers/s"),
        Figure::new("axum route, same bytes", middle(|it| it.1), "answers/s"),
        Figure::new("emulator : axum route", middle(|it| it.0 / it.1), "×").at_least(0.75),
    ])
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let (_world, emulator, path) = world(programs).await?;
    let rate = Get::new(&emulator, &path)?.rate().await?;
    Ok(vec![Figure::new("GET of one request", rate, "answers/s")])
}

/// A world, and the path of one of its requests.
async fn world(programs: &Programs) -> Result<(Process, Place, String)> {
    let (world, emulator) = programs.serve(&["world", "1000", "1000"])?;
    let page = Get::new(&emulator, "requests?limit=1")?.once().await?;
    let page: Value = serde_json::from_slice(&page)?;
    let id = page.pointer("/0/id").and_then(Value::as_str).context("the world has requests")?;
    let path = format!("requests/{id}");
    Ok((world, emulator, path))
}
