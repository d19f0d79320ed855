//! Real processors and their workers are killed again and again at work, and the oracle looks.

mod faults;
mod kind;
mod life;
mod load;
mod mixed;
mod moment;
mod orders;
mod usage;

use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_emulator::fault::Fault as PlatformFault;
use connect_journal::{Fact, Finish, RunState, SqliteJournal};
use connect_testing::{RunSeen, judge};
use serde::Serialize;
use tempfile::TempDir;
use tokio::time::timeout;

use self::faults::{platform_faults, usage_faults, vendor_faults};
use self::load::{Load, Work};
use crate::Stage;

pub use kind::{KINDS, Kind};
pub(crate) use life::Life;
pub use life::kill_one_below;
pub use moment::Watch;

/// The longest that a processor takes to be where it is to be killed.
const LONGEST: Duration = Duration::from_secs(60);

/// The time between two looks whether a processor has ended by itself.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A day of processors, from a new platform to the oracle's judgement.
pub struct Day {
    /// Their kind.
    pub of: Kind,
    /// The folder of the programs under test, in a target directory.
    pub programs: PathBuf,
    /// The number that the moments of the kills and the faults are drawn by.
    pub seed: u64,
    /// The number of kills.
    pub kills: usize,
}

/// A day that is over, before it is judged.
pub struct Worked {
    /// The platform and the vendor.
    pub stage: Stage,
    /// The folder of the journal, and of the project where there is one.
    pub folder: TempDir,
    load: Load,
    workers: usize,
}

/// What a day came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Toll {
    /// The kind of the processors.
    pub of: &'static str,
    /// The number that the day was drawn by.
    pub seed: u64,
    /// The processes that were killed.
    pub kills: usize,
    /// Those of them that were workers.
    pub workers: usize,
    /// The requests that there were, of all families.
    pub requests: usize,
    /// The reports of usage that were due.
    pub reports: usize,
    /// The runs that one process left half done and another took over.
    pub interrupted: usize,
    /// Those of them that are reports of usage.
    pub interrupted_reports: usize,
    /// The runs that are left to a person.
    pub parked: usize,
    /// The attempts that ended because their worker was killed.
    pub broken_off: usize,
    /// What the oracle says against it; nothing if every promise was kept.
    pub broken: Option<String>,
}

impl Day {
    /// Plays the day, and has the oracle look.
    ///
    /// # Errors
    ///
    /// As of [`work`](Self::work). Broken promises are no error.
    pub async fn play(&self) -> Result<Toll> {
        let worked = self.work().await?;
        let toll = self.judge(&worked).await?;
        if toll.broken.is_some() {
            // What it was judged by is there to be looked at.
            let _ = worked.folder.keep();
        }
        Ok(toll)
    }

    /// Plays the day. Processors are killed at random moments, and workers as often where there are some;
    /// then one life without faults ends everything.
    ///
    /// # Errors
    ///
    /// When it cannot be played, or the last life leaves something open that it should not.
    pub async fn work(&self) -> Result<Worked> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let stage = Stage::start().await?;
        stage.vendor.ignore_keys(!self.of.has_keys());
        let mut load = Load::prepare(self.of.work, &stage, self.kills).await?;
        let folder = tempfile::tempdir()?;
        let mut lives: Vec<Option<Life>> = (0..self.of.at_once).map(|_| None).collect();
        let mut workers = 0;
        for kill in 0..self.kills {
            load.ask(&stage, kill).await?;
            self.of.spoil(&stage, &mut random);
            let watch = Watch::set(&stage);
            let is_of_worker = kill % 2 == 1 && self.of.has_workers();
            let mut moment = pin!(self.moment(watch, is_of_worker, random.fork()));
            loop {
                self.start(&stage, folder.path(), &mut lives)?;
                if let Ok(done) = timeout(LOOK_AGAIN, moment.as_mut()).await {
                    break done?;
                }
            }
            match random.choice(lives.iter_mut()) {
                Some(Some(life)) if is_of_worker => {
                    workers += usize::from(life.kill_a_worker(&mut random).await?);
                }
                life => drop(life.and_then(Option::take)),
            }
        }
        drop(lives);
        stage.vendor.clear_faults();
        stage.emulator.faults().clear();
        self.end(&stage, folder.path()).await?;
        Ok(Worked { stage, folder, load, workers })
    }

    /// Starts what does not run.
    fn start(&self, stage: &Stage, folder: &Path, lives: &mut [Option<Life>]) -> Result<()> {
        for life in lives.iter_mut().filter_map(over) {
            *life = Some(Life::start(&mut self.processor(stage, folder)?)?);
        }
        Ok(())
    }

    /// Waits for the moment of a kill. What takes long to start is killed mostly at work, and a worker always: a
    /// runtime whose first worker says nothing ends by itself.
    async fn moment(
        &self,
        watch: Watch<'_>,
        is_of_worker: bool,
        mut random: fastrand::Rng,
    ) -> Result<()> {
        match random.u8(0..8) {
            0 if !is_of_worker => {}
            _ if self.of.has_workers() => watch.call().await?,
            _ => watch.poll().await?,
        }
        tokio::time::sleep(Duration::from_millis(random.u64(20..150))).await;
        Ok(())
    }

    fn processor(&self, stage: &Stage, folder: &Path) -> Result<Command> {
        let mut command = self.of.command(&self.programs, stage, folder)?;
        set_up(&mut command, stage, &journal(folder)).args(["--poll", "50ms"]);
        if self.of.work == Work::Mixed {
            // Trials are reported where they are named.
            command.args(["--usage-day", "1", "--environments", "preview"]);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command)
    }

    /// Carries out what is left.
    async fn end(&self, stage: &Stage, folder: &Path) -> Result<()> {
        let mut last = self.processor(stage, folder)?;
        last.args(["--once", "--patience", "2m"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let last = tokio::task::spawn_blocking(move || last.output()).await??;
        let said = String::from_utf8_lossy(&last.stdout);
        let is_left_to_a_person = !self.of.has_keys() && last.status.code() == Some(3);
        ensure!(
            last.status.success() || is_left_to_a_person,
            "day {}: the last life left something open: {said}",
            self.seed
        );
        Ok(())
    }

    /// Has the oracle judge a day, and looks at what platform and vendor have.
    ///
    /// # Errors
    ///
    /// When a log cannot be read.
    pub async fn judge(&self, worked: &Worked) -> Result<Toll> {
        let Worked { stage, folder, load, workers } = worked;
        let file = journal(folder.path());
        let journal = SqliteJournal::open(&file, SystemClock)?;
        let ids = load.requests(stage).await?;
        let mut evidence = stage.evidence(&journal, &ids).await?;
        load.witness(stage, &mut evidence).await?;
        let mut broken: Vec<String> = judge(&evidence).iter().map(ToString::to_string).collect();
        let parked = parked(&evidence.runs);
        broken.extend(load.wrong(stage, &parked).await?);
        let seen = file.with_file_name("evidence.txt");
        let broken =
            (!broken.is_empty()).then(|| format!("{}; see {}", broken.join("; "), seen.display()));
        if broken.is_some() {
            fs::write(&seen, format!("{evidence:#?}"))?;
            let calls = stage.vendor.calls();
            fs::write(file.with_file_name("vendor.txt"), format!("{calls:#?}"))?;
        }
        let runs = &evidence.runs;
        let interrupted: Vec<_> = runs.iter().filter(|run| was_interrupted(run)).collect();
        let is_report = |run: &&&RunSeen| run.view.id.as_str().starts_with("usage-");
        Ok(Toll {
            of: self.of.name,
            seed: self.seed,
            kills: self.kills,
            workers: *workers,
            requests: ids.len(),
            reports: load.reports(),
            interrupted: interrupted.len(),
            interrupted_reports: interrupted.iter().filter(is_report).count(),
            parked: parked.len(),
            broken_off: runs.iter().map(broken_off).sum(),
            broken,
        })
    }
}

impl Worked {
    /// Returns the file of the journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        journal(self.folder.path())
    }

    /// Returns what platform and vendor have otherwise than they should, once nothing waits for a person.
    ///
    /// # Errors
    ///
    /// When they cannot be asked.
    pub async fn wrong(&self) -> Result<Vec<String>> {
        self.load.wrong(&self.stage, &[]).await
    }
}

