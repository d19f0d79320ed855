//! Runs the libFuzzer targets of `fuzz/`, which is no part of the workspace.
//!
//! What cargo-fuzz does is done here, so cargo is all that is needed: the compiler counts which branches
//! are taken, with options that stable compilers have, too.

mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::shell::{command, root, say, step, target};
use words::Words;

/// The options that have branches and comparisons counted for libFuzzer.
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// What libFuzzer is told of every run: the memory and the seconds that one input may take, and the length
/// of inputs.
const LIMITS: [&str; 3] = ["-rss_limit_mb=2048", "-timeout=20", "-max_len=4096"];

/// The most inputs of a corpus; a test of `connect-fuzz` counts them.
const MOST_INPUTS: usize = 200;

pub(crate) fn run(words: &[&str]) -> Result<()> {
    let Words { seconds, minimise, targets } = Words::read(words, &all_targets()?)?;
    let programs = build(&targets)?;
    for name in &targets {
        let target = Target::new(name, programs.join(name))?;
        target.search(seconds)?;
        if minimise {
            target.minimise()?;
        }
    }
    Ok(())
}

/// The names of the targets: those of their files.
fn all_targets() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let mut names = Vec::new();
    for file in files {
        let path = file?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort_unstable();
    Ok(names)
}

/// Builds targets, and returns the folder of their programs. That the platform is named keeps the options
/// from build scripts, which would not link with them.
fn build(targets: &[String]) -> Result<PathBuf> {
    let folder = target()?.join("fuzz");
    let platform = platform()?;
    let arguments = ["build", "--manifest-path=fuzz/Cargo.toml", "--release", "--locked"];
    let mut cargo = command("cargo", &arguments);
    cargo.arg("--target").arg(&platform).arg("--target-dir").arg(&folder);
    cargo.args(targets.iter().flat_map(|name| ["--bin", name]));
    step("build", cargo.env("RUSTFLAGS", COVERAGE.join(" ")))?;
    Ok(folder.join(platform).join("release"))
}

/// The platform that the compiler builds for.
fn platform() -> Result<String> {
    let output = command("rustc", &["--print", "host-tuple"]).output()?;
    if !output.status.success() {
        bail!("rustc does not tell what it builds for");
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// A target with its folders.
struct Target<'a> {
    name: &'a str,
    program: PathBuf,
    /// The inputs in the repository.
    corpus: PathBuf,
    /// The inputs that runs on this machine have found.
    found: PathBuf,
    /// What is made of inputs that break a promise.
    artifacts: PathBuf,
}

impl<'a> Target<'a> {
    fn new(name: &'a str, program: PathBuf) -> Result<Self> {
        let corpus = root().join("fuzz/corpus").join(name);
        let artifacts = root().join("fuzz/artifacts").join(name);
        let found = target()?.join("fuzz/found").join(name);
        for folder in [&corpus, &artifacts, &found] {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        Ok(Self { name, program, corpus, found, artifacts })
    }

    fn command(&self) -> Command {
        let mut command = command(&self.program.display().to_string(), &LIMITS);
        command.arg("-verbosity=0").arg(format!("-artifact_prefix={}/", self.artifacts.display()));
        command
    }

    /// Looks for inputs that break a promise, for so many seconds.
    fn search(&self, seconds: u32) -> Result<()> {
        let began = SystemTime::now();
        let mut program = self.command();
        program.arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        let dictionary = root().join("fuzz").join(self.name).with_extension("dict");
        if dictionary.exists() {
            program.arg(format!("-dict={}", dictionary.display()));
        }
        let searched = step(self.name, program.args([&self.found, &self.corpus]));
        let Err(error) = searched else { return Ok(()) };
        let artifacts = files(&self.artifacts)?.into_iter().filter(|file| modified(file) >= began);
        let Some(input) = artifacts.max_by_key(|file| modified(file)) else { return Err(error) };
        let (program, input) = (self.program.display(), input.display());
        bail!("{} breaks a promise on {input}\nonce more: {program} {input}", self.name)
    }

    /// Makes the corpus the fewest inputs that reach the branches which all inputs reach together, but no
    /// more than a corpus has: those that reach most, which libFuzzer writes first.
    fn minimise(&self) -> Result<()> {
        let fewest = self.found.with_extension("fewest");
        if fewest.exists() {
            fs::remove_dir_all(&fewest)?;
        }
        fs::create_dir_all(&fewest)?;
        let mut program = self.command();
        program.args(["-set_cover_merge=1", "-use_counters=0"]);
        program.args([&fewest, &self.corpus, &self.found]);
        step(&format!("{}: minimise", self.name), &mut program)?;
        files(&self.corpus)?.iter().try_for_each(fs::remove_file)?;
        let mut kept = files(&fewest)?;
        kept.sort_by_cached_key(|file| modified(file));
        kept.truncate(MOST_INPUTS);
        for file in &kept {
            fs::copy(file, self.corpus.join(file.file_name().unwrap_or_default()))?;
        }
        say(&format!("── {}: {} inputs", self.name, kept.len()));
        Ok(())
    }
}

/// The files in a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// The time at which a file was last written.
fn modified(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}
