//! Requests per second of the real program, beside a loop that promises nothing and CloudBlue's
//! own client for Python.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::account::Account;
use crate::bare_loop::CONCURRENCY;
use crate::figure::{Figure, median};
use crate::place::Place;
use crate::process::{Process, time_of_children};
use crate::programs::{Programs, target};

const ROUNDS: usize = 5;
const REQUESTS: usize = 2_000;
/// A number that is enough for a rate; Python takes its time.
const REQUESTS_OF_PYTHON: usize = 400;
const SCRIPT: &str = include_str!("contender.py");

/// Returns the command of a program for a stage.
pub(crate) type Start = dyn Fn(&Programs, &Place) -> Result<Command>;

/// A program that does the work.
pub(crate) enum Contender {
    Processor,
    BareLoop,
    Python {
        interpreter: PathBuf,
        threads: u32,
    },
    /// Another program, by its command.
    Other(Box<Start>),
}

/// What there is to do, and how long each call takes at least.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    pub(crate) requests: usize,
    pub(crate) delay: Duration,
}

/// The results of one contender.
pub(crate) struct Race {
    requests: f64,
    /// The time from its start to its end.
    life: Duration,
    /// The time on all processors together.
    busy: Duration,
    /// The time on all processors of the emulator and the vendor together.
    busy_stage: Duration,
    account: Account,
}

/// All contenders, one after the other.
struct Round {
    processor: Race,
    bare_loop: Race,
    python: Race,
    threaded: Race,
}

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Round::run(programs).await?);
    }
    Ok(figures(&rounds))
}

/// One short turn: the processor alone.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let race = at_once(programs, Contender::Processor).await?;
    Ok(vec![
        Figure::new("processor", race.rate(), "requests/s"),
        Figure::new("processor with its start and end", race.rate_with_start(), "requests/s"),
        Figure::new("calls per request", race.calls(), "calls"),
        Figure::new("processor time per 1,000 requests", race.busy_per_thousand(), "s"),
    ])
}

impl Round {
    async fn run(programs: &Programs) -> Result<Self> {
        Ok(Self {
            processor: at_once(programs, Contender::Processor).await?,
            bare_loop: at_once(programs, Contender::BareLoop).await?,
            python: at_once(programs, Contender::python(1)?).await?,
            threaded: at_once(programs, Contender::python(16)?).await?,
        })
    }

    fn fastest_python(&self) -> f64 {
        self.python.rate().max(self.threaded.rate())
    }
}

impl Race {
    /// Requests per second, by the platform's log.
    pub(crate) fn rate(&self) -> f64 {
        self.requests / self.account.span.as_secs_f64()
    }

    fn rate_with_start(&self) -> f64 {
        self.requests / self.life.as_secs_f64()
    }

    pub(crate) fn busy_per_thousand(&self) -> f64 {
        self.busy.as_secs_f64() * 1000.0 / self.requests
    }

    pub(crate) fn busy_stage_per_thousand(&self) -> f64 {
        self.busy_stage.as_secs_f64() * 1000.0 / self.requests
    }

    /// The time that an approval took at the platform, in seconds.
    pub(crate) fn approval(&self) -> f64 {
        self.account.approval.as_secs_f64()
    }

    pub(crate) fn calls(&self) -> f64 {
        self.platform_calls() + self.vendor_calls()
    }

    fn platform_calls(&self) -> f64 {
        self.account.platform_calls as f64 / self.requests
    }

    fn vendor_calls(&self) -> f64 {
        self.account.vendor_calls as f64 / self.requests
    }
}

/// One contender where calls take no longer than they have to.
async fn at_once(programs: &Programs, contender: Contender) -> Result<Race> {
    let requests = contender.requests();
    race(programs, contender, Task { requests, delay: Duration::ZERO }).await
}

/// One contender on a stage of its own. The stage is the present revision's, whoever takes part:
/// requests that have become longer are work for both, and say nothing of the processor.
pub(crate) async fn race(programs: &Programs, contender: Contender, task: Task) -> Result<Race> {
    let Task { requests, delay } = task;
    let (number, delay) = (requests.to_string(), delay.as_millis().to_string());
    let (stage, place) = Programs::here()?.serve(&["stage", &number, &delay])?;
    let mut command = contender.command(programs, &place)?;
    let (start, before, stage_before) = (Instant::now(), time_of_children()?, stage.busy()?);
    Process::start(&mut command)?.wait()?;
    let (life, busy) = (start.elapsed(), time_of_children()? - before);
    let busy_stage = stage.busy()? - stage_before;
    let account = Account::read(&place, requests).await?;
    Ok(Race { requests: requests as f64, life, busy, busy_stage, account })
}

