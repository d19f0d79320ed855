//! Answers list queries over rows of any type.
//!
//! A collection declares a [`Schema`]: its filters with their kinds, lookups and getters.
//! [`Schema::compile`] turns a [`Query`](connect_model::rql::Query) into a [`Compiled`] one, which
//! matches and compares rows without allocating for ordinary columns. [`Selectable`] does the
//! same for `select(…)`.
//!
//! ```
//! use connect_emulator::query::{Field, Options, Schema};
//! use connect_model::rql::Query;
//!
//! struct Request {
//!     id: &'static str,
//!     status: &'static str,
//! }
//!
//! type Filter = Field<Request>;
//! let schema = Schema::new([
//!     Filter::text("id", |row| row.id.into()),
//!     Filter::choice("status", &["pending", "approved"], |row| row.status.into()).orderable(),
//! ]);
//!
//! let query = Query::parse_compatible("status=pending&limit=10", &schema)?;
//! let compiled = schema.compile(&query, Options::default())?;
//! assert!(compiled.matches(&Request { id: "PR-1", status: "pending" }));
//! assert_eq!(compiled.exact("status"), Some(vec!["pending"]));
//! assert!(compiled.is_covered_by(&["status"]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cell;
mod compile;
mod elements;
mod error;
mod exact;
mod field;
mod literal;
mod node;
mod page;
mod pattern;
mod schema;
mod select;
#[cfg(test)]
mod tests;

pub use cell::Cell;
pub use compile::{Compiled, Options};
pub use error::QueryError;
pub use field::{Field, Get, Lookup};
pub use page::{ContentRange, Page};
pub(crate) use schema::ITSELF;
pub use schema::Schema;
pub use select::{Selectable, Selection};
