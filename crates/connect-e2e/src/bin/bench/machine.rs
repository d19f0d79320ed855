//! The machine that a figure was measured on: without it a figure says nothing.

use std::fmt;
use std::fs;
use std::thread::available_parallelism;

use anyhow::{Context, Result};

pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory: u64,
    kernel: String,
}

impl Machine {
    pub(crate) fn here() -> Result<Self> {
        let kernel = read("/proc/sys/kernel/osrelease")?.trim().to_owned();
        let memory = field(&read("/proc/meminfo")?, "MemTotal")?;
        let kilobytes: u64 = memory.trim_end_matches(" kB").parse()?;
        Ok(Self {
            processor: field(&read("/proc/cpuinfo")?, "model name")?,
            cores: available_parallelism()?.get(),
            memory: kilobytes / 1_000_000,
            kernel,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory, kernel } = self;
        writeln!(f, "{processor}, {cores} cores, {memory} GB, Linux {kernel}")
    }
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{path} cannot be read: this needs Linux"))
}

/// The value of the first `name: value` line of a file below `/proc`.
pub(crate) fn field(text: &str, name: &str) -> Result<String> {
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    let found = pairs.find(|(key, _)| key.trim() == name);
    let (_, value) = found.with_context(|| format!("the system does not say `{name}`"))?;
    Ok(value.trim().to_owned())
}
