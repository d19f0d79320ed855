//! A filter ready to be matched.

use std::cmp::Ordering;

use crate::query::cell::Cell;
use crate::query::field::Column;
use crate::query::pattern::Pattern;

/// A test of a row through the elements of one of its lists.
pub(crate) type RowTest<T> = Box<dyn Fn(&T) -> bool + Send + Sync>;

pub(crate) enum Node<T> {
    All(Vec<Node<T>>),
    Any(Vec<Node<T>>),
    Not(Box<Node<T>>),
    Cell(Column<T>, CellTest),
    Elements(RowTest<T>),
}

impl<T> Node<T> {
    pub(crate) fn matches(&self, row: &T) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.matches(row)),
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(row)),
            Self::Not(node) => !node.matches(row),
            Self::Cell(column, test) => test.accepts(&column.read(row)),
            Self::Elements(test) => test(row),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum CellTest {
    /// One of these values, sorted; null may be among them.
    OneOf(Vec<Cell<'static>>),
    Compare(Relation, Cell<'static>),
    Like(Pattern),
}

impl CellTest {
    pub(crate) fn one_of(mut cells: Vec<Cell<'static>>) -> Self {
        cells.sort_unstable();
        Self::OneOf(cells)
    }

    fn accepts(&self, cell: &Cell<'_>) -> bool {
        match (self, cell) {
            (Self::OneOf(cells), cell) => cells.binary_search_by(|known| known.cmp(cell)).is_ok(),
            (Self::Compare(_, _), Cell::Null) => false,
            (Self::Compare(relation, bound), cell) => relation.holds(cell.cmp(bound)),
            (Self::Like(pattern), Cell::Text(text)) => pattern.matches(text),
            (Self::Like(_), _) => false,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Relation {
    Greater,
    AtLeast,
    Less,
    AtMost,
}

impl Relation {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
        }
    }
}
