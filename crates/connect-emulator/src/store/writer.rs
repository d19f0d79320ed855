//! The thread that writes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{broadcast, watch};

use super::error::StoreError;
use super::open::OpenFile;
use super::place::Place;
use super::records::write;
use connect_world::{Denial, Event, Writes};

/// Commands committed together at most.
const GROUP: usize = 256;

/// The changes of one command.
pub(crate) struct Batch {
    pub(crate) writes: Writes,
    /// The events, told to subscribers once the writes are committed.
    pub(crate) events: Vec<Event>,
}

/// The number of batches in the file, or why there will be no more.
type Progress = Result<u64, Arc<str>>;

/// The way to the writing thread. Dropped, it lets the thread finish what it was given, and waits.
pub(crate) struct Store {
    batches: Mutex<Option<mpsc::Sender<Batch>>>,
    handed_over: AtomicU64,
    progress: watch::Receiver<Progress>,
    place: Arc<Place>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Starts to write to an opened file.
    pub(crate) fn start(
        opened: OpenFile,
        events: broadcast::Sender<Arc<Event>>,
    ) -> Result<Self, StoreError> {
        let (batches, inbox) = mpsc::channel();
        let (told, progress) = watch::channel(Ok(0));
        let OpenFile { connection, path, .. } = opened;
        let place = match Place::of(&path) {
            Ok(place) => Arc::new(place),
            Err(source) => return Err(StoreError::File { path, source }),
        };
        let writer = Writer { connection, path, place: Arc::clone(&place), events, progress: told };
        let thread = std::thread::spawn(move || writer.run(&inbox));
        Ok(Self {
            batches: Mutex::new(Some(batches)),
            handed_over: AtomicU64::new(0),
            progress,
            place,
            thread: Some(thread),
        })
    }

    /// Hands over what a command changed. Batches are committed in the order of these calls.
    pub(crate) fn keep(&self, batch: Batch) {
        self.handed_over.fetch_add(1, Ordering::Relaxed);
        if let Some(batches) = &*self.batches.lock().unwrap_or_else(PoisonError::into_inner) {
            // A send fails only when the thread is gone; whoever waits for the batch is told so.
            let _ = batches.send(batch);
        }
    }

    /// Returns how many batches were handed over.
    pub(crate) fn handed_over(&self) -> u64 {
        self.handed_over.load(Ordering::Relaxed)
    }

    /// Waits until this many batches are in the file.
    pub(crate) async fn committed(&self, count: u64) -> Result<(), Denial> {
        let mut progress = self.progress.clone();
        let there = |progress: &Progress| progress.as_ref().map_or(true, |done| *done >= count);
        match &*progress.wait_for(there).await.map_err(|_| gone())? {
            Ok(_) => Ok(()),
            Err(cause) => Err(Denial::unavailable(&**cause)),
        }
    }

    /// Refuses when batches are no longer written, or not to a file that will be found again.
    pub(crate) fn must_write(&self) -> Result<(), Denial> {
        if let Err(cause) = &*self.progress.borrow() {
            return Err(Denial::unavailable(&**cause));
        }
        self.progress.has_changed().map_err(|_| gone())?;
        self.place.missing().map_or(Ok(()), |path| Err(Denial::unavailable(removed(path))))
    }

    /// Takes no more batches, and returns when the file is closed.
    pub(crate) async fn close(&self) {
        drop(self.batches.lock().unwrap_or_else(PoisonError::into_inner).take());
        let mut progress = self.progress.clone();
        while progress.changed().await.is_ok() {}
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.batches = Mutex::default();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn gone() -> Denial {
    Denial::unavailable("nothing is written any more: restart the emulator")
}

fn removed(path: &Path) -> String {
    let path = path.display();
    format!(
        "{path} was removed or replaced while the emulator was running: put it back where it was, \
         or restart the emulator"
    )
}

/// The state of the thread. Its fields are dropped in this order: whoever sees the end of
/// `progress` finds the file closed.
struct Writer {
    connection: Connection,
    path: PathBuf,
    place: Arc<Place>,
    events: broadcast::Sender<Arc<Event>>,
    progress: watch::Sender<Progress>,
}

impl Writer {
    /// Writes what arrives. After a failed commit memory is ahead of the disk, so nothing more is
    /// taken.
    fn run(mut self, inbox: &mpsc::Receiver<Batch>) {
        let mut done = 0;
        while let Ok(first) = inbox.recv() {
            let mut group = vec![first];
            group.extend(inbox.try_iter().take(GROUP - 1));
            if let Err(cause) = self.commit(&group) {
                return self.fail(inbox, &cause);
            }
            done += group.len() as u64;
            self.tell(group);
            drop(self.progress.send_replace(Ok(done)));
        }
    }

    /// Writes a group, or says why it is nowhere.
    fn commit(&mut self, group: &[Batch]) -> Result<(), String> {
        let written = write(&mut self.connection, group.iter().flat_map(|batch| &batch.writes));
        written.map_err(|error| {
            let path = self.path.display();
            format!("{path} could not be written ({error}): make room on its disk and restart the emulator")
        })?;
        // Asked afterwards: what was removed meanwhile took the group with it.
        self.place.missing().map_or(Ok(()), |path| Err(removed(path)))
    }

    fn tell(&self, group: Vec<Batch>) {
        for event in group.into_iter().flat_map(|batch| batch.events) {
            // Nobody may be listening.
            let _ = self.events.send(Arc::new(event));
        }
    }

    /// Says why, and lets all further batches go until there are no more.
    fn fail(&self, inbox: &mpsc::Receiver<Batch>, cause: &str) {
        drop(self.progress.send_replace(Err(cause.into())));
        inbox.iter().for_each(drop);
    }
}
