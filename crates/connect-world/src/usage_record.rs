//! Records of usage: what the rows of a usage file's sheet became.

pub(crate) mod aggregates;
pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod commands;
pub(crate) mod filters;
pub(crate) mod listed;
mod lookup;
pub(crate) mod record;
pub(crate) mod sheet_row;
mod stored;
pub(crate) mod tally;
pub(crate) mod view;
