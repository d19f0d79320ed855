//! Measures speed and memory, every program in a process of its own.
//!
//! `cargo xtask bench` builds and runs it. `docs/benchmarks.md` says what is measured and how.

mod account;
mod bare_loop;
mod emulator;
mod figure;
mod http;
mod lists;
mod machine;
mod pages;
mod process;
mod processor;
mod role;
mod size;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use crate::figure::{Figure, show};
use crate::machine::Machine;
use crate::role::Role;

/// Measures speed and memory. An aim that is not met is reported, and is no failure.
#[derive(Parser)]
#[command(name = "bench", args_conflicts_with_subcommands = true)]
struct Cli {
    /// What to measure; everything, unless told
    parts: Vec<Part>,
    #[command(subcommand)]
    command: Option<Command>,
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

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// Requests per second of the processor, beside a bare loop and Python
    Processor,
    /// How fast the emulator starts and answers
    Emulator,
    /// How fast the emulator's pages are, and how heavy
    Pages,
    /// How large the program is, on disk and in memory
    Size,
}

impl Part {
    async fn measure(self) -> Result<Vec<Figure>> {
        match self {
            Self::Processor => processor::measure().await,
            Self::Emulator => emulator::measure().await,
            Self::Pages => pages::measure().await,
            Self::Size => size::measure().await,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Processor => "processor",
            Self::Emulator => "emulator",
            Self::Pages => "pages",
            Self::Size => "size",
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Role { role }) => role.play().await,
        None => measure(&cli.parts).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            show(&format!("bench: not measured: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(parts: &[Part]) -> Result<()> {
    show(&Machine::here()?.to_string());
    if cfg!(debug_assertions) {
        show("built without --release: the figures mean nothing");
    }
    let all = Part::value_variants();
    for part in if parts.is_empty() { all } else { parts } {
        let figures = part.measure().await?;
        show(&figure::table(part.title(), &figures));
    }
    Ok(())
}
