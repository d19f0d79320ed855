//! A whole list query.

use super::Rql;

/// A list query: what to return, of which rows, in which order, which page.
///
/// `Display` is the layout of the official Python client, not percent-encoded;
/// [`Query::to_query_string`] is for the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// Fields to add to or remove from each object.
    pub select: Vec<Select>,
    /// The condition on the rows; `None` is all of them.
    pub filter: Option<Rql>,
    /// Sort keys, the most significant first; empty is the server's default order.
    pub ordering: Vec<Order>,
    /// Rows per page; `None` is the server's default.
    pub limit: Option<u32>,
    /// Rows to skip.
    pub offset: Option<u64>,
    /// Text to look for in the fields the server searches. An empty text is not sent.
    pub search: Option<String>,
}

/// A sort key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Smallest first.
    Ascending(String),
    /// Greatest first.
    Descending(String),
}

impl Order {
    /// Sorts by `field`, smallest first.
    #[must_use]
    pub fn ascending(field: impl Into<String>) -> Self {
        Self::Ascending(field.into())
    }

    /// Sorts by `field`, greatest first.
    #[must_use]
    pub fn descending(field: impl Into<String>) -> Self {
        Self::Descending(field.into())
    }

    /// Returns the field sorted by.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Ascending(field) | Self::Descending(field) => field,
        }
    }

    pub(super) fn signed(minus: bool, field: String) -> Self {
        if minus { Self::Descending(field) } else { Self::Ascending(field) }
    }
}

/// A change to the fields that are returned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Select {
    /// Returns a field that is hidden by default.
    Add(String),
    /// Leaves a field out.
    Remove(String),
}

impl Select {
    /// Adds `field`, which is hidden by default.
    #[must_use]
    pub fn add(field: impl Into<String>) -> Self {
        Self::Add(field.into())
    }

    /// Leaves `field` out.
    #[must_use]
    pub fn remove(field: impl Into<String>) -> Self {
        Self::Remove(field.into())
    }

    /// Returns the field added or removed, as a dotted path.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Add(field) | Self::Remove(field) => field,
        }
    }

    pub(super) fn signed(minus: bool, field: String) -> Self {
        if minus { Self::Remove(field) } else { Self::Add(field) }
    }
}

impl From<Rql> for Query {
    fn from(filter: Rql) -> Self {
        Self { filter: Some(filter), ..Self::default() }
    }
}
