//! 100,000 requests that wait: purchases whose tenants the vendor is still building.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::figure::Figure;
use crate::listening::Listening;
use crate::patience::within;
use crate::place::Place;
use crate::process::Process;
use crate::processor::acme_in;
use crate::programs::Programs;

const REQUESTS: usize = 100_000;
const REQUESTS_OF_A_TURN: usize = 5_000;
const MEGABYTES: f64 = 100.0;
/// The looks at the list that are timed.
const LOOKS: usize = 5;
/// The time between two looks.
const REST: Duration = Duration::from_secs(1);
/// The time in which all of them have been worked on once, before the first comes due again.
const PATIENCE: Duration = Duration::from_secs(590);

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let seen = Waiting::see(programs, REQUESTS).await?;
    let (filling, looking) = (&seen.filling, &seen.looking);
    Ok(vec![
        Figure::new("100,000 requests worked on until they wait", filling.rate, "requests/s"),
        Figure::new("… processor's memory at most", filling.peak, "MB").at_most(MEGABYTES),
        Figure::new("… memory once all wait", filling.resident, "MB").at_most(MEGABYTES),
        Figure::new("… journal on the disk", filling.bytes, "bytes/run"),
        Figure::new("started again: memory at most", looking.peak, "MB").at_most(MEGABYTES),
        Figure::new("… memory after five looks", looking.resident, "MB").at_most(MEGABYTES),
        Figure::new("… a look at the list", looking.took, "s"),
        Figure::new("… processor time of a look", looking.busy, "s"),
        Figure::new("… of the emulator beside it", looking.busy_stage, "s"),
    ])
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let seen = Waiting::see(programs, REQUESTS_OF_A_TURN).await?;
    Ok(vec![
        Figure::new("5,000 requests worked on until they wait", seen.filling.rate, "requests/s"),
        Figure::new("memory while 5,000 wait", seen.looking.resident, "MB"),
        Figure::new("a look at 5,000", seen.looking.took, "s"),
        Figure::new("processor time of a look", seen.looking.busy, "s"),
    ])
}

/// Two lives of a processor with one journal.
struct Waiting {
    filling: Filling,
    looking: Looking,
}

/// The first life, in which all requests come to wait. Memory in MB.
struct Filling {
    /// Requests per second.
    rate: f64,
    peak: f64,
    resident: f64,
    /// The size of the journal for each run.
    bytes: f64,
}

/// The next life, which finds them waiting. Memory in MB, times in seconds.
struct Looking {
    peak: f64,
    resident: f64,
    /// From the end of a rest to the end of the look.
    took: f64,
    busy: f64,
    busy_stage: f64,
}

impl Waiting {
    async fn see(programs: &Programs, requests: usize) -> Result<Self> {
        let (stage, place) = Programs::here()?.serve(&["waiting", &requests.to_string()])?;
        let folder = programs.fresh_folder("waiting")?;
        let scene = Scene { programs, place: &place, folder: &folder };
        let filling = scene.fill(requests).await?;
        let looking = scene.look(&stage).await?;
        Ok(Self { filling, looking })
    }
}

struct Scene<'a> {
    programs: &'a Programs,
    place: &'a Place,
    folder: &'a Path,
}

impl Scene<'_> {
    /// Works on all of them until each waits, which the vendor calls back to end.
    async fn fill(&self, requests: usize) -> Result<Filling> {
        let mut command = acme_in(self.programs, self.place, self.folder)?;
        command.args(["--callback-url", "http://127.0.0.1:9/callback"]);
        command.env("CONNECT_CALLBACK_SECRET", "a-key-that-signs-the-links-for-the-vendor");
        let processor = Listening::start(command).await?;
        let began = Instant::now();
        let all_wait = async || {
            let waiting = processor.metric("connect_runs{state=\"planned\"}").await?;
            Ok((waiting >= requests as f64).then_some(()))
        };
        let rest = Duration::from_millis(250);
        within(PATIENCE, rest, "not all requests come to wait", all_wait).await?;
        let took = began.elapsed().as_secs_f64();
        let Listening { process, .. } = processor;
        let journal = fs::metadata(self.folder.join("journal.sqlite"))?.len();
        Ok(Filling {
            rate: requests as f64 / took,
            peak: process.peak()?,
            resident: process.resident()?,
            bytes: journal as f64 / requests as f64,
        })
    }

    /// Times looks, by the line of the log at the end of each.
    async fn look(&self, stage: &Process) -> Result<Looking> {
        let mut command = acme_in(self.programs, self.place, self.folder)?;
        command
            .args(["--poll", "1s"])
            .env("RUST_LOG", "warn,connect_processor::pending_list=debug");
        let process = Process::start(&mut command)?;
        let log = Log(self.folder.join("log"));
        // The first look is of a life that has just begun.
        log.wait_for_looks(1).await?;
        let (began, busy, busy_stage) = (Instant::now(), process.busy()?, stage.busy()?);
        log.wait_for_looks(1 + LOOKS).await?;
        let each = |time: Duration| time.as_secs_f64() / LOOKS as f64;
        Ok(Looking {
            took: each(began.elapsed()) - REST.as_secs_f64(),
            busy: each(process.busy()? - busy),
            busy_stage: each(stage.busy()? - busy_stage),
            peak: process.peak()?,
            resident: process.resident()?,
        })
    }
}

/// A processor's log.
struct Log(PathBuf);

impl Log {
    async fn wait_for_looks(&self, count: usize) -> Result<()> {
        let looked = async || Ok((self.looks()? >= count).then_some(()));
        within(PATIENCE, Duration::from_millis(10), "the list is not looked at", looked).await
    }

    /// The looks at the list of asset requests so far.
    fn looks(&self) -> Result<usize> {
        let text = fs::read_to_string(&self.0).context("the processor has a log")?;
        let is_look = |line: &&str| {
            line.contains("what is pending was listed") && line.contains("\"requests\"")
        };
        Ok(text.lines().filter(is_look).count())
    }
}
