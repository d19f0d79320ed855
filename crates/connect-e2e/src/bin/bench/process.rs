//! Programs under measurement, and what the kernel says of them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;

use crate::machine;

/// A running program, ended when dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let started = command.spawn();
        Ok(Self(started.with_context(|| format!("{command:?} cannot be started"))?))
    }

    /// Starts a program that says one thing on its first line, such as the [place](crate::place::Place)
    /// where it can be reached, and waits for that.
    pub(crate) fn serve<T: DeserializeOwned>(command: &mut Command) -> Result<(Self, T)> {
        let mut process = Self::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let output = process.0.stdout.take().context("the output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let said = serde_json::from_str(&line)
            .with_context(|| format!("{command:?} ended before it said what it was to say"))?;
        Ok((process, said))
    }

    /// Waits for a good end.
    pub(crate) fn wait(mut self) -> Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "a measured program ended with {status}");
        Ok(())
    }

    /// The time it has spent on processors so far, for itself and in the kernel.
    pub(crate) fn busy(&self) -> Result<Duration> {
        // utime and stime are the 14th and 15th field (proc_pid_stat(5)).
        times(&format!("/proc/{}/stat", self.0.id()), 14)
    }

    /// The memory it has in RAM now, in MB.
    pub(crate) fn resident(&self) -> Result<f64> {
        self.memory("VmRSS")
    }

    /// The most memory it has had in RAM, in MB.
    pub(crate) fn peak(&self) -> Result<f64> {
        self.memory("VmHWM")
    }

    fn memory(&self, field: &str) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let kilobytes: f64 = machine::field(&text, field)?.trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The time that the children waited for so far have spent on processors, for themselves and in
/// the kernel.
pub(crate) fn time_of_children() -> Result<Duration> {
    // cutime and cstime are the 16th and 17th field (proc_pid_stat(5)).
    times("/proc/self/stat", 16)
}

/// Adds two fields of a process's times.
fn times(stat: &str, first: usize) -> Result<Duration> {
    let text = fs::read_to_string(stat)?;
    // The name of the program, in parentheses, may hold spaces; what follows is the 3rd field.
    let (_, numbers) = text.rsplit_once(')').context("the kernel names the program")?;
    let fields = numbers.split_whitespace().skip(first - 3).take(2);
    let ticks: u64 = fields.map(str::parse::<u64>).sum::<Result<_, _>>()?;
    // Linux counts in hundredths of a second here, whatever its own timer does.
    Ok(Duration::from_millis(ticks * 10))
}
