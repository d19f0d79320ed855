//! What a world of its own costs a vendor's test: `examples/acme/examples/world.rs`, built without any
//! optimisation.

use std::process::Command;

use anyhow::{Result, ensure};
use serde::Deserialize;

use crate::figure::{Figure, median};
use crate::process::Process;
use crate::programs::target;

const ROUNDS: usize = 3;
const MILLISECONDS: f64 = 10.0;
/// Where `cargo xtask bench` has it built, below the target directory.
const PROGRAM: &str = "vendor-test/examples/world";

/// Milliseconds, as the program tells them.
#[derive(Deserialize)]
struct Cost {
    first: f64,
    all: f64,
    start: f64,
    pending: f64,
    work: f64,
}

pub(crate) async fn measure() -> Result<Vec<Figure>> {
    let program = target()?.join(PROGRAM);
    ensure!(program.exists(), "{} is not built: run `cargo xtask bench`", program.display());
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let (process, cost): (_, Cost) = Process::serve(&mut Command::new(&program))?;
        process.wait()?;
        rounds.push(cost);
    }
    let middle = |value: fn(&Cost) -> f64| median(rounds.iter().map(value));
    let row = |name, value| Figure::new(name, middle(value), "ms");
    Ok(vec![
        row("a test with a world, after the first", |it| it.all).at_most(MILLISECONDS),
        row("… starting the world", |it| it.start),
        row("… making a resume pending", |it| it.pending),
        row("… working on it", |it| it.work),
        row("the first in a process", |it| it.first),
    ])
}
