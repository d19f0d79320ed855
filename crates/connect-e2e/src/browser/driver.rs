//! ChromeDriver, the program between a test and Chromium.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

/// The remedy when there is no browser.
pub(super) const MISSING: &str = "the browser tests need Chromium and its driver: run \
    `cargo xtask test`, or install the packages chromium and chromium-driver";

/// The time that Chromium may take to end.
const LIMIT: Duration = Duration::from_secs(10);

/// A driver with a port and a profile folder of its own.
pub(super) struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
    // Held open: a program whose output nobody can read any more ends.
    _output: BufReader<ChildStdout>,
}

/// The number of times a driver is started that does not find a port.
const TRIES: usize = 5;

impl Driver {
    /// A driver at a free port. It takes one that is free in IPv6 and ends when somebody has the
    /// same in IPv4; the next one finds another.
    pub(super) fn start() -> Result<Self> {
        let has_no_port = |error: &anyhow::Error| error.to_string().contains("port not available");
        for _ in 1..TRIES {
            match Self::start_once() {
                Err(error) if has_no_port(&error) => {}
                started => return started,
            }
        }
        Self::start_once()
    }

    fn start_once() -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context(MISSING)?;
        let output = process.stdout.take().context("the driver's output is piped")?;
        let mut output = BufReader::new(output);
        match port(&mut output) {
            Ok(port) => Ok(Self { process, port, profile, _output: output }),
            Err(error) => {
                let _ = process.kill();
                let _ = process.wait();
                Err(error)
            }
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the folder where the browser keeps what it has to.
    pub(super) fn profile(&self) -> &Path {
        self.profile.path()
    }

    fn end_browsers(&self) -> io::Result<()> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut line = TcpStream::connect_timeout(&address, LIMIT)?;
        line.set_read_timeout(Some(LIMIT))?;
        let host = format!("Host: {address}\r\nConnection: close\r\n\r\n");
        write!(line, "GET /shutdown HTTP/1.1\r\n{host}")?;
        line.read_to_end(&mut Vec::new()).map(drop)
    }
}

/// Ends the browsers it has started, then the driver. Works without a runtime, so also while a
/// failed test unwinds.
impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that does not answer is ended all the same.
        let _ = self.end_browsers();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The driver says which port it has found.
fn port(output: &mut impl BufRead) -> Result<u16> {
    let mut said = String::new();
    while output.read_line(&mut said)? > 0 {
        if let Some((_, rest)) = said.split_once("successfully on port ") {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return Ok(digits.parse()?);
        }
    }
    anyhow::bail!("chromedriver did not start: {said}")
}
