//! The Python package as its users have it: built, installed where no Rust is, and tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::memory::{Memory, within};
use crate::shell::{command, root, say, step, target};

/// What builds the wheel.
const BUILDER: &str = "maturin==1.16.0";
/// What its tests need.
const TESTS: &str = "pytest==8.4.2";

/// A test as a user writes it, in six lines.
const TEST: &str = r#"def test_a_subscription_is_resumed(connect_world):
    world, asset = connect_world, connect_world.purchase().asset
    world.run("handlers.py")
    world.suspend(asset), world.run("handlers.py")
    world.resume(asset), world.run("handlers.py")
    assert world.asset(asset)["status"] == "active"
"#;

/// Builds the wheel, installs it into an environment of its own, and has the program and the tests run
/// there, with their temporary files in memory where that can be.
pub(crate) fn run(memory: Option<&Memory>) -> Result<()> {
    let target = target()?;
    let builder = environment(&target.join("wheel-builder"), BUILDER)?;
    let out = target.join("wheel");
    let _ = fs::remove_dir_all(&out);
    let mut build = Command::new(builder.join("maturin"));
    build.args(["build", "--profile", "dev", "--strip", "--quiet", "--out"]).arg(&out);
    build.arg("--target-dir").arg(&target).current_dir(root().join("python"));
    step("wheel", &mut build)?;

    let folder = target.join("wheel-user");
    let _ = fs::remove_dir_all(&folder);
    let bin = environment(&folder, TESTS)?;
    let began = Instant::now();
    let wheel = wheel(&out)?;
    step("pip install", Command::new(bin.join("pip")).args(["install", "-q"]).arg(wheel))?;
    step("cnct demo", &mut alone("cnct", &bin, &["demo"]))?;
    let own = folder.join("own");
    fs::create_dir(&own)?;
    for file in ["handlers.py", "acme.py"] {
        fs::copy(root().join("examples/python").join(file), own.join(file))?;
    }
    fs::write(own.join("test_resume.py"), TEST)?;
    step("pytest of six lines", alone("pytest", &bin, &["-q"]).current_dir(&own))?;
    let took = began.elapsed().as_secs_f64();
    say(&format!("── from pip install to a resumed subscription: {took:.1} s"));
    let folders = ["-q", "python/tests", "examples/python"];
    step("tests in Python", within(memory, &mut alone("pytest", &bin, &folders)))
}

/// Makes an environment that has a package, unless it is there; returns where its programs are.
fn environment(folder: &Path, package: &str) -> Result<PathBuf> {
    let (bin, done) = (folder.join("bin"), folder.join("installed"));
    if fs::read_to_string(&done).is_ok_and(|installed| installed == package) {
        return Ok(bin);
    }
    let _ = fs::remove_dir_all(folder);
    let venv = ["-m", "venv"];
    step("python environment", command("python3", &venv).arg(folder))?;
    step(package, Command::new(bin.join("pip")).args(["install", "-q", package]))?;
    fs::write(done, package)?;
    Ok(bin)
}

/// A program of an environment, which finds nothing but that and the system's: no Rust.
fn alone(program: &str, bin: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(bin.join(program));
    command.args(arguments).current_dir(root());
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display())).env_remove("PYTHONPATH");
    command
}

fn wheel(folder: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    files.find(|file| file.extension().is_some_and(|it| it == "whl")).context("there is no wheel")
}
