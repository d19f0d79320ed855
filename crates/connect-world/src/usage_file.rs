//! Usage files: what vendors report as used.

pub(crate) mod categories;
pub(crate) mod commands;
mod create;
pub(crate) mod download;
pub(crate) mod listed;
pub(crate) mod record;
pub(crate) mod sheet;
mod stored;
pub(crate) mod turn;
pub(crate) mod view;
