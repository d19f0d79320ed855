//! Alters payloads on their way to a processor, as often as told, and counts what became of them.
#![expect(clippy::print_stdout, reason = "the counts are its result")]

use std::process::ExitCode;

use clap::Parser;
use connect_e2e::payloads::Campaign;

#[derive(Parser)]
struct Arguments {
    /// How many cases
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// The number of the first one
    #[arg(long, default_value_t = 0)]
    first: u64,
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments { count, first } = Arguments::parse();
    // A panic is counted, and named by its case.
    std::panic::set_hook(Box::new(|_| {}));
    let tally = Campaign::prepare()?.run(first..first.saturating_add(count))?;
    println!("{tally}");
    Ok(if tally.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
