//! Follows the documentation: runs the commands and the Python that its pages show.
//!
//! The blocks of README.md and docs/*.md are run from top to bottom, those of one page in one shell:
//!
//! * `sh`: commands; `sh exits 5`: the last of them ends with that code.
//! * `sh server`: what a person starts in a terminal of its own and leaves running. It is started in
//!   the background, and the page goes on once port 8080 answers. The next one on the page ends it.
//! * `python`: a program, run where CloudBlue's client is installed.
//!
//! Whatever else a page shows is not checked, and that is said for Rust.

mod page;

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{command, root, say, step, target};
use page::{Block, Kind};

/// The time that a page may take, in seconds: some of its commands wait for what never comes when
/// an earlier one went wrong.
const LIMIT: &str = "1200";

/// The ports of a world that was told nothing.
const PORTS: [u16; 2] = [8080, 8081];

/// What makes a release build quick: pages show what a program does, not how fast.
const QUICK: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// Follows all pages. Says whether none was left out.
pub(crate) fn run() -> Result<bool> {
    let pages = pages()?.iter().map(|page| Page::read(page)).collect::<Result<Vec<_>>>()?;
    let install = ["install", "--quiet", "--locked", "--path", "crates/connect-cli", "--root"];
    step("release build", command("cargo", &install).arg(programs()?).envs(QUICK))?;
    let checked = pages.iter().map(Page::check).collect::<Result<Vec<_>>>()?;
    Ok(checked.into_iter().all(|checked| checked))
}

fn pages() -> Result<Vec<PathBuf>> {
    let mut pages = vec![root().join("README.md")];
    for entry in fs::read_dir(root().join("docs")).context("docs/ cannot be read")? {
        pages.push(entry?.path());
    }
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    Ok(pages)
}

/// Returns the folder where `cargo install` puts `cnct` while the pages are followed.
fn programs() -> Result<PathBuf> {
    Ok(target()?.join("docs"))
}

struct Page {
    name: String,
    blocks: Vec<Block>,
}

impl Page {
    fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        Ok(Self { name, blocks: page::blocks(&text) })
    }

    fn count(&self, kind: Kind) -> usize {
        self.blocks.iter().filter(|block| block.kind == kind).count()
    }

    /// Follows the page, where that can be done.
    fn check(&self) -> Result<bool> {
        if self.count(Kind::Rust) > 0 {
            say(&format!("── {}: its Rust is an excerpt, NOT CHECKED", self.name));
        }
        if self.count(Kind::Rust) == self.blocks.len() {
            return Ok(true);
        }
        match self.environment() {
            Ok(path) => self.follow(&path).map(|()| true),
            Err(error) if std::env::var_os("CI").is_some() => Err(error.context(self.name.clone())),
            Err(error) => {
                say(&format!("── {}: NOT CHECKED, {error:#}", self.name));
                Ok(false)
            }
        }
    }

    /// The folders of programs that the page needs.
    fn environment(&self) -> Result<Vec<PathBuf>> {
        let mut path = vec![programs()?.join("bin")];
        if self.count(Kind::Server) > 0 {
            PORTS.into_iter().try_for_each(free)?;
        }
        if self.count(Kind::Python) > 0 {
            path.push(python()?);
        }
        Ok(path)
    }

    fn follow(&self, path: &[PathBuf]) -> Result<()> {
        let before = std::env::var_os("PATH").unwrap_or_default();
        let path = path.iter().cloned().chain(std::env::split_paths(&before));
        let mut shell = command("timeout", &[LIMIT, "bash", "-c", &page::script(&self.blocks)]);
        shell.env("PATH", std::env::join_paths(path)?).env("CARGO_INSTALL_ROOT", programs()?);
        // Whoever follows a page compiles everybody's crates; here they are compiled already.
        shell.env("CARGO_TARGET_DIR", target()?).envs(QUICK);
        shell.stdout(Stdio::null());
        step(&format!("commands of {}", self.name), &mut shell)
    }
}

/// The pages say what a person types, who needs no other port.
fn free(port: u16) -> Result<()> {
    ensure!(TcpStream::connect(("127.0.0.1", port)).is_err(), "port {port} is taken");
    Ok(())
}

/// The folder with a Python that has CloudBlue's client.
fn python() -> Result<PathBuf> {
    let words = ["run", "--quiet", "--package", "connect-e2e", "--bin", "python-client"];
    let output = command("cargo", &words).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("CloudBlue's Python client cannot be installed");
    }
    let interpreter = String::from_utf8(output.stdout)?;
    let folder = Path::new(interpreter.trim()).parent().context("Python is in a folder")?;
    Ok(folder.to_owned())
}
