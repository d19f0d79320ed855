//! Kills processors and their workers under load, day after day, and keeps a tally.
#![expect(clippy::print_stdout, reason = "the tally is its result")]

use std::env::current_exe;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use connect_e2e::kills::{Day, KINDS, Kind};

#[derive(Parser)]
struct Arguments {
    /// Whose processors: acme, python, javascript, template, or keyless, a template's whose vendor knows no keys
    #[arg(long, default_value = KINDS[0].name, value_parser = Kind::named)]
    of: Kind,
    /// How many kills in all
    #[arg(long, default_value_t = 1_000)]
    count: usize,
    /// How many kills to a day
    #[arg(long, default_value_t = 50)]
    day: usize,
    /// The number of the first day
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// The file that gets a line for each day
    #[arg(long, default_value = "target/kills.jsonl")]
    tally: PathBuf,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Arguments { of, count, day, first, tally } = Arguments::parse();
    let exe = current_exe()?;
    let programs = exe.parent().context("this program is in a folder")?;
    let days = count.div_ceil(day.max(1)) as u64;
    let (mut kills, mut requests, mut interrupted, mut broken) = (0, 0, 0, 0);
    let (mut reports, mut interrupted_reports) = (0, 0);
    let (mut workers, mut broken_off, mut parked) = (0, 0, 0);
    let mut lines = OpenOptions::new().create(true).append(true).open(&tally);
    let lines = lines.as_mut().map_err(|error| anyhow::anyhow!("{}: {error}", tally.display()))?;
    for seed in first..first + days {
        let toll = Day { of, programs: programs.to_owned(), seed, kills: day }.play().await;
        let toll = toll.with_context(|| format!("day {seed} cannot be judged"))?;
        writeln!(lines, "{}", serde_json::to_string(&toll)?)?;
        kills += toll.kills;
        requests += toll.requests;
        reports += toll.reports;
        interrupted += toll.interrupted;
        interrupted_reports += toll.interrupted_reports;
        workers += toll.workers;
        broken_off += toll.broken_off;
        parked += toll.parked;
        if let Some(why) = toll.broken {
            broken += 1;
            println!("day {seed}: {why}");
        }
    }
    println!(
        "{kills} kills of {} in {days} days, {workers} of them of workers; {requests} requests and {reports} \
         reports of usage, {interrupted} runs taken over half done, {interrupted_reports} of them reports, \
         {broken_off} attempts broken off with their worker, {parked} runs left to a person, {broken} days with a broken promise",
        of.name
    );
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
