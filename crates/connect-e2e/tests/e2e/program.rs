//! The real Acme program, in a process of its own.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use connect_e2e::kills::set_up;
use connect_e2e::{Language, Project, Stage};

/// How to start the program.
pub(crate) struct Program {
    command: Command,
    poll: &'static str,
}

/// The program at work; ended when dropped.
pub(crate) struct Life(Child);

impl Program {
    /// The program, with this stage's platform and vendor.
    pub(crate) fn new(stage: &Stage, journal: &Path) -> Self {
        Self::with(Command::new(env!("CARGO_BIN_EXE_acme-under-test")), stage, journal)
    }

    /// The same with its handlers in a language.
    pub(crate) fn in_language(language: Language, stage: &Stage, journal: &Path) -> Self {
        let Some(workers) = language.workers() else { return Self::new(stage, journal) };
        let mut command = Command::new(env!("CARGO_BIN_EXE_workers-under-test"));
        command.args(["--exec", &workers]);
        Self::with(command, stage, journal)
    }

    /// A project of the Python template, whose vendor honours keys.
    pub(crate) fn of_template(project: &Project, stage: &Stage, journal: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workers-under-test"));
        command.arg("--template").arg(&project.folder).arg("--python").arg(&project.python);
        command.arg("--template-keys").arg(format!("{}=Idempotency-Key", stage.vendor.url()));
        Self::with(command, stage, journal)
    }

    /// The program of a platform at another address, with its key in a file.
    pub(crate) fn with_key_file(stage: &Stage, endpoint: &str, key: &Path, journal: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_acme-under-test"));
        command.args(["--endpoint", endpoint, "--vendor-url", &stage.vendor.url()]);
        command.arg("--api-key-file").arg(key).arg("--journal").arg(journal);
        command.env_remove("CONNECT_API_KEY");
        Self { command, poll: "50ms" }
    }

    /// The same with its files limited to this many kilobytes, as by a full disk: writing more
    /// fails. The shell ignores the signal that would otherwise end the program.
    pub(crate) fn with_little_disk(stage: &Stage, journal: &Path, kilobytes: u32) -> Self {
        let limit = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("bash");
        shell.args(["-c", &limit, env!("CARGO_BIN_EXE_acme-under-test")]);
        Self::with(shell, stage, journal)
    }

    fn with(mut command: Command, stage: &Stage, journal: &Path) -> Self {
        set_up(&mut command, stage, journal);
        Self { command, poll: "50ms" }
    }

    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// The same looking for requests this often.
    pub(crate) fn poll(self, poll: &'static str) -> Self {
        Self { poll, ..self }
    }

    /// The same with this much in its log.
    pub(crate) fn log(mut self, level: &str) -> Self {
        self.command.env("RUST_LOG", level);
        self
    }

    /// The same with its log in a file.
    pub(crate) fn log_in(mut self, file: File) -> Self {
        self.command.env("RUST_LOG", "info").stderr(file);
        self
    }

    /// The same with a log that nothing can be written to, as on a full disk.
    pub(crate) fn without_log(mut self) -> Self {
        let full = File::options().write(true).open("/dev/full").unwrap();
        self.command.env("RUST_LOG", "debug").stderr(full);
        self
    }

    /// Starts it.
    pub(crate) fn start(self) -> Life {
        Life(self.complete().spawn().unwrap())
    }

    /// Runs it to its end.
    pub(crate) async fn run(self) -> Output {
        let mut command = self.complete();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
    }

    fn complete(self) -> Command {
        let Self { mut command, poll } = self;
        command.args(["--poll", poll]);
        command
    }
}

impl Life {
    /// Returns the processes that it has started.
    pub(crate) fn children(&self) -> Vec<u32> {
        let id = self.0.id();
        let tasks = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
        let children =
            tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
        children.flat_map(|ids| ids.split(' ').flat_map(str::parse).collect::<Vec<_>>()).collect()
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// Waits for its own end.
    pub(crate) fn end(&mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
