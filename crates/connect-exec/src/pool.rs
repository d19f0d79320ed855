//! Workers for one purpose: which there are, and what each has to do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as TurnMutex, OwnedSemaphorePermit, Semaphore};

use crate::worker::Worker;

/// Workers that share the work.
pub(crate) struct Pool {
    /// How much a worker does at the same time.
    at_once: usize,
    /// One for all that can be done at the same time.
    places: Arc<Semaphore>,
    there: Mutex<Vec<Employed>>,
    /// Workers are started one after the other.
    pub(crate) starting: TurnMutex<()>,
}

/// A worker, and how much it has to do.
struct Employed {
    worker: Arc<Worker>,
    tasks: usize,
}

impl Pool {
    /// A pool of at most so many workers. None is there yet.
    pub(crate) fn of(workers: usize, at_once: usize) -> Self {
        let places = workers.saturating_mul(at_once).min(Semaphore::MAX_PERMITS);
        Self {
            at_once,
            places: Arc::new(Semaphore::new(places)),
            there: Mutex::default(),
            starting: TurnMutex::default(),
        }
    }

    /// Waits until a worker has room, or could be started.
    pub(crate) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Adds a worker, which has some tasks already.
    pub(crate) fn add(&self, worker: Arc<Worker>, tasks: usize) {
        self.lock().push(Employed { worker, tasks });
    }

    /// Gives a task to the worker that has the least to do, of those that have room.
    pub(crate) fn employ(&self) -> Option<Arc<Worker>> {
        let mut there = self.lock();
        there.retain(|employed| employed.worker.is_there());
        let has_room = |it: &&mut Employed| it.tasks < self.at_once;
        let chosen = there.iter_mut().filter(has_room).min_by_key(|employed| employed.tasks)?;
        chosen.tasks += 1;
        Some(Arc::clone(&chosen.worker))
    }

    /// Notes that a worker has done with a task.
    pub(crate) fn release(&self, worker: &Arc<Worker>) {
        let mut there = self.lock();
        let this = there.iter_mut().find(|employed| Arc::ptr_eq(&employed.worker, worker));
        if let Some(employed) = this {
            employed.tasks -= 1;
        }
    }

    /// Tells all to end.
    pub(crate) fn tell_to_end(&self) {
        self.lock().iter().for_each(|employed| employed.worker.tell_to_end());
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Employed>> {
        self.there.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
