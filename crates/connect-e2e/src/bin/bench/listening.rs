//! A processor that listens, and tells its numbers.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use tokio::net::TcpStream;

use crate::patience::until;
use crate::process::Process;

/// A running processor, and the base address at which others may call it.
pub(crate) struct Listening {
    pub(crate) process: Process,
    pub(crate) url: String,
}

impl Listening {
    /// Starts a processor on a free port, and returns once it listens.
    pub(crate) async fn start(mut command: Command) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        command.args(["--listen", &address]).stdout(Stdio::null());
        let process = Process::start(&mut command)?;
        let listens = async || TcpStream::connect(&address).await.ok();
        until("the processor does not listen", listens).await?;
        Ok(Self { process, url: format!("http://{address}") })
    }

    /// Reads a number that it tells at `GET /metrics`, by its name and labels; 0 when it does not.
    pub(crate) async fn metric(&self, name: &str) -> Result<f64> {
        let text = reqwest::get(format!("{}/metrics", self.url)).await?.error_for_status()?;
        let text = text.text().await?;
        let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = values.next().unwrap_or("0");
        value.trim().parse().with_context(|| format!("{name} is no number: {value}"))
    }
}
