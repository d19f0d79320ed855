//! Alters payloads on their way to a processor, as often as told, and counts what became of them.
#![expect(clippy::print_stdout, reason = "the counts are its result")]

use std::collections::BTreeMap;
use std::env::current_exe;
use std::process::ExitCode;
use std::thread;

use anyhow::{Result, anyhow};
use clap::Parser;
use connect_e2e::payloads::{Answers, Calls, Origin, Tally};

#[derive(Parser)]
struct Arguments {
    /// How many cases: every other one is a call, the others are answers
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// The number of the first one
    #[arg(long, default_value_t = 0)]
    first: u64,
}

fn main() -> Result<ExitCode> {
    let Arguments { count, first } = Arguments::parse();
    // A panic is counted, and named by its case.
    std::panic::set_hook(Box::new(|_| {}));
    let cases = first..first.saturating_add(count);
    let (answered, called): (Vec<u64>, Vec<u64>) = cases.partition(|case| case % 2 == 0);
    let mut tallies = answers(&answered)?;
    let program = current_exe()?.with_file_name("acme-under-test");
    let calls = async { Calls { program }.run(called).await };
    tallies.insert(Origin::Caller, tokio::runtime::Runtime::new()?.block_on(calls)?);
    for (origin, tally) in &tallies {
        println!("{}: {tally}", format!("{origin:?}").to_lowercase());
    }
    let holds = tallies.values().all(|tally| tally.broken.is_empty());
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Has answers altered, on as many threads as there are.
fn answers(cases: &[u64]) -> Result<BTreeMap<Origin, Tally>> {
    let answers = Answers::prepare()?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = cases.len().div_ceil(threads).max(1);
    let parts = thread::scope(|scope| {
        let started = cases.chunks(share).map(|part| {
            let answers = &answers;
            scope.spawn(move || answers.run(part.iter().copied()))
        });
        let started: Vec<_> = started.collect();
        started.into_iter().map(|part| part.join()).collect::<Vec<_>>()
    });
    let mut tallies = BTreeMap::<Origin, Tally>::new();
    for part in parts {
        for (origin, tally) in part.map_err(|_| anyhow!("a thread broke"))?? {
            tallies.entry(origin).or_default().join(tally);
        }
    }
    Ok(tallies)
}
