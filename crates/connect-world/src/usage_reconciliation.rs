//! Reconciliations: sheets by which distributors closed records of usage.

pub(crate) mod commands;
pub(crate) mod listed;
pub(crate) mod make;
pub(crate) mod record;
pub(crate) mod sheet;
mod stored;
mod view;
