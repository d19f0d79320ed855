//! Records of usage: what the rows of a usage file's sheet became.

pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod commands;
mod filters;
pub(crate) mod listed;
mod lookup;
pub(crate) mod record;
mod stored;
pub(crate) mod tally;
mod view;
