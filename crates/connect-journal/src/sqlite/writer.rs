//! The ways to have operations carried out: on a thread of their own, or where they are asked for.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{io, thread};

use super::committer::{Committer, Tally, WriteCounts};
use super::operation::{Operation, Turn, operation};
use super::transaction::{OperationError, Transaction};
use crate::error::JournalError;

/// The most operations one transaction carries.
const LARGEST_BATCH: usize = 512;

/// How often, and how long each time, an operation waits for others to share its transaction while
/// they are fewer than shared the one before: those were answered at the same moment and are on
/// their way. A sync costs more than all of it, and a lone worker never waits.
const LOOKS: usize = 10;
const BETWEEN_LOOKS: Duration = Duration::from_micros(50);

/// Has operations carried out.
pub(super) struct Writer {
    mode: Mode,
    tally: Arc<Tally>,
}

enum Mode {
    Thread(WritingThread),
    Inline(Mutex<Committer>),
}

impl Writer {
    /// A writer with a thread, where operations that wait at the same time share a transaction.
    pub(super) fn on_thread(committer: Committer) -> io::Result<Self> {
        let tally = committer.tally.clone();
        Ok(Self { mode: Mode::Thread(WritingThread::start(committer)?), tally })
    }

    /// A writer that carries out each operation, in a transaction of its own, when it is asked to.
    pub(super) fn inline(committer: Committer) -> Self {
        let tally = committer.tally.clone();
        Self { mode: Mode::Inline(Mutex::new(committer)), tally }
    }

    pub(super) fn is_inline(&self) -> bool {
        matches!(self.mode, Mode::Inline(_))
    }

    /// Carries out `work` in some transaction and answers once that is on the disk.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        work: impl FnMut(&Transaction<'_>) -> Result<T, OperationError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (operation, answer) = operation(turn, work);
        match &self.mode {
            Mode::Thread(thread) => thread.send(operation),
            Mode::Inline(committer) => {
                committer.lock().unwrap_or_else(PoisonError::into_inner).settle(vec![operation]);
            }
        }
        answer.await.unwrap_or_else(|_| {
            Err(JournalError::unavailable("the writing thread has ended; restart the process"))
        })
    }

    pub(super) fn written(&self) -> WriteCounts {
        self.tally.written()
    }
}

/// A handle on the writing thread, which ends with it.
struct WritingThread {
    /// `None` only while dropping.
    queue: Option<Sender<Box<dyn Operation>>>,
    thread: Option<JoinHandle<()>>,
}

impl WritingThread {
    fn start(mut committer: Committer) -> io::Result<Self> {
        let (queue, waiting) = channel();
        let thread = thread::Builder::new()
            .name("journal writer".to_owned())
            .spawn(move || serve(&mut committer, &waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    fn send(&self, operation: Box<dyn Operation>) {
        if let Some(queue) = &self.queue {
            // When the thread is gone, the reply is dropped with the operation.
            let _ = queue.send(operation);
        }
    }
}

impl Drop for WritingThread {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to wait for.
            let _ = thread.join();
        }
    }
}

/// Carries out what is waiting, together, until nobody can ask any more.
fn serve(committer: &mut Committer, waiting: &Receiver<Box<dyn Operation>>) {
    let mut company = 1;
    while let Ok(first) = waiting.recv() {
        let batch = gather(first, waiting, company);
        company = batch.len();
        committer.settle(batch);
    }
}

/// Takes what is waiting, and waits for a moment until it is as much as `company`.
fn gather(
    first: Box<dyn Operation>,
    waiting: &Receiver<Box<dyn Operation>>,
    company: usize,
) -> Vec<Box<dyn Operation>> {
    let mut batch = vec![first];
    for _ in 0..LOOKS {
        batch.extend(waiting.try_iter().take(LARGEST_BATCH - batch.len()));
        if batch.len() >= company {
            break;
        }
        thread::sleep(BETWEEN_LOOKS);
    }
    batch.extend(waiting.try_iter().take(LARGEST_BATCH - batch.len()));
    batch
}
