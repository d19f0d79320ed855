//! Hearing of calls.

use std::fmt;
use std::time::Duration;

use http::{Method, StatusCode};

/// Hears of each attempt at a call, once it has ended.
pub trait CallObserver: fmt::Debug + Send + Sync + 'static {
    /// Takes down an attempt: the status that was answered, if any was, and how long it took.
    fn called(&self, method: &Method, status: Option<StatusCode>, took: Duration);
}
