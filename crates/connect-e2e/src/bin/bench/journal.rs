//! Runs per second of the journal: claimed, carried out and finished, every commit synced.

use anyhow::{Context, Result};

use crate::figure::{Figure, median};
use crate::journal_role::Round;
use crate::process::Process;
use crate::programs::Programs;

const ROUNDS: usize = 3;
/// The runs of a round, unless told.
pub(crate) const RUNS: usize = 20_000;
/// Runs per second; with one step or two.
const RATE: f64 = 12_000.0;
/// How fast the last tenth of the runs is at least, beside the first.
const FLAT: f64 = 0.9;

pub(crate) async fn measure(programs: &Programs, runs: usize) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (steps, name) in [(1, "one step"), (2, "two steps")] {
        let rounds: Vec<Round> =
            (0..ROUNDS).map(|_| round(programs, runs, steps)).collect::<Result<_>>()?;
        let middle = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
        let flat = Figure::new("… last tenth : first tenth", middle(|it| it.last_to_first), "×");
        let rate = format!("{runs} runs of {name}");
        figures.extend([
            Figure::new(rate, middle(|it| it.rate), "runs/s").at_least(RATE),
            // Two thousand runs are over too soon to tell.
            if runs > RUNS { flat.at_least(FLAT) } else { flat },
            Figure::new("… on the disk", middle(|it| it.bytes), "bytes/run"),
        ]);
    }
    Ok(figures)
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let round = round(programs, RUNS, 2)?;
    Ok(vec![Figure::new(format!("{RUNS} runs of two steps"), round.rate, "runs/s")])
}

fn round(programs: &Programs, runs: usize, steps: usize) -> Result<Round> {
    let folder = programs.fresh_folder("journal")?;
    let folder = folder.to_str().context("the target directory has a readable name")?;
    let role = ["journal", folder, &runs.to_string(), &steps.to_string()];
    let (process, round) = Process::serve(&mut programs.role(&role))?;
    process.wait()?;
    Ok(round)
}
