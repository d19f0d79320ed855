//! Answers list queries over rows of any type.
//!
//! A collection declares a [`Schema`]: its filters with their kinds, lookups and getters.
//! [`Schema::compile`] turns a [`Query`](connect_model::rql::Query) into a [`Compiled`] one, which
//! matches and compares rows without allocating for ordinary columns. [`Selectable`] does the
//! same for `select(…)`.

pub(crate) mod cell;
pub(crate) mod compile;
pub(crate) mod elements;
pub(crate) mod error;
pub(crate) mod exact;
pub(crate) mod field;
pub(crate) mod literal;
pub(crate) mod node;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod pattern;
pub(crate) mod schema;
pub(crate) mod select;
#[cfg(test)]
mod tests;
