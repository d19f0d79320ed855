//! The real Acme program, in a process of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use connect_e2e::kills::{kill_one_below, set_up};
use connect_e2e::{Language, Project, Stage};

/// The folder of the programs under test.
pub(crate) fn programs() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_workers-under-test"));
    program.parent().unwrap().to_owned()
}

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
        Self::with(language.program(&programs()), stage, journal)
    }

    /// The same with the handlers of a script in Python, which may use what the examples have.
    pub(crate) fn of_script(script: &Path, stage: &Stage, journal: &Path) -> Self {
        let file = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        let workers = format!(
            "env PYTHONPATH='{}:{}' python3 -B '{}'",
            file("python/src").display(),
            file("examples/python").display(),
            script.display()
        );
        let mut command = Command::new(programs().join("workers-under-test"));
        command.args(["--exec", &workers]);
        Self::with(command, stage, journal)
    }

    /// A project of the Python template.
    pub(crate) fn of_template(project: &Project, stage: &Stage, journal: &Path) -> Self {
        Self::with(project.program(&programs()), stage, journal)
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
    /// Kills one of its workers. Returns whether there was one.
    pub(crate) fn kill_a_worker(&self, random: &mut fastrand::Rng) -> bool {
        kill_one_below(self.0.id(), random).unwrap()
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
