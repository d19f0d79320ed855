//! What undoes the steps of an attempt.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use connect_journal::StepName;
use futures::future::BoxFuture;

use crate::failure::Failure;
use crate::step::StepKey;

/// Undoes a step, whose recorded value it gets.
pub(crate) type Undo = Box<dyn FnOnce(StepKey, &[u8]) -> Undoing + Send>;
pub(crate) type Undoing = Result<BoxFuture<'static, Result<(), Failure>>, Failure>;

/// What undoes steps, by their names.
#[derive(Default)]
pub(crate) struct Undos(Mutex<HashMap<StepName, Undo>>);

impl Undos {
    pub(crate) fn add(&self, step: StepName, undo: Undo) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(step, undo);
    }

    pub(crate) fn has(&self, step: &StepName) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(step)
    }

    pub(crate) fn take(&self, step: &StepName) -> Option<Undo> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(step)
    }
}
