//! Pages and the header that tells totals.

use std::fmt;

use connect_model::rql::Query;

/// The most rows of a page; larger limits are cut silently.
pub const MAX_LIMIT: u32 = 1000;

/// The part of the matching rows that is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Rows at most; 0 asks for the total only.
    pub limit: usize,
    /// Rows skipped.
    pub offset: usize,
}

impl Page {
    /// Rows of a page when the query does not say. Connect's documents do not tell; this is the
    /// value of CloudBlue's extension framework.
    pub(crate) const DEFAULT_LIMIT: u32 = 100;
    pub(crate) fn of(query: &Query) -> Self {
        let limit = query.limit.unwrap_or(Self::DEFAULT_LIMIT).min(MAX_LIMIT);
        let offset = if limit == 0 { 0 } else { query.offset.unwrap_or_default() };
        Self { limit: size(limit.into()), offset: size(offset) }
    }

    /// Returns the header for this page when it has `rows` rows out of `total` matching ones.
    #[must_use]
    pub(crate) fn content_range(self, rows: usize, total: usize) -> ContentRange {
        ContentRange { offset: self.offset, rows, total }
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The value of the `Content-Range` header of a list: `items 0-99/250`.
///
/// `last` is `offset + max(rows - 1, 0)`, so a page without rows looks like one with a single
/// row; clients tell by the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRange {
    /// Rows skipped.
    pub offset: usize,
    /// Rows returned.
    pub rows: usize,
    /// Rows that match.
    pub total: usize,
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.offset.saturating_add(self.rows.saturating_sub(1));
        write!(f, "items {}-{last}/{}", self.offset, self.total)
    }
}
