//! Chunks: the parts of accepted usage files, one for each hub.

pub(crate) mod commands;
pub(crate) mod listed;
pub(crate) mod make;
pub(crate) mod record;
mod stored;
mod view;