/// Returns the place of a life that is over.
fn over(life: &mut Option<Life>) -> Option<&mut Option<Life>> {
    life.as_mut().is_none_or(Life::is_over).then_some(life)
}

/// Returns the runs that are left to a person.
fn parked(runs: &[RunSeen]) -> Vec<&str> {
    let parked = runs.iter().filter(|run| run.view.state == RunState::Parked);
    parked.map(|run| run.view.id.as_str()).collect()
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("journal.sqlite")
}

/// Waits for something, but not for ever.
async fn limit<T>(what: &str, wait: impl Future<Output = Result<T>>) -> Result<T> {
    let waited = tokio::time::timeout(LONGEST, wait).await;
    waited.with_context(|| format!("{what}: not within {LONGEST:?}"))?
}

/// Counts the attempts of a run that ended because their worker was killed.
fn broken_off(run: &RunSeen) -> usize {
    let is_broken_off = |fact: &Fact| match fact {
        Fact::Finished { how: Finish::Retry { why, .. }, .. } => why.contains("signal"),
        _ => false,
    };
    run.history.iter().filter(|event| is_broken_off(&event.fact)).count()
}

/// Tells the program of a processor its platform, its vendor and its journal, and to be quick.
pub fn set_up<'a>(program: &'a mut Command, stage: &Stage, journal: &Path) -> &'a mut Command {
    program
        .args(["--lease", "300ms", "--concurrency", "4"])
        .args(["--endpoint", &stage.emulator.endpoint(), "--vendor-url", &stage.vendor.url()])
        .arg("--journal")
        .arg(journal)
        .env("CONNECT_API_KEY", &stage.emulator.keys().vendor)
        .env("RUST_LOG", "error")
}

/// Gives the vendor and the platform one fault of each kind, after fewer than `skips` calls that it
/// fits, in place of the faults that they had.
pub fn spoil(stage: &Stage, random: &mut fastrand::Rng, skips: u32) {
    stage.vendor.clear_faults();
    stage.emulator.faults().clear();
    if random.bool() {
        // A report reads all its tenants in one go: under all faults it would never come to its file.
        let late = FaultEffect::Delay { millis: 5 };
        stage.vendor.fault(Fault::new(late).on("GET", format!("/tenant/{}*", usage::TENANT)));
    }
    for effect in vendor_faults() {
        stage.vendor.fault(Fault::new(effect).skip(random.u32(0..skips)).times(1));
    }
    stage.vendor.fault(Fault::new(FaultEffect::Delay { millis: 30 }));
    let requests = platform_faults().into_iter().map(|fault| (fault, skips));
    // A report is a few calls.
    let usage = usage_faults().into_iter().map(|fault| (fault, 2));
    for ((method, path, effect), skips) in requests.chain(usage) {
        let fault = PlatformFault::new(effect).on(method, path);
        stage.emulator.faults().add(fault.skip(random.u32(0..skips)).times(1));
    }
}

/// Whether a life ended while it worked on this run, and another took it over.
#[must_use]
pub fn was_interrupted(run: &connect_testing::RunSeen) -> bool {
    run.history.iter().any(|event| matches!(event.fact, Fact::Claimed { took_over: true, .. }))
}
