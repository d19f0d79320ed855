//! Requests per second of a project of CloudBlue's Python template: under the runtime, and by itself.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;
use connect_e2e::Project;

use crate::figure::Figure;
use crate::place::Place;
use crate::process::Process;
use crate::processor::{Contender, Race, Task, place_program, race};
use crate::programs::{Programs, target};

/// How many requests are handled at the same time.
const AT_ONCE: &str = "16";
const REQUESTS: usize = 1_000;
/// As many as the project finds in one pass by itself, whose list moves while it is walked.
const REQUESTS_ALONE: usize = 100;
const DELAYS: [u64; 3] = [0, 20, 100];
/// A time long enough for several polls of an empty list.
const IDLE: Duration = Duration::from_secs(6);

/// How the runtime runs the project.
#[derive(Clone, Copy)]
enum Way {
    Forks,
    Reuse,
}

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for millis in DELAYS {
        figures.extend(at(programs, millis).await?);
    }
    let memory = idle(programs)?;
    figures.push(Figure::new("idle runtime in memory, workers apart", memory, "MB").at_most(25.0));
    Ok(figures)
}

async fn at(programs: &Programs, millis: u64) -> Result<[Figure; 5]> {
    let delay = Duration::from_millis(millis);
    let under = async |way| {
        let contender = Contender::Other(Box::new(move |programs, place| {
            runtime(programs, place, way, &["--once"])
        }));
        race(programs, contender, Task { requests: REQUESTS, delay }).await
    };
    let (forks, reuse) = (under(Way::Forks).await?, under(Way::Reuse).await?);
    let contender = Contender::Other(Box::new(alone));
    let alone = race(programs, contender, Task { requests: REQUESTS_ALONE, delay }).await?;
    Ok(rows(millis, &forks, &reuse, &alone))
}

fn rows(millis: u64, forks: &Race, reuse: &Race, alone: &Race) -> [Figure; 5] {
    let rate = |what: &str, race: &Race| {
        Figure::new(format!("{what} at {millis} ms"), race.rate(), "requests/s")
    };
    let ratio = |what: &str, race: &Race| {
        Figure::new(format!("{what} : alone at {millis} ms"), race.rate() / alone.rate(), "×")
    };
    let of_reuse = ratio("with reused workers", reuse);
    let of_forks = ratio("with forks", forks);
    [
        rate("with forks", forks),
        rate("with reused workers", reuse),
        rate("the project alone", alone),
        if millis == 20 { of_forks.at_least(4.0) } else { of_forks },
        of_reuse.at_least(if millis == 0 { 1.5 } else { 5.0 }),
    ]
}

/// The project, that of all tests, written for a stage.
fn project(programs: &Programs, place: &Place) -> Result<Project> {
    let folder = programs.fresh_folder("project")?.join("project");
    Project::write(&folder, (&place.vendor, &place.product), &target()?.join("tmp"))
}

fn runtime(programs: &Programs, place: &Place, way: Way, more: &[&str]) -> Result<Command> {
    let project = project(programs, place)?.with_keys();
    let mut command = programs.command("cnct");
    project
        .arguments(command.arg("run"))
        .args(["--exec-workers", AT_ONCE, "--concurrency", AT_ONCE])
        .args(matches!(way, Way::Reuse).then_some("--template-reuse"))
        .args(more);
    place_program(&mut command, place, &programs.fresh_folder("template")?)?;
    Ok(command)
}

fn alone(programs: &Programs, place: &Place) -> Result<Command> {
    let mut command = project(programs, place)?.alone(&place.endpoint(), &place.key)?;
    command.stdout(Stdio::null());
    Ok(command)
}

/// The memory of the runtime while nothing is pending, in MB.
fn idle(programs: &Programs) -> Result<f64> {
    let (_stage, place): (_, Place) = Programs::here()?.serve(&["stage", "0", "0"])?;
    let mut command = runtime(programs, &place, Way::Forks, &["--poll", "1s"])?;
    let process = Process::start(command.stdout(Stdio::null()))?;
    std::thread::sleep(IDLE);
    process.resident()
}
