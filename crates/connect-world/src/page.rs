//! One page of a list.

use std::collections::BTreeSet;

use connect_model::rql::{Order, Query};

use crate::denial::Denial;
use crate::index::{Direction, merge};
use crate::query::compile::Compiled;
use crate::query::error::QueryError;
use crate::query::options::Options;
use crate::query::page::ContentRange;
use crate::query::schema::Schema;
use crate::query::select::{Selectable, Selection};
use crate::table::Place;

/// A query fitted to a collection.
pub(crate) struct ListQuery<T: 'static> {
    pub(crate) compiled: Compiled<T>,
    pub(crate) selection: Selection,
    /// The direction of the walk, when the query asks for the order of creation.
    pub(crate) direction: Option<Direction>,
    /// Whether the query says nothing of an order.
    pub(crate) is_unordered: bool,
}

/// The rows of a page, and where it lies.
pub(crate) struct PageRows<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) range: ContentRange,
}

/// The places to look at.
pub(crate) enum Candidates<'w> {
    /// These few places.
    Few(Vec<Place>),
    /// All places below this one.
    Below(Place),
    /// All of these disjoint sets.
    Sets(Vec<&'w BTreeSet<Place>>),
}

impl<T: 'static> ListQuery<T> {
    /// Fits a query string to a collection.
    pub(crate) fn parse(
        schema: &Schema<T>,
        selects: &Selectable,
        raw_query: &str,
        options: Options,
    ) -> Result<Self, Denial> {
        let parsed = Query::parse_compatible(raw_query, schema)
            .map_err(|error| Denial::invalid(error.platform_text()))?;
        let invalid = |error: QueryError| Denial::invalid(error.to_string());
        Ok(Self {
            compiled: schema.compile(&parsed, options).map_err(invalid)?,
            selection: selects.compile(&parsed.select).map_err(invalid)?,
            direction: direction(&parsed),
            is_unordered: parsed.ordering.is_empty(),
        })
    }
}

/// Returns the direction of a query that asks for the order of creation: newest first unless it
/// says otherwise.
fn direction(query: &Query) -> Option<Direction> {
    match query.ordering.as_slice() {
        [] => Some(Direction::NewestFirst),
        [Order::Ascending(field)] if is_creation(field) => Some(Direction::OldestFirst),
        [Order::Descending(field)] if is_creation(field) => Some(Direction::NewestFirst),
        _ => None,
    }
}

fn is_creation(field: &str) -> bool {
    matches!(field, "created" | "events.created.at")
}

impl<'w> Candidates<'w> {
    pub(crate) fn few(places: impl Iterator<Item = Place>) -> Self {
        let places: BTreeSet<Place> = places.collect();
        Self::Few(places.into_iter().collect())
    }

    fn walk(self, direction: Direction) -> Box<dyn Iterator<Item = Place> + 'w> {
        match (self, direction) {
            (Self::Few(places), Direction::OldestFirst) => Box::new(places.into_iter()),
            (Self::Few(places), Direction::NewestFirst) => Box::new(places.into_iter().rev()),
            (Self::Below(end), Direction::OldestFirst) => Box::new(0..end),
            (Self::Below(end), Direction::NewestFirst) => Box::new((0..end).rev()),
            (Self::Sets(sets), direction) => Box::new(merge(sets, direction)),
        }
    }
}

/// Returns the page of a list. When the filter asks for nothing but the keys of the index,
/// candidates need no test and are counted without being looked at.
pub(crate) fn find<T>(
    query: &ListQuery<T>,
    candidates: Candidates<'_>,
    keys: &[&str],
    row: impl Fn(Place) -> Option<T>,
) -> PageRows<T> {
    let page = query.compiled.page();
    let direction = query.direction.unwrap_or(Direction::NewestFirst);
    if let (Candidates::Sets(sets), Some(_)) = (&candidates, query.direction)
        && query.compiled.is_covered_by(keys)
    {
        let total = sets.iter().map(|set| set.len()).sum();
        let places = candidates.walk(direction).skip(page.offset).take(page.limit);
        let rows: Vec<T> = places.filter_map(row).collect();
        let range = page.content_range(rows.len(), total);
        return PageRows { rows, range };
    }
    let rows = candidates.walk(direction).filter_map(row);
    paged(query, rows.filter(|row| query.compiled.matches(row)))
}

/// Returns the page of a list whose rows are all there, newest first.
pub(crate) fn ready<T>(query: &ListQuery<T>, mut rows: Vec<T>) -> PageRows<T> {
    if query.direction == Some(Direction::OldestFirst) {
        rows.reverse();
    }
    paged(query, rows.into_iter().filter(|row| query.compiled.matches(row)))
}

/// Returns the page of rows that match, walked in the order of creation.
fn paged<T>(query: &ListQuery<T>, matching: impl Iterator<Item = T>) -> PageRows<T> {
    let page = query.compiled.page();
    let mut total = 0;
    let mut counted = matching.inspect(|_| total += 1);
    let rows: Vec<T> = if query.direction.is_some() {
        let rows = counted.by_ref().skip(page.offset).take(page.limit).collect();
        counted.for_each(drop);
        rows
    } else {
        let mut rows: Vec<T> = counted.collect();
        rows.sort_by(|a, b| query.compiled.compare(a, b).unwrap_or(std::cmp::Ordering::Equal));
        rows.into_iter().skip(page.offset).take(page.limit).collect()
    };
    PageRows { range: page.content_range(rows.len(), total), rows }
}
