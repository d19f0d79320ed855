//! A worker's process, from its start to its end.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};

use crate::command::Channel;
use crate::error::StartError;
use crate::launch::Launch;

/// How long a process that is told to end may take, before it is killed.
const GRACE: Duration = Duration::from_secs(1);
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// A process, and those that it has started, which share a group. It is told to end when this is dropped,
/// and killed if it does not; what it has started is killed when it has ended.
pub(crate) struct Process(Mutex<Leader>);

/// The process that was started. It is waited for here alone: until then its number, which is its group's,
/// cannot be another's.
struct Leader {
    child: Child,
    /// How it ended, once it has been waited for.
    ended: Option<ExitStatus>,
    /// When it was first told to end.
    told: Option<Instant>,
}

/// What a process reads and prints.
pub(crate) struct Streams {
    /// For messages to it.
    pub(crate) to: Box<dyn AsyncWrite + Send + Sync + Unpin>,
    /// For messages of its.
    pub(crate) from: Box<dyn AsyncRead + Send + Unpin>,
    /// What is for the log.
    pub(crate) logs: Vec<Box<dyn AsyncRead + Send + Unpin>>,
}

impl Process {
    /// Starts a program.
    pub(crate) fn start(launch: &Launch) -> Result<(Self, Streams), StartError> {
        let Launch { line, channel, variables, .. } = launch;
        let mut command = Command::new(&line.program);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command
            .args(&line.arguments)
            .env("CONNECT_CHANNEL", channel.as_str())
            // A key that ends the runtime, as on a terminal, is not for its workers: they still have work.
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let started = match channel {
            Channel::Stdio => Self::over_pipes(command),
            Channel::Socket => Self::over_socket(command),
        };
        started.map_err(|source| StartError::Program { program: line.program.clone(), source })
    }

    fn over_pipes(mut command: Command) -> io::Result<(Self, Streams)> {
        let mut child = command.stdin(Stdio::piped()).spawn()?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        let logs = vec![stderr(&mut child)?];
        let (to, from) = (to.ok_or_else(no_pipe)?, from.ok_or_else(no_pipe)?);
        let (to, from) = (ChildStdin::from_std(to)?, ChildStdout::from_std(from)?);
        Ok((Self::of(child), Streams { to: Box::new(to), from: Box::new(from), logs }))
    }

    fn over_socket(mut command: Command) -> io::Result<(Self, Streams)> {
        let (ours, theirs) = StdUnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let (from, to) = UnixStream::from_std(ours)?.into_split();
        let mut child = command.stdin(OwnedFd::from(theirs)).spawn()?;
        let stdout = ChildStdout::from_std(child.stdout.take().ok_or_else(no_pipe)?)?;
        let logs = vec![stderr(&mut child)?, Box::new(stdout)];
        Ok((Self::of(child), Streams { to: Box::new(to), from: Box::new(from), logs }))
    }

    fn of(child: Child) -> Self {
        Self(Mutex::new(Leader { child, ended: None, told: None }))
    }

    /// Tells it, and those that it has started, to end.
    pub(crate) fn tell_to_end(&self) {
        let mut leader = self.lock();
        leader.told.get_or_insert_with(Instant::now);
        leader.signal(Signal::TERM);
    }

    /// Kills it, and those that it has started.
    pub(crate) fn kill(&self) {
        self.lock().signal(Signal::KILL);
    }

    /// Returns how it ended, if it has.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        self.lock().ended()
    }

    /// Returns whether its time to end is over. Those that are told together have the same time.
    fn is_too_late(&self) -> bool {
        self.lock().told.is_none_or(|told| told.elapsed() >= GRACE)
    }

    fn lock(&self) -> MutexGuard<'_, Leader> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.tell_to_end();
        while self.ended().is_none() && !self.is_too_late() {
            thread::sleep(LOOK_AGAIN);
        }
        self.kill();
        // It is gone at once, and would be left for its parent to be read.
        let _ = self.lock().child.wait();
    }
}

impl Leader {
    /// Returns how it ended, if it has. Those that it has started end with it: they are killed before it is
    /// waited for, as long as the group has its number.
    fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() && self.is_there() == Some(false) {
            self.signal_group(Signal::KILL);
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended
    }

    /// Sends a signal to it and its group, unless it has ended.
    fn signal(&mut self, signal: Signal) {
        if self.ended().is_none() && self.is_there() == Some(true) {
            self.signal_group(signal);
        }
    }

    /// Looks whether it goes on, and does not wait for it. Nobody knows when somebody else has.
    fn is_there(&self) -> Option<bool> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let ended = waitid(WaitId::Pid(self.number()?), look).ok()?;
        Some(ended.is_none())
    }

    fn signal_group(&self, signal: Signal) {
        if let Some(group) = self.number() {
            // All of it may just have ended.
            let _ = kill_process_group(group, signal);
        }
    }

    fn number(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }
}

fn stderr(child: &mut Child) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
    let stderr = child.stderr.take().ok_or_else(no_pipe)?;
    Ok(Box::new(ChildStderr::from_std(stderr)?))
}

fn no_pipe() -> io::Error {
    io::Error::other("the process has no pipe that it was to have")
}