impl Contender {
    pub(crate) fn python(threads: u32) -> Result<Self> {
        let interpreter = connect_e2e::python::CLIENT.interpreter(&target()?.join("tmp"))?;
        Ok(Self::Python { interpreter, threads })
    }

    fn requests(&self) -> usize {
        match self {
            Self::Processor | Self::BareLoop => REQUESTS,
            Self::Python { .. } | Self::Other(_) => REQUESTS_OF_PYTHON,
        }
    }

    fn command(&self, programs: &Programs, place: &Place) -> Result<Command> {
        let Place { key, product, vendor, .. } = place;
        let endpoint = place.endpoint();
        let places = [endpoint.as_str(), key, vendor, product];
        Ok(match self {
            Self::Processor => {
                let mut command = acme(programs, place)?;
                command.args(["--once", "--concurrency", &CONCURRENCY.to_string()]);
                command
            }
            Self::BareLoop => programs.role(&[&["bare-loop"], places.as_slice()].concat()),
            Self::Python { interpreter, threads } => {
                let mut command = Command::new(interpreter);
                command.args(["-c", SCRIPT]).args(places).arg(threads.to_string());
                command
            }
            Self::Other(command) => command(programs, place)?,
        })
    }
}

/// The program of the example, which is what a vendor would write, with a new journal on disk.
pub(crate) fn acme(programs: &Programs, place: &Place) -> Result<Command> {
    acme_in(programs, place, &programs.fresh_folder("processor")?)
}

/// The same with the journal of a folder. It logs as it does for a vendor, to a file beside it.
pub(crate) fn acme_in(programs: &Programs, place: &Place, folder: &Path) -> Result<Command> {
    let mut command = programs.command("acme");
    place_program(&mut command, place, folder)?;
    Ok(command)
}

/// Tells a processor's program its stage, and the folder for its journal and its log.
pub(crate) fn place_program(command: &mut Command, place: &Place, folder: &Path) -> Result<()> {
    command
        .args(["--endpoint", &place.endpoint(), "--vendor-url", &place.vendor])
        .args(["--products", &place.product, "--environments", "preview"])
        .arg("--journal")
        .arg(folder.join("journal.sqlite"))
        .env("CONNECT_API_KEY", &place.key)
        .stderr(File::create(folder.join("log"))?);
    Ok(())
}

fn figures(rounds: &[Round]) -> Vec<Figure> {
    let middle = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
    let rate = |name, value| Figure::new(name, middle(value), "requests/s");
    let ratio = |name, value| Figure::new(name, middle(value), "×");
    let calls = |name, value| Figure::new(name, middle(value), "calls");
    let busy = |name, value| Figure::new(name, middle(value), "s");
    vec![
        rate("processor", |it| it.processor.rate()),
        rate("… with its start and end", |it| it.processor.rate_with_start()),
        rate("bare loop", |it| it.bare_loop.rate()),
        rate("Python, one after the other", |it| it.python.rate()),
        rate("Python, 16 threads", |it| it.threaded.rate()),
        ratio("processor : bare loop", |it| it.processor.rate() / it.bare_loop.rate())
            .at_least(0.7),
        ratio("processor : faster Python", |it| it.processor.rate() / it.fastest_python())
            .at_least(12.0),
        ratio("bare loop : faster Python", |it| it.bare_loop.rate() / it.fastest_python()),
        calls("calls per request", |it| it.processor.calls()).at_most(2.05),
        calls("… at the platform", |it| it.processor.platform_calls()),
        calls("… at the vendor", |it| it.processor.vendor_calls()),
        busy("processor time per 1,000 requests", |it| it.processor.busy_per_thousand())
            .at_most(0.11),
        busy("… of the emulator and vendor beside it", |it| {
            it.processor.busy_stage_per_thousand()
        }),
        busy("… of the bare loop", |it| it.bare_loop.busy_per_thousand()),
        busy("… beside that", |it| it.bare_loop.busy_stage_per_thousand()),
        busy("… of Python, 16 threads", |it| it.threaded.busy_per_thousand()),
    ]
}
