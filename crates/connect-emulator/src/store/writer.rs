//! The thread that writes.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use rusqlite::{Connection, params};
use tokio::sync::{broadcast, oneshot};

use super::open::Opened;
use crate::world::{Event, Write, Writes};

/// Commands committed together at most.
const GROUP: usize = 256;

/// What one command changed.
pub(crate) struct Batch {
    pub(crate) writes: Writes,
    /// Told to subscribers once the writes are committed.
    pub(crate) events: Vec<Event>,
}

/// How a batch ended: committed, or lost for this reason.
pub(crate) type Kept = Result<(), Arc<str>>;

struct Task {
    batch: Batch,
    done: oneshot::Sender<Kept>,
}

/// The way to the writing thread. Dropped, it lets the thread finish what it was given, and waits.
pub(crate) struct Store {
    tasks: Option<mpsc::Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Starts to write to an opened file.
    pub(crate) fn start(opened: Opened, events: broadcast::Sender<Arc<Event>>) -> Self {
        let (tasks, inbox) = mpsc::channel();
        let Opened { connection, path, .. } = opened;
        let writer = Writer { connection, path, events, failed: None };
        let thread = std::thread::spawn(move || writer.run(&inbox));
        Self { tasks: Some(tasks), thread: Some(thread) }
    }

    /// Hands over what a command changed. Batches are committed in the order of these calls.
    pub(crate) fn keep(&self, batch: Batch) -> oneshot::Receiver<Kept> {
        let (done, kept) = oneshot::channel();
        if let Some(tasks) = &self.tasks {
            // A send fails only when the thread is gone; the receiver then says so.
            let _ = tasks.send(Task { batch, done });
        }
        kept
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Writer {
    connection: Connection,
    path: PathBuf,
    events: broadcast::Sender<Arc<Event>>,
    /// After a failed commit memory is ahead of the disk, so nothing more is taken.
    failed: Option<Arc<str>>,
}

impl Writer {
    fn run(mut self, inbox: &mpsc::Receiver<Task>) {
        while let Ok(first) = inbox.recv() {
            let mut group = vec![first];
            group.extend(inbox.try_iter().take(GROUP - 1));
            let kept = self.commit(&group);
            for task in group {
                self.conclude(task, &kept);
            }
        }
    }

    fn commit(&mut self, group: &[Task]) -> Kept {
        if let Some(cause) = &self.failed {
            return Err(Arc::clone(cause));
        }
        let writes = group.iter().flat_map(|task| &task.batch.writes);
        write(&mut self.connection, writes).map_err(|error| {
            let cause: Arc<str> = format!(
                "{} could not be written ({error}): make room on its disk and restart the emulator",
                self.path.display()
            )
            .into();
            self.failed = Some(Arc::clone(&cause));
            cause
        })
    }

    fn conclude(&self, task: Task, kept: &Kept) {
        if kept.is_ok() {
            for event in task.batch.events {
                // Nobody may be listening.
                let _ = self.events.send(Arc::new(event));
            }
        }
        // The caller may have gone away; what it asked for is kept all the same.
        let _ = task.done.send(kept.clone());
    }
}

/// Keeps all records, or none.
pub(super) fn write<'w>(
    connection: &mut Connection,
    writes: impl Iterator<Item = &'w Write>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut keep = transaction.prepare_cached(
            "INSERT INTO record (kind, id, place, body) VALUES (?1, ?2, ?3, CAST(?4 AS TEXT))
             ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
        )?;
        let mut forget =
            transaction.prepare_cached("DELETE FROM record WHERE kind = ?1 AND id = ?2")?;
        for write in writes {
            match &write.body {
                Some(body) => keep.execute(params![write.kind, write.id, write.place, body])?,
                None => forget.execute(params![write.kind, write.id])?,
            };
        }
    }
    transaction.commit()
}
