//! Requests per second where each call takes its time: what the limit of requests at the same time
//! allows, and what comes of it.

use std::time::Duration;

use anyhow::Result;

use crate::bare_loop::CONCURRENCY;
use crate::figure::Figure;
use crate::processor::{Contender, Race, Task, race};
use crate::programs::Programs;

/// A number that makes the first calls, which nothing can be done beside, a small part of the whole.
const REQUESTS: usize = 6_000;
const REQUESTS_OF_PYTHON: usize = 1_000;
/// As many as its documentation shows.
const THREADS_OF_PYTHON: u32 = 50;
const DELAYS: [u64; 2] = [20, 100];

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for millis in DELAYS {
        let delay = Duration::from_millis(millis);
        let task = |requests| Task { requests, delay };
        let ours = race(programs, Contender::Processor, task(REQUESTS)).await?;
        let bare = race(programs, Contender::BareLoop, task(REQUESTS)).await?;
        let python = Contender::python(THREADS_OF_PYTHON)?;
        let python = race(programs, python, task(REQUESTS_OF_PYTHON)).await?;
        figures.extend(rows(delay, &ours, &bare, &python));
    }
    Ok(figures)
}

/// One short turn: the processor alone, at the shorter delay.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let delay = Duration::from_millis(DELAYS[0]);
    let task = Task { requests: REQUESTS, delay };
    let ours = race(programs, Contender::Processor, task).await?;
    Ok(vec![Figure::new(format!("processor at {delay:?}"), ours.rate(), "requests/s")])
}

fn rows(delay: Duration, ours: &Race, bare: &Race, python: &Race) -> Vec<Figure> {
    // Each request needs two calls, one after the other, that nobody can spare it: the vendor's and
    // the approval. Both are delayed alike, and take a little longer than that.
    let limit = |race: &Race| CONCURRENCY as f64 / (2.0 * race.approval());
    let at = |what: &str| format!("{what} at {delay:?}");
    let busy = |what: &str, time| Figure::new(at(what), time, "s");
    vec![
        Figure::new(at("processor"), ours.rate(), "requests/s"),
        Figure::new(at("bare loop"), bare.rate(), "requests/s"),
        Figure::new(at("Python, 50 threads"), python.rate(), "requests/s"),
        Figure::new(at("an approval"), ours.approval() * 1e3, "ms"),
        Figure::new(at("limit"), limit(ours), "requests/s"),
        Figure::new(at("processor : limit"), ours.rate() / limit(ours), "×").at_least(0.9),
        Figure::new(at("bare loop : limit"), bare.rate() / limit(bare), "×"),
        Figure::new(at("processor : Python"), ours.rate() / python.rate(), "×"),
        Figure::new(at("calls per request"), ours.calls(), "calls").at_most(2.05),
        busy("processor time per 1,000 requests", ours.busy_per_thousand()),
        busy("… of the emulator and vendor beside it", ours.busy_stage_per_thousand()),
        busy("… of Python", python.busy_per_thousand()),
    ]
}
