//! Requests for tier configurations: set-ups, updates and adjustments.

pub(crate) mod abandon;
pub(crate) mod approve;
pub(crate) mod begin;
pub(crate) mod commands;
pub(crate) mod create;
pub(crate) mod filters;
pub(crate) mod listed;
pub(crate) mod operate;
pub(crate) mod record;
pub(crate) mod set_up;
pub(crate) mod stored;
pub(crate) mod subject;
pub(crate) mod turn;
pub(crate) mod update;
pub(crate) mod validate;
pub(crate) mod view;
pub(crate) mod waiting;
