//! A query fitted to a collection.

use std::cmp::Ordering;

use connect_model::rql::{Order, Query};

use crate::query::error::QueryError;
use crate::query::exact::Exact;
use crate::query::field::Column;
use crate::query::literal::PATTERN;
use crate::query::node::{CellTest, Node};
use crate::query::options::Options;
use crate::query::page::Page;
use crate::query::pattern::Pattern;
use crate::query::schema::Schema;

/// Most sort keys of one query: the default of the platform's public query library.
const MAX_ORDERING: usize = 5;

/// A query fitted to a collection with rows of type `T`; made by [`Schema::compile`].
pub(crate) struct Compiled<T> {
    filter: Option<Node<T>>,
    search: Option<Node<T>>,
    ordering: Vec<SortKey<T>>,
    exact: Exact,
    page: Page,
}

struct SortKey<T> {
    column: Column<T>,
    is_descending: bool,
}

impl<T: 'static> Schema<T> {
    /// Fits `query` to the collection. Selects are not looked at: see
    /// [`Selectable`](super::Selectable).
    ///
    /// # Errors
    /// For lookups and values the filters do not take, fields that cannot be sorted by, more
    /// than five sort keys and, when [`Options::strict`], unknown filters.
    pub(crate) fn compile(
        &self,
        query: &Query,
        options: Options,
    ) -> Result<Compiled<T>, QueryError> {
        let filter = query.filter.as_ref();
        let search = self.search(query.search.as_deref())?;
        let mut exact = Exact::of(self, filter);
        exact.has_more |= search.is_some();
        Ok(Compiled {
            filter: filter.map(|filter| self.node(filter, options)).transpose()?.flatten(),
            search,
            ordering: self.ordering(&query.ordering)?,
            exact,
            page: Page::of(query),
        })
    }

    fn ordering(&self, orders: &[Order]) -> Result<Vec<SortKey<T>>, QueryError> {
        if orders.len() > MAX_ORDERING {
            return Err(QueryError::OrderingLength(MAX_ORDERING));
        }
        orders.iter().map(|order| self.sort_key(order)).collect()
    }

    fn sort_key(&self, order: &Order) -> Result<SortKey<T>, QueryError> {
        let field = order.field();
        let column = self.orderable(field).ok_or_else(|| QueryError::Ordering(field.to_owned()))?;
        Ok(SortKey { column, is_descending: matches!(order, Order::Descending(_)) })
    }

    /// Returns the test of a search; `None` without a term, and for collections that search no
    /// field.
    fn search(&self, term: Option<&str>) -> Result<Option<Node<T>>, QueryError> {
        let searched = self.fields.iter().filter(|field| field.is_searched);
        let columns: Vec<Column<T>> = searched.map(|field| field.column).collect();
        let Some(term) = term.filter(|_| !columns.is_empty()) else {
            return Ok(None);
        };
        let pattern = Pattern::containing(term).ok_or_else(|| QueryError::Value {
            field: "search".to_owned(),
            lookup: "eq",
            value: term.to_owned(),
            expected: PATTERN,
        })?;
        let test = |column| Node::Cell(column, CellTest::Like(pattern.clone()));
        Ok(Some(Node::Any(columns.into_iter().map(test).collect())))
    }
}

impl<T> Compiled<T> {
    /// Whether the row passes filter and search.
    #[must_use]
    pub(crate) fn matches(&self, row: &T) -> bool {
        [&self.filter, &self.search].into_iter().flatten().all(|node| node.matches(row))
    }

    /// Compares two rows; `None` when the query leaves the order to the collection.
    #[must_use]
    pub(crate) fn compare(&self, left: &T, right: &T) -> Option<Ordering> {
        let orderings = self.ordering.iter().map(|key| key.compare(left, right));
        orderings.reduce(Ordering::then)
    }

    /// Returns the page that is asked for.
    #[must_use]
    pub(crate) fn page(&self) -> Page {
        self.page
    }

    /// Returns the texts `field` can have in matching rows, sorted and each once, if the query pins
    /// it to some by `eq` or `in`. `field` is the declared name, not an alias.
    #[must_use]
    pub(crate) fn exact(&self, field: &str) -> Option<Vec<&str>> {
        self.exact.texts(field)
    }

    /// Whether what [`Compiled::exact`] tells of `fields` is all the query asks of a row, so
    /// that rows found by these fields need no further test.
    #[must_use]
    pub(crate) fn is_covered_by(&self, fields: &[&str]) -> bool {
        self.exact.is_covered_by(fields)
    }
}

impl<T> SortKey<T> {
    fn compare(&self, left: &T, right: &T) -> Ordering {
        let ordering = self.column.read(left).cmp(&self.column.read(right));
        if self.is_descending { ordering.reverse() } else { ordering }
    }
}
