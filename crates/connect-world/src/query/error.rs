//! The reasons why a query does not fit a collection.

use connect_model::rql::{Condition, Value};

use crate::query::field::ITSELF;
use crate::query::field::Lookup;

/// A reason why a query does not fit a collection; `Display` is the text for the platform's error
/// body.
///
/// Texts of orderings and selects are the platform's own, as far as its public query library
/// has them; the others name filter, lookup and value, which is all it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum QueryError {
    /// No filter of that name, in strict mode.
    #[error("{field}: there is no such filter.")]
    UnknownFilter {
        /// The name as written.
        field: String,
    },
    /// A lookup that the filter does not have.
    #[error("{field}: lookup `{lookup}` is not supported (value `{value}`).")]
    Lookup {
        /// The filter as written.
        field: String,
        /// The lookup that was tried.
        lookup: &'static str,
        /// The value, as RQL prints it.
        value: String,
    },
    /// A value that is not of the filter's kind.
    #[error("{field}: `{value}` is not {expected} (lookup `{lookup}`).")]
    Value {
        /// The filter as written.
        field: String,
        /// The lookup that was used.
        lookup: &'static str,
        /// The value, as RQL prints it.
        value: String,
        /// The kind of value the filter takes, such as `a date-time`.
        expected: &'static str,
    },
    /// No such field, or not one that can be sorted by.
    #[error("Bad ordering filter: {0}.")]
    Ordering(String),
    /// More sort keys than the platform takes.
    #[error("Bad ordering filter: max allowed number of fields is {0}.")]
    OrderingLength(usize),
    /// No such path to add or remove.
    #[error("Bad select filter: {0}.")]
    Select(String),
    /// A path both added and removed, or added inside a removed one.
    #[error("Bad select filter: incompatible properties.")]
    IncompatibleSelect,
}

impl QueryError {
    pub(crate) fn lookup(condition: &Condition, lookup: Lookup, value: &Value) -> Self {
        Self::Lookup {
            field: condition.field.clone(),
            lookup: lookup.as_str(),
            value: value.to_string(),
        }
    }

    pub(crate) fn value(condition: &Condition, value: &Value, expected: &'static str) -> Self {
        Self::Value {
            field: condition.field.clone(),
            lookup: condition.test.name(),
            value: value.to_string(),
            expected,
        }
    }

    /// Returns the error of an element's filter, as seen from the row.
    pub(crate) fn within(self, list: &str) -> Self {
        let path = |field: String| match field.as_str() {
            ITSELF => list.to_owned(),
            member => format!("{list}.{member}"),
        };
        match self {
            Self::UnknownFilter { field } => Self::UnknownFilter { field: path(field) },
            Self::Lookup { field, lookup, value } => {
                Self::Lookup { field: path(field), lookup, value }
            }
            Self::Value { field, lookup, value, expected } => {
                Self::Value { field: path(field), lookup, value, expected }
            }
            other => other,
        }
    }
}
