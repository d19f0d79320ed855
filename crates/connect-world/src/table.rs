//! Records in the order of their creation, found by id.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// The position of a record in its table: the order of creation.
pub(crate) type Place = u32;

/// The most places that are left to records that were removed.
const MOST_LEFT: usize = 10_000_000;

/// A record that a [`Table`] can hold.
pub(crate) trait Record: Clone {
    type Id: Clone + Eq + Hash + Borrow<str>;
    fn id(&self) -> Self::Id;
}

/// Records that keep their places, also when others are removed. They are behind `Arc`, so a row of
/// a list can hold on to one for the price of a counter.
#[derive(Clone)]
pub(crate) struct Table<R: Record> {
    rows: Vec<Option<Arc<R>>>,
    places: HashMap<R::Id, Place>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }
}

impl<R: Record> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(records: I) -> Self {
        let mut table = Self::default();
        for record in records {
            table.push(record);
        }
        table
    }
}

impl<R: Record> Table<R> {
    /// Returns how many places there are, those of removed records included.
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
        self.rows.push(Some(Arc::new(record)));
        place
    }

    /// Replaces the record at a place by another with the same id.
    pub(crate) fn set(&mut self, place: Place, record: R) {
        if let Some(row) = self.rows.get_mut(place as usize) {
            *row = Some(Arc::new(record));
        }
    }

    /// Leaves the places up to this one to records that were removed, unless they are taken, or
    /// more than anybody has room for.
    pub(crate) fn leave(&mut self, place: Place) {
        let place = place as usize;
        if place > self.rows.len() && place - self.places.len() <= MOST_LEFT {
            self.rows.resize_with(place, || None);
        }
    }

    /// Removes a record, if it is there.
    pub(crate) fn remove(&mut self, id: &str) {
        let place = self.places.remove(id);
        if let Some(row) = place.and_then(|place| self.rows.get_mut(place as usize)) {
            *row = None;
        }
    }

    pub(crate) fn place(&self, id: &str) -> Option<Place> {
        self.places.get(id).copied()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Arc<R>> {
        self.place(id).and_then(|place| self.at(place))
    }

    pub(crate) fn at(&self, place: Place) -> Option<&Arc<R>> {
        self.rows.get(place as usize)?.as_ref()
    }

    pub(crate) fn at_mut(&mut self, place: Place) -> Option<&mut R> {
        self.rows.get_mut(place as usize)?.as_mut().map(Arc::make_mut)
    }

    pub(crate) fn iter(&self) -> std::iter::Flatten<std::slice::Iter<'_, Option<Arc<R>>>> {
        self.rows.iter().flatten()
    }

    /// Returns all records with their places.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (Place, &Arc<R>)> {
        let places = self.rows.iter().enumerate();
        places.filter_map(|(place, row)| Some((place as Place, row.as_ref()?)))
    }
}
