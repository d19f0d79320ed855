//! A processor in a process of its own, with the processes that it has started.

use std::fs;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::Result;

use super::limit;

/// A process that is killed when dropped.
pub(crate) struct Life(pub(crate) Child);

impl Drop for Life {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Life {
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        Ok(Self(command.spawn()?))
    }

    /// Whether it is over: a runtime ends by itself when its first worker is killed before it has said what it
    /// handles.
    pub(super) fn is_over(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }

    /// Kills one of its workers, once there is one. Returns whether it was there to have one.
    pub(super) async fn kill_a_worker(&mut self, random: &mut fastrand::Rng) -> Result<bool> {
        let id = self.0.id();
        limit("there is a worker to kill", async {
            while !kill_one_below(id, random)? {
                if self.is_over() {
                    return Ok(false);
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Ok(true)
        })
        .await
    }
}

/// Kills one of the processes below one. Returns whether there was one.
///
/// # Errors
///
/// When `kill` cannot be run.
pub fn kill_one_below(id: u32, random: &mut fastrand::Rng) -> Result<bool> {
    let Some(id) = random.choice(below(id)) else { return Ok(false) };
    let killed = Command::new("kill").args(["-9", &id.to_string()]).output()?;
    Ok(killed.status.success())
}

/// Returns the processes that one has started and that run, and those that they have started.
fn below(id: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<u32> =
        children.flat_map(|ids| ids.split(' ').flat_map(str::parse).collect::<Vec<_>>()).collect();
    let running = children.iter().copied().filter(|id| is_running(*id));
    running.chain(children.iter().copied().flat_map(below)).collect()
}

/// Whether a process runs, and is not one that has ended and was not waited for.
fn is_running(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
