//! Usage files: what vendors report as used.

pub(crate) mod commands;
mod create;
pub(crate) mod listed;
pub(crate) mod record;
mod stored;
mod view;
