//! How large the programs are, on disk and in memory.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::figure::Figure;
use crate::process::{Process, program};
use crate::processor::acme;

/// Long enough for several polls of an empty list.
const IDLE: Duration = Duration::from_secs(6);

pub(crate) async fn measure() -> Result<Vec<Figure>> {
    let program = fs::metadata(program("cnct")?)?.len() as f64 / 1e6;
    Ok(vec![
        Figure::new("cnct on disk", program, "MB").at_most(25.0),
        Figure::new("idle processor in memory", idle_processor().await?, "MB").at_most(25.0),
        Figure::new("idle `cnct up` in memory", idle_world().await?, "MB"),
    ])
}

async fn idle_processor() -> Result<f64> {
    let (_stage, place) = Process::role(&["stage", "0"])?;
    let mut command = acme(&place)?;
    resident(command.args(["--poll", "1s"])).await
}

async fn idle_world() -> Result<f64> {
    let mut command = Command::new(program("cnct")?);
    resident(command.args(["up", "--port", "0", "--vendor-port", "0"]).stderr(Stdio::null())).await
}

async fn resident(command: &mut Command) -> Result<f64> {
    let process = Process::start(command.stdout(Stdio::null()))?;
    tokio::time::sleep(IDLE).await;
    process.resident()
}
