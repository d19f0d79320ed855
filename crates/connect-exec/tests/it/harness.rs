//! The programs that tests run, and the platform whose requests they handle.

use std::path::{Path, PathBuf};
use std::process::Command;

use connect_client::{ApiKey, Client};
use connect_emulator::{Config, Running as Emulator};
use connect_exec::CommandLine;
use connect_model::RequestId;
use connect_model::asset_request::NewRequest;
use connect_world::command::RequestCommand;
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a script of these tests, on the Python library.
pub(crate) fn python(script: &str, arguments: &str) -> CommandLine {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
    program(&scripts.join(script), arguments)
}

/// Runs a script of a test's own, on the Python library.
pub(crate) fn python_at(script: &Path) -> CommandLine {
    program(script, "")
}

/// Runs the conformance program of the Python library.
pub(crate) fn python_example() -> CommandLine {
    program(&root().join("examples/python/conformance.py"), "")
}

fn program(script: &Path, arguments: &str) -> CommandLine {
    let library = root().join("python/src");
    let examples = root().join("examples/python");
    let line = format!(
        "env 'PYTHONPATH={}:{}' python3 -B '{}' {arguments}",
        library.display(),
        examples.display(),
        script.display()
    );
    line.parse().unwrap()
}

/// Runs the conformance program of the JavaScript library; nothing where node cannot be had.
pub(crate) fn javascript_example() -> Option<CommandLine> {
    let script = root().join("examples/javascript/conformance.mjs");
    if Command::new("node").arg("--version").output().is_ok() {
        return Some(format!("node '{}'", script.display()).parse().unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "node is missing, so its example cannot be run");
    None
}

/// A platform of a test's own, which listens until it is dropped.
pub(crate) struct Platform(Emulator);

impl Platform {
    pub(crate) async fn start() -> Self {
        Self(connect_emulator::start(Config::default()).await.unwrap())
    }

    /// The vendor's client.
    pub(crate) fn client(&self) -> Client {
        let key = ApiKey::new(&self.0.keys().vendor).unwrap();
        Client::builder(&self.0.endpoint(), key).build().unwrap()
    }

    /// Has a customer buy something. Returns the request.
    pub(crate) async fn purchase(&self) -> RequestId {
        let body = json!(NewRequest::preview_purchase(&self.0.product()).item("MPN-A", 10));
        let vendor = self.0.platform().authenticate(&self.0.keys().vendor).unwrap();
        let applied = self.0.platform().apply(vendor, RequestCommand::Create { body }).await;
        let created: Value = serde_json::from_slice(&applied.unwrap().body).unwrap();
        RequestId::from(created["id"].as_str().unwrap())
    }
}
