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

/// A worker, and what it has to do.
struct Employed {
    worker: Arc<Worker>,
    tasks: Vec<String>,
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
    pub(crate) fn add(&self, worker: Arc<Worker>, tasks: Vec<String>) {
        self.lock().push(Employed { worker, tasks });
    }

    /// Gives a task to the worker that has the least to do, of those that have room.
    pub(crate) fn employ(&self, task: &str) -> Option<Arc<Worker>> {
        let mut there = self.lock();
        // One that is gone is kept until the first of its tasks has asked what else it had.
        there.retain(|employed| employed.worker.is_there() || !employed.tasks.is_empty());
        let has_room = |it: &&mut Employed| it.worker.is_there() && it.tasks.len() < self.at_once;
        let chosen = there.iter_mut().filter(has_room).min_by_key(|employed| employed.tasks.len());
        let chosen = chosen?;
        chosen.tasks.push(task.to_owned());
        Some(Arc::clone(&chosen.worker))
    }

    /// Notes that a worker has done with a task. Of one that is gone by then, all are returned that it had
    /// in the end, once: to the first of them that leaves it.
    pub(crate) fn release(&self, worker: &Arc<Worker>, task: &str) -> Vec<String> {
        let mut there = self.lock();
        let this = there.iter_mut().find(|employed| Arc::ptr_eq(&employed.worker, worker));
        let Some(employed) = this else { return Vec::new() };
        if !worker.is_there() {
            return std::mem::take(&mut employed.tasks);
        }
        if let Some(done) = employed.tasks.iter().position(|it| it == task) {
            employed.tasks.swap_remove(done);
        }
        Vec::new()
    }

    /// Tells all to end.
    pub(crate) fn tell_to_end(&self) {
        self.lock().iter().for_each(|employed| employed.worker.tell_to_end());
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Employed>> {
        self.there.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
