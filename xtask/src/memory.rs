//! A place in memory for what tests write: they kill programs, not machines, and most of the time of
//! journals on a disk is waiting for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{command, works};

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// The megabytes that have to be free there; the tests take a small part of them.
const ROOM: u64 = 2048;

/// A folder in memory, gone when dropped.
pub(crate) struct Memory(PathBuf);

impl Memory {
    /// Makes one, where there is room and programs may be run from it.
    pub(crate) fn folder() -> Option<Self> {
        if free()? < ROOM {
            return None;
        }
        let folder = Path::new(MEMORY).join(format!("xtask-{}", std::process::id()));
        fs::create_dir(&folder).ok()?;
        let memory = Self(folder);
        memory.runs_programs().then_some(memory)
    }

    /// Some mount it so that nothing can be run from there, and tests run scripts that they write.
    fn runs_programs(&self) -> bool {
        let program = self.0.join("program");
        let is_copied = fs::copy("/bin/true", &program).is_ok();
        is_copied && program.to_str().is_some_and(|program| works(program, &[]))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // What is left there is nobody's loss but memory's, until the machine is started again.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Has a program put its temporary files into memory, where that can be done.
pub(crate) fn within<'a>(memory: Option<&Memory>, command: &'a mut Command) -> &'a mut Command {
    match memory {
        Some(Memory(folder)) => command.env("TMPDIR", folder),
        None => command,
    }
}

/// The free megabytes in memory.
fn free() -> Option<u64> {
    let output = command("df", &["--output=avail", "--block-size=1M", MEMORY]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.lines().last()?.trim().parse().ok()
}
