//! The size of the programs, on disk and in memory.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::figure::Figure;
use crate::process::Process;
use crate::processor::acme;
use crate::programs::Programs;

/// A time long enough for several polls of an empty list.
const IDLE: Duration = Duration::from_secs(6);

/// A turn of a comparison is the same: nothing here needs to be repeated to be exact.
pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let disk = fs::metadata(programs.path("cnct"))?.len() as f64 / 1e6;
    let (_stage, place) = programs.serve(&["stage", "0"])?;
    let processor = quiet(acme(programs, &place)?.args(["--poll", "1s"]))?;
    let up = ["up", "--port", "0", "--vendor-port", "0"];
    let world = quiet(programs.command("cnct").args(up).stderr(Stdio::null()))?;
    tokio::time::sleep(IDLE).await;
    Ok(vec![
        Figure::new("cnct on disk", disk, "MB").at_most(25.0),
        Figure::new("idle processor in memory", processor.resident()?, "MB").at_most(25.0),
        Figure::new("idle `cnct up` in memory", world.resident()?, "MB"),
    ])
}

fn quiet(command: &mut Command) -> Result<Process> {
    Process::start(command.stdout(Stdio::null()))
}
