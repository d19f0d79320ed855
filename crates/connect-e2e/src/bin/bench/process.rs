//! Programs under measurement, and what the kernel says of them.

use std::env::current_exe;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::machine;
use crate::role::Place;

/// A running program, ended when dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let started = command.spawn();
        Ok(Self(started.with_context(|| format!("{command:?} cannot be started"))?))
    }

    /// This program again, in a role; it comes back once the role can be reached.
    pub(crate) fn role(arguments: &[&str]) -> Result<(Self, Place)> {
        let mut command = role(arguments)?;
        let mut process = Self::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let output = process.0.stdout.take().context("the output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let place = serde_json::from_str(&line)
            .with_context(|| format!("{command:?} ended before it could be reached"))?;
        Ok((process, place))
    }

    /// Waits for a good end.
    pub(crate) fn wait(mut self) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "a measured program ended with {status}");
        Ok(())
    }

    /// The memory it has in RAM now, in MB.
    pub(crate) fn resident(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let kilobytes: f64 = machine::field(&text, "VmRSS")?.trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How to start this program in a role.
pub(crate) fn role(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(current_exe()?);
    command.arg("role").args(arguments);
    Ok(command)
}

/// A program that was built together with this one.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let path = current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is not built: run `cargo xtask bench`", path.display());
    Ok(path)
}

/// Cargo's target directory.
pub(crate) fn target() -> Result<PathBuf> {
    let exe = current_exe()?;
    let target = exe.parent().and_then(Path::parent);
    Ok(target.context("the program is in a target directory")?.to_owned())
}

/// An empty folder on the disk that the target directory is on.
pub(crate) fn fresh_folder(name: &str) -> Result<PathBuf> {
    let folder = target()?.join("bench").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The time that the children waited for so far have spent on processors, for themselves and in
/// the kernel.
pub(crate) fn time_of_children() -> Result<Duration> {
    let text = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in parentheses, may hold spaces.
    let (_, numbers) = text.rsplit_once(')').context("/proc/self/stat names the program")?;
    // cutime and cstime are the 16th and 17th field (proc_pid_stat(5)), this is the 3rd onwards.
    let fields = numbers.split_whitespace().skip(13).take(2);
    let ticks: u64 = fields.map(str::parse::<u64>).sum::<Result<_, _>>()?;
    // Linux counts in hundredths of a second here, whatever its own timer does.
    Ok(Duration::from_millis(ticks * 10))
}
