//! What an attempt of a worker's is about: a request, or the report of a month.

use std::sync::Arc;

use connect_processor::{Failure, Step};
use futures::future::BoxFuture;
use serde_json::Value;

use crate::attempt::Attempt;
use crate::message::CallError;

/// What comes of a question.
pub(crate) type Asking<'a> = BoxFuture<'a, Result<Value, Failure>>;

/// The work that a worker has, and what it may ask of us for it.
pub(crate) trait Work: Sync {
    /// Begins a step of it.
    fn step(&self, name: &str) -> Step<'_>;

    /// Sees to a question besides its steps.
    fn ask<'a>(&'a self, method: &str, params: &str) -> Result<Asking<'a>, CallError>;

    /// Has the worker undo a step, where anything is ever undone.
    fn keep_undo(&self, _step: &str, _attempt: &Arc<Attempt>) {}
}
