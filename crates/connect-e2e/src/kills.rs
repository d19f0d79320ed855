//! Two real processors on one journal are killed again and again, with all faults on.

mod faults;
mod load;
mod usage;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};
use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_emulator::fault::Fault as PlatformFault;
use connect_journal::{Fact, SqliteJournal};
use connect_testing::{RunSeen, judge};
use serde::Serialize;

use self::faults::{platform_faults, usage_faults, vendor_faults};
use self::load::Load;
use crate::Stage;

/// A day of two processors, from a new platform to the oracle's judgement.
pub struct Day {
    /// The program of Acme's processor.
    pub program: PathBuf,
    /// The number that the moments of the kills and the faults are drawn by.
    pub seed: u64,
    /// The number of kills.
    pub kills: usize,
}

/// What a day came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Toll {
    /// The number that the day was drawn by.
    pub seed: u64,
    /// The processes that were killed.
    pub kills: usize,
    /// The requests that there were, of all families.
    pub requests: usize,
    /// The reports of usage that were due.
    pub reports: usize,
    /// The runs that one process left half done and another took over.
    pub interrupted: usize,
    /// Those of them that are reports of usage.
    pub interrupted_reports: usize,
    /// What the oracle says against it; nothing if every promise was kept.
    pub broken: Option<String>,
}

/// A process that is killed when dropped.
pub(crate) struct Life(pub(crate) Child);

impl Drop for Life {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Day {
    /// Plays the day. The processors are killed at random moments, one of the two each time; then one
    /// life without faults ends everything, and the oracle looks.
    ///
    /// # Errors
    ///
    /// When it cannot be played, or the last life leaves something open. Broken promises are no error.
    pub async fn play(&self) -> Result<Toll> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let stage = Stage::start().await?;
        let mut load = Load::prepare(&stage, self.kills + 4).await?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("journal.sqlite");
        let mut lives: [Option<Life>; 2] = [None, None];
        for kill in 0..self.kills {
            load.ask(&stage, kill).await?;
            spoil(&stage, &mut random, 6);
            for life in lives.iter_mut().filter(|life| life.is_none()) {
                *life = Some(Life(self.processor(&stage, &file).spawn()?));
            }
            tokio::time::sleep(Duration::from_millis(random.u64(20..150))).await;
            lives[random.usize(0..2)] = None;
        }
        drop(lives);
        stage.vendor.clear_faults();
        stage.emulator.faults().clear();
        self.end(&stage, &file).await?;
        let toll = self.judge(&stage, &file, &load).await?;
        if toll.broken.is_some() {
            // What it was judged by is there to be looked at.
            let _ = folder.keep();
        }
        Ok(toll)
    }

    fn processor(&self, stage: &Stage, journal: &Path) -> Command {
        let mut command = Command::new(&self.program);
        set_up(&mut command, stage, journal).args(["--poll", "50ms", "--usage-day", "1"]);
        // Trials are reported where they are named.
        command.args(["--environments", "preview"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Carries out what is left.
    async fn end(&self, stage: &Stage, journal: &Path) -> Result<()> {
        let mut last = self.processor(stage, journal);
        last.args(["--once", "--patience", "2m"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let last = tokio::task::spawn_blocking(move || last.output()).await??;
        let said = String::from_utf8_lossy(&last.stdout);
        ensure!(
            last.status.success(),
            "day {}: the last life left something open: {said}",
            self.seed
        );
        Ok(())
    }

    async fn judge(&self, stage: &Stage, file: &Path, load: &Load) -> Result<Toll> {
        let journal = SqliteJournal::open(file, SystemClock)?;
        let ids = load.requests(stage).await?;
        let mut evidence = stage.evidence(&journal, &ids).await?;
        load.usage.witness(stage, &mut evidence).await?;
        let mut broken: Vec<String> = judge(&evidence).iter().map(ToString::to_string).collect();
        broken.extend(load.usage.wrong(stage).await?);
        let seen = file.with_file_name("evidence.txt");
        let broken =
            (!broken.is_empty()).then(|| format!("{}; see {}", broken.join("; "), seen.display()));
        if broken.is_some() {
            fs::write(&seen, format!("{evidence:#?}"))?;
            let calls = stage.vendor.calls();
            fs::write(file.with_file_name("vendor.txt"), format!("{calls:#?}"))?;
        }
        let runs = connect_testing::runs(&journal).await?;
        let interrupted: Vec<_> = runs.iter().filter(|run| was_interrupted(run)).collect();
        let is_report = |run: &&&RunSeen| run.view.id.as_str().starts_with("usage-");
        Ok(Toll {
            seed: self.seed,
            kills: self.kills,
            requests: ids.len(),
            reports: load.usage.count(),
            interrupted: interrupted.len(),
            interrupted_reports: interrupted.iter().filter(is_report).count(),
            broken,
        })
    }
}

/// Tells the program of Acme's processor its platform, its vendor and its journal, and to be quick.
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
