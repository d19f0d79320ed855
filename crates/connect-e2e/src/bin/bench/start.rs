//! The time until the emulator answers.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use connect_world::scenario::Scenario;
use connect_world::{Setting, World};

use crate::figure::{Figure, median};
use crate::http::Get;
use crate::patience::until;
use crate::place::Place;
use crate::process::Process;
use crate::programs::Programs;

const STARTS: usize = 11;
const RESTARTS: usize = 3;
const KEPT: usize = 100_000;
/// The number for one turn of a comparison.
const FEW_KEPT: usize = 20_000;

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let empty = empty(programs).await?.at_most(50.0);
    let folder = "… of a folder with 100,000 requests";
    Ok(vec![empty, kept(programs, folder, KEPT, RESTARTS).await?.at_most(2.0)])
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let folder = "start with a folder of 20,000 requests";
    Ok(vec![empty(programs).await?, kept(programs, folder, FEW_KEPT, RESTARTS).await?])
}

async fn empty(programs: &Programs) -> Result<Figure> {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        took.push(first_answer(programs, None).await?.as_secs_f64());
    }
    Ok(Figure::new("start to first answer", median(took) * 1e3, "ms"))
}

async fn kept(programs: &Programs, name: &str, requests: usize, times: usize) -> Result<Figure> {
    let folder = programs.fresh_folder("world")?;
    let path = folder.to_str().context("the target directory has a readable name")?;
    Process::start(&mut programs.role(&["folder", path, &requests.to_string()]))?.wait()?;
    let mut took = Vec::new();
    for _ in 0..times {
        took.push(first_answer(programs, Some(&folder)).await?.as_secs_f64());
    }
    Ok(Figure::new(name, median(took), "s"))
}

/// Measures the time from starting the program to the first page of requests.
async fn first_answer(programs: &Programs, data: Option<&Path>) -> Result<Duration> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let scenario = World::found(Scenario::demo(), Setting::new(0));
    let (url, key) = (format!("http://127.0.0.1:{port}"), scenario.keys().vendor);
    let get = Get::new(&Place { url, key, ..Place::default() }, "requests?limit=1")?;
    let mut command = programs.command("cnct");
    command.args(["emulator", "--port", &port.to_string()]).stdout(Stdio::null());
    if let Some(folder) = data {
        command.arg("--data").arg(folder);
    }
    let start = Instant::now();
    let _emulator = Process::start(command.stderr(Stdio::null()))?;
    until("the emulator does not answer", async || get.once().await.ok()).await?;
    Ok(start.elapsed())
}
