//! Lists of what the platform has, as tables.

use std::io::{self, Write};

use connect_model::Resource;
use jiff::Timestamp;
use serde::Serialize;

use super::ids;
use super::table::{Cell, Column, table};
use crate::printer::View;

/// An object as a row of a table.
pub(crate) trait TableRow<const N: usize>: Resource {
    /// The heads of the columns.
    const COLUMNS: [Column; N];

    /// Returns the cells as they are at a moment.
    fn cells(&self, now: Timestamp) -> [Cell; N];
}

/// A list of objects, each a row of so many cells.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct ListView<T, const N: usize> {
    rows: Vec<T>,
    #[serde(skip)]
    now: Timestamp,
}

impl<T: TableRow<N>, const N: usize> ListView<T, N> {
    pub(crate) fn of(rows: Vec<T>) -> Self {
        Self { rows, now: Timestamp::now() }
    }
}

impl<T: TableRow<N>, const N: usize> View for ListView<T, N> {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        table(out, T::COLUMNS, self.rows.iter().map(|row| row.cells(self.now)))
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, self.rows.iter().map(Resource::id))
    }
}
