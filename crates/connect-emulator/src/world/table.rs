//! Records in the order of their creation, found by id.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Where a record stands in its table: the order of creation.
pub(crate) type Place = u32;

/// Something a [`Table`] can hold.
pub(crate) trait Record: Clone {
    type Id: Clone + Eq + Hash + Borrow<str>;
    fn id(&self) -> Self::Id;
}

/// Grows only; a record keeps its place. Records are behind `Arc`, so a row of a list can hold on
/// to one for the price of a counter.
#[derive(Clone)]
pub(crate) struct Table<R: Record> {
    rows: Vec<Arc<R>>,
    places: HashMap<R::Id, Place>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }
}

impl<R: Record> Table<R> {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.rows.reserve(more);
        self.places.reserve(more);
    }

    /// Adds a record at the end and says where.
    pub(crate) fn push(&mut self, record: R) -> Place {
        let place = self.rows.len() as Place;
        self.places.insert(record.id(), place);
        self.rows.push(Arc::new(record));
        place
    }

    /// Replaces the record with the same id, or adds it at the end.
    pub(crate) fn put(&mut self, record: R) {
        let known = self.place(record.id().borrow());
        match known.and_then(|place| self.rows.get_mut(place as usize)) {
            Some(row) => *row = Arc::new(record),
            None => drop(self.push(record)),
        }
    }

    pub(crate) fn place(&self, id: &str) -> Option<Place> {
        self.places.get(id).copied()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Arc<R>> {
        self.place(id).and_then(|place| self.at(place))
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut R> {
        let place = self.place(id)?;
        self.rows.get_mut(place as usize).map(Arc::make_mut)
    }

    pub(crate) fn at(&self, place: Place) -> Option<&Arc<R>> {
        self.rows.get(place as usize)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Arc<R>> {
        self.rows.iter()
    }
}
