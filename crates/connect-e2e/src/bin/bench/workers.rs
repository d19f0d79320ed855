//! Requests per second of handlers in other languages, beside the same calls made by Python itself.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use connect_e2e::Language;

use crate::figure::Figure;
use crate::place::Place;
use crate::processor::{Contender, Race, Task, place_program, race};
use crate::programs::Programs;

/// How many requests are handled at the same time.
const AT_ONCE: &str = "16";
const REQUESTS: usize = 2_000;
const REQUESTS_OF_PYTHON: usize = 300;
const DELAYS: [u64; 3] = [0, 20, 100];

/// Handlers in a language, 16 requests at a time.
fn workers_of(language: Language) -> Contender {
    Contender::Other(Box::new(move |programs, place| command(language, programs, place)))
}

fn command(language: Language, programs: &Programs, place: &Place) -> Result<Command> {
    let folder = programs.fresh_folder("workers")?;
    let workers = language.workers().context("the language has workers")?;
    let mut command = programs.command("cnct");
    command.args(["run", "--exec", &workers, "--once"]).args([
        "--exec-workers",
        AT_ONCE,
        "--concurrency",
        AT_ONCE,
    ]);
    place_program(&mut command, place, &folder)?;
    Ok(command)
}

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for millis in DELAYS {
        let delay = Duration::from_millis(millis);
        let workers = async |language| {
            let task = Task { requests: REQUESTS, delay };
            race(programs, workers_of(language), task).await
        };
        let (python, javascript) =
            (workers(Language::Python).await?, workers(Language::JavaScript).await?);
        let task = Task { requests: REQUESTS_OF_PYTHON, delay };
        let alone = race(programs, Contender::python(1)?, task).await?;
        figures.extend(rows(millis, &python, &javascript, &alone));
    }
    Ok(figures)
}

fn rows(millis: u64, python: &Race, javascript: &Race, alone: &Race) -> Vec<Figure> {
    let at = |what: &str| format!("{what} at {millis} ms");
    let least = if millis == 0 { 1.5 } else { 5.0 };
    vec![
        Figure::new(at("handlers in Python"), python.rate(), "requests/s"),
        Figure::new(at("handlers in JavaScript"), javascript.rate(), "requests/s"),
        Figure::new(at("Python alone, one after the other"), alone.rate(), "requests/s"),
        Figure::new(at("handlers in Python : Python alone"), python.rate() / alone.rate(), "×")
            .at_least(least),
        Figure::new(
            at("handlers in JavaScript : Python alone"),
            javascript.rate() / alone.rate(),
            "×",
        ),
        Figure::new(
            at("processor time per 1,000, Python and runtime"),
            python.busy_per_thousand(),
            "s",
        ),
    ]
}
