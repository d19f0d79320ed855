//! Rules of distributors for the usage of a product. They are kept, not gone by: the language that
//! they are written in is not documented.

pub(crate) mod commands;
pub(crate) mod listed;
pub(crate) mod record;
mod stored;
mod view;
