//! Worlds that commands talk to: `up`, `emulator` and `vendor` as processes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cnct::{cnct, json, said};

/// A process that serves, and a folder of its own; both are gone when dropped.
pub(crate) struct Serving {
    child: Option<Child>,
    /// What it printed once it answered: the content of the ready file.
    pub(crate) ready: Value,
    folder: TempDir,
}

impl Serving {
    /// Starts `cnct {arguments} --json` in a fresh folder, and reads what it prints when ready.
    pub(crate) fn start(arguments: &str) -> Self {
        Self::start_in(TempDir::new().unwrap(), arguments)
    }

    /// The same with a standard error of the test's own.
    pub(crate) fn start_with_stderr(arguments: &str, stderr: Stdio) -> Self {
        Self::spawn(TempDir::new().unwrap(), arguments, stderr)
    }

    fn start_in(folder: TempDir, arguments: &str) -> Self {
        Self::spawn(folder, arguments, Stdio::piped())
    }

    fn spawn(folder: TempDir, arguments: &str, stderr: Stdio) -> Self {
        let mut child = cnct(arguments)
            .arg("--json")
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let stdout = child.stdout.as_mut().unwrap();
        let ready = serde_json::Deserializer::from_reader(stdout).into_iter().next();
        let ready: Value = match ready {
            Some(ready) => ready.unwrap(),
            None => panic!("{}", said(&child.wait_with_output().unwrap())),
        };
        Self { child: Some(child), ready, folder }
    }

    /// A world whose requests are the test's to decide, with the same ids each time.
    pub(crate) fn without_processor() -> Self {
        Self::start("up --port 0 --vendor-port 0 --no-processor --seed 1 --ready-file ready.json")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that talks to this world.
    pub(crate) fn cnct(&self, arguments: &str) -> Command {
        let mut command = cnct(arguments);
        command.env("CONNECT_READY", self.file("ready.json"));
        command
    }

    /// Runs a command on this world to its end.
    pub(crate) fn run(&self, arguments: &str) -> String {
        said(&self.cnct(arguments).output().unwrap())
    }

    /// Runs a command on this world and reads its JSON.
    pub(crate) fn json(&self, arguments: &str) -> Value {
        json(self.cnct(arguments).arg("--json"))
    }

    /// A pending preview purchase; returns the ids of request and subscription.
    pub(crate) fn purchase(&self) -> (String, String) {
        self.buy("")
    }

    /// A preview purchase that the processor has approved.
    pub(crate) fn approved_purchase(&self) -> (String, String) {
        self.buy("--wait")
    }

    fn buy(&self, wait: &str) -> (String, String) {
        let product = self.ready["product"].as_str().unwrap();
        let create = format!("request create purchase --product {product} --item MPN-A=5 {wait}");
        let request = self.json(&create);
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        (id(&request), id(&request["asset"]))
    }

    /// Makes the emulator misbehave once.
    pub(crate) fn fault(&self, method: &str, path: &str, effect: impl Into<Value>) {
        let effect = effect.into();
        let fault = json!({"on": format!("{method} {path}"), "times": 1, "effect": effect});
        let answer = self.call("platform", "POST /emulator/faults", &fault.to_string());
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }

    /// Makes the vendor fail an operation, until it is stopped.
    pub(crate) fn vendor_fails(&self, operation: &str) {
        let fault = json!({"on": operation, "effect": {"answer": {"status": 503}}});
        let answer = self.call("vendor", "POST /_faults", &fault.to_string());
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }

    /// Every call that the vendor answered, as JSON text.
    pub(crate) fn vendor_calls(&self) -> String {
        self.call("vendor", "GET /_calls", "")
    }

    /// The whole answer of the platform or the vendor to a call of its control endpoints.
    fn call(&self, place: &str, call: &str, body: &str) -> String {
        let url = self.ready[place].as_str().unwrap();
        let host = url.trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "{call} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn stop(&mut self, signal: &str) -> Output {
        let child = self.child.take().unwrap();
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        child.wait_with_output().unwrap()
    }

    /// Stops it and starts it again in the same folder.
    pub(crate) fn restart(self, arguments: &str) -> Self {
        self.restart_after("-TERM", arguments)
    }

    /// Ends it with a signal and starts it again in the same folder.
    pub(crate) fn restart_after(mut self, signal: &str, arguments: &str) -> Self {
        if self.child.is_some() {
            drop(self.stop(signal));
        }
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        Self::start_in(folder, arguments)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            drop(child.kill());
            drop(child.wait());
        }
    }
}
