//! The place of one run.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The place that a run has, if it has one.
#[derive(Default)]
pub(crate) struct Place(Mutex<Permit>);

/// The permit that is the place.
#[derive(Default)]
pub(crate) enum Permit {
    #[default]
    Nothing,
    Quick(OwnedSemaphorePermit),
    Slow {
        _permit: OwnedSemaphorePermit,
    },
}

impl Place {
    /// Takes a place, and gives back the one it was.
    pub(crate) fn take(&self, permit: Permit) {
        *self.lock() = permit;
    }

    /// Waits for something that is no work of the run: meanwhile a quick place is another run's.
    pub(crate) async fn lent_during<T>(&self, wait: impl Future<Output = T>) -> T {
        let Some(places) = self.lend() else { return wait.await };
        let done = wait.await;
        if let Some(permit) = one_of(&places).await {
            let mut held = self.lock();
            // It may have become slow meanwhile, or have come to an end.
            if let Permit::Nothing = *held {
                *held = Permit::Quick(permit);
            }
        }
        done
    }

    /// Returns of which places the quick one is that it gives back.
    fn lend(&self) -> Option<Arc<Semaphore>> {
        let mut held = self.lock();
        match mem::take(&mut *held) {
            Permit::Quick(permit) => Some(Arc::clone(permit.semaphore())),
            other => {
                *held = other;
                None
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Permit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of these places. None of their semaphores is ever closed, so there is always one in the end.
pub(crate) async fn one_of(places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(places).acquire_owned().await.ok()
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    async fn seated(places: &Arc<Semaphore>) -> Place {
        let place = Place::default();
        place.take(Permit::Quick(one_of(places).await.unwrap()));
        place
    }

    #[tokio::test]
    async fn a_quick_place_is_another_runs_while_its_own_waits() {
        let places = Arc::new(Semaphore::new(1));
        let place = seated(&places).await;
        let (written, wait) = oneshot::channel::<()>();
        let other = async {
            let working = one_of(&places).await;
            written.send(()).unwrap();
            tokio::task::yield_now().await;
            assert!(matches!(*place.lock(), Permit::Nothing), "it is not back before its turn");
            drop(working);
        };
        tokio::join!(place.lent_during(wait), other).0.unwrap();
        assert_eq!(places.available_permits(), 0, "it is taken again");

        place.take(Permit::Nothing);
        assert_eq!(places.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_run_that_becomes_slow_while_it_waits_comes_back_to_its_slow_place() {
        let (places, slow) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(1)));
        let place = seated(&places).await;
        let become_slow =
            async { place.take(Permit::Slow { _permit: one_of(&slow).await.unwrap() }) };
        tokio::join!(place.lent_during(tokio::task::yield_now()), become_slow);
        assert_eq!((places.available_permits(), slow.available_permits()), (1, 0));
        place.lent_during(async { assert_eq!(slow.available_permits(), 0) }).await;
    }
}
