//! Measures speed and memory, every program in a process of its own, alone or beside another
//! revision of the project.
//!
//! `cargo xtask bench` builds and runs it. `docs/benchmarks.md` says what is measured and how.

mod account;
mod against;
mod answers;
mod bare_loop;
mod figure;
mod http;
mod hung;
mod journal;
mod journal_role;
mod latency;
mod listening;
mod lists;
mod machine;
mod pages;
mod patience;
mod place;
mod process;
mod processor;
mod programs;
mod progress;
mod report;
mod role;
mod sheet;
mod size;
mod start;
mod statistics;
mod table;
mod template;
mod tenants_role;
mod usage;
mod waiting;
mod waiting_role;
mod webhooks;
mod workers;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::against::Sides;
use crate::figure::Figure;
use crate::machine::Machine;
use crate::programs::Programs;
use crate::report::Report;
use crate::role::Role;
use crate::statistics::FEWEST_PAIRS;

/// The exit code when something is worse than it was.
const WORSE: u8 = 3;

/// Measures speed and memory. An aim that is not met is reported, and is no failure.
#[derive(Parser)]
#[command(name = "bench", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    measuring: Measuring,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Args)]
struct Measuring {
    /// What to measure, with commas between; everything, unless told
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    only: Vec<Part>,
    /// The folder with the programs of another revision to compare with
    #[arg(long, value_name = "FOLDER")]
    against: Option<PathBuf>,
    /// How many turns each revision takes. With 12, two that were disturbed hide nothing
    #[arg(long, default_value_t = 12, value_parser = judgeable(), requires = "against")]
    pairs: usize,
    /// How many runs the journal carries out in a round
    #[arg(long, default_value_t = journal::RUNS, value_parser = several())]
    runs: usize,
    /// Print one JSON document in place of tables
    #[arg(long)]
    json: bool,
}

/// Accepts as many pairs as can be judged.
fn judgeable() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(FEWEST_PAIRS as u64..)
}

/// Accepts as many runs as have a tenth.
fn several() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(10..=10_000_000)
}

#[derive(Subcommand)]
enum Command {
    /// Play a part in a measurement
    #[command(hide = true)]
    Role {
        #[command(subcommand)]
        role: Role,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Requests per second of the processor, beside a bare loop and Python
    Processor,
    /// Requests per second of the processor where each call takes its time
    Latency,
    /// How much memory and time it costs that 100,000 requests wait
    Waiting,
    /// How many requests of other tenants are worked on while some hang
    Hung,
    /// How many runs the journal carries out
    Journal,
    /// How soon the emulator answers
    Start,
    /// How many calls the emulator answers
    Answers,
    /// How long the processor's queries take in large worlds
    Lists,
    /// How fast the emulator's pages are, and how heavy
    Pages,
    /// How long a month's usage takes, and how much memory
    Usage,
    /// How many calls of webhooks are made, and taken
    Webhooks,
    /// How large the programs are, on disk and in memory
    Size,
    /// Requests per second of handlers in other languages
    Workers,
    /// Requests per second of a project of the Python template
    Template,
    /// What a world of its own costs a vendor's test
    World,
}

impl Part {
    async fn measure(self, programs: &Programs, runs: usize) -> Result<Vec<Figure>> {
        match self {
            Self::Processor => processor::measure(programs).await,
            Self::Latency => latency::measure(programs).await,
            Self::Waiting => waiting::measure(programs).await,
            Self::Hung => hung::measure(programs).await,
            Self::Journal => journal::measure(programs, runs).await,
            Self::Start => start::measure(programs).await,
            Self::Answers => answers::measure(programs).await,
            Self::Lists => lists::measure(programs).await,
            Self::Pages => pages::measure(programs).await,
            Self::Usage => usage::measure(programs).await,
            Self::Webhooks => webhooks::measure(programs).await,
            Self::Size => size::measure(programs).await,
            Self::Workers => workers::measure(programs).await,
            Self::Template => template::measure(programs).await,
            Self::World => world::measure().await,
        }
    }

    /// A turn of a few seconds. The figures are fewer, and none is a ratio.
    async fn sample(self, programs: &Programs) -> Result<Vec<Figure>> {
        match self {
            Self::Processor => processor::sample(programs).await,
            Self::Latency => latency::sample(programs).await,
            Self::Waiting => waiting::sample(programs).await,
            Self::Hung => hung::sample(programs).await,
            Self::Journal => journal::sample(programs).await,
            Self::Start => start::sample(programs).await,
            Self::Answers => answers::sample(programs).await,
            Self::Lists => lists::sample(programs).await,
            Self::Pages => pages::sample(programs).await,
            Self::Usage => usage::sample(programs).await,
            Self::Webhooks => webhooks::sample(programs).await,
            Self::Size => size::measure(programs).await,
            // They are built from the present revision alone.
            Self::Workers | Self::Template | Self::World => Ok(Vec::new()),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Processor => "processor",
            Self::Latency => "latency",
            Self::Waiting => "waiting",
            Self::Hung => "hung",
            Self::Journal => "journal",
            Self::Start => "start",
            Self::Answers => "answers",
            Self::Lists => "lists",
            Self::Pages => "pages",
            Self::Usage => "usage",
            Self::Webhooks => "webhooks",
            Self::Size => "size",
            Self::Workers => "workers",
            Self::Template => "template",
            Self::World => "world",
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Role { role }) => role.play().await.map(|()| ExitCode::SUCCESS),
        None => cli.measuring.run().await,
    };
    done.unwrap_or_else(|error| {
        progress::tell(&format!("bench: not measured: {error:#}"));
        ExitCode::FAILURE
    })
}

impl Measuring {
    async fn run(&self) -> Result<ExitCode> {
        let mut report = Report::new(&Machine::here()?, self.json);
        match &self.against {
            None => self.measure(&mut report).await?,
            Some(folder) => {
                let now = Programs::here()?;
                let sides = Sides { before: Programs::at(folder, "before")?, now };
                self.compare(&sides, &mut report).await;
            }
        }
        report.end()?;
        Ok(report.exit())
    }

    fn parts(&self) -> &[Part] {
        if self.only.is_empty() { Part::value_variants() } else { &self.only }
    }

    async fn measure(&self, report: &mut Report) -> Result<()> {
        let programs = Programs::here()?;
        for part in self.parts() {
            report.measured(part.title(), part.measure(&programs, self.runs).await?);
        }
        Ok(())
    }

    /// A part that one of the revisions cannot show does not keep the others from being judged.
    async fn compare(&self, sides: &Sides, report: &mut Report) {
        for part in self.parts() {
            let compared = against::compare(*part, sides, self.pairs).await;
            report.compared(part.title(), compared);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(words: &[&str]) -> Option<usize> {
        let words = ["bench"].iter().chain(words);
        Cli::try_parse_from(words).ok().map(|cli| cli.measuring.pairs)
    }

    #[test]
    fn fewer_than_seven_pairs_are_no_comparison() {
        assert_eq!(pairs(&["--against", "folder"]), Some(12));
        assert_eq!(pairs(&["--against", "folder", "--pairs", "7"]), Some(7));
        assert_eq!(pairs(&["--against", "folder", "--pairs", "6"]), None);
    }

    #[test]
    fn parts_are_named_with_commas_between() {
        let cli = Cli::try_parse_from(["bench", "--only", "start,lists"]).unwrap();
        assert!(cli.measuring.parts() == [Part::Start, Part::Lists]);
        let all = Cli::try_parse_from(["bench"]).unwrap();
        assert!(all.measuring.parts() == Part::value_variants());
    }
}
