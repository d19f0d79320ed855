//! The faults that a server has been told.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Fault, FaultEffect, IncomingCall};

/// The faults that have strikes left, oldest first.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds a fault behind those that are set.
    pub fn add(&self, fault: Fault) {
        if !fault.is_spent() {
            self.lock().push(fault);
        }
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Returns the faults as they stand: `skip` and `times` say what is left.
    #[must_use]
    pub fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// Returns what happens to this call, using up one strike.
    pub fn strike(&self, call: &IncomingCall<'_>) -> Option<FaultEffect> {
        let mut faults = self.lock();
        let effect = faults.iter_mut().find_map(|fault| fault.meet(call))?;
        faults.retain(|fault| !fault.is_spent());
        Some(effect)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
