//! Places by what lists filter on, so that a page costs the same however large the world is.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, btree_set};

use connect_model::{AssetRequestType, AssetStatus, ConnectionId, ProductId, RequestStatus};

use crate::table::Place;

/// The key that requests are filed under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestKey {
    pub(crate) product: ProductId,
    pub(crate) connection: ConnectionId,
    pub(crate) kind: AssetRequestType,
    pub(crate) status: RequestStatus,
}

/// The key that assets are filed under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AssetKey {
    pub(crate) product: ProductId,
    pub(crate) connection: ConnectionId,
    pub(crate) status: AssetStatus,
}

/// Sets of places by key. There are as many keys as there are combinations in use, a few dozen
/// for each product.
pub(crate) struct Index<K> {
    sets: BTreeMap<K, BTreeSet<Place>>,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self { sets: BTreeMap::new() }
    }
}

impl<K: Ord> Index<K> {
    pub(crate) fn insert(&mut self, key: K, place: Place) {
        self.sets.entry(key).or_default().insert(place);
    }

    pub(crate) fn remove(&mut self, key: &K, place: Place) {
        let Some(set) = self.sets.get_mut(key) else { return };
        set.remove(&place);
        if set.is_empty() {
            self.sets.remove(key);
        }
    }

    /// Returns the sets under all keys that pass.
    pub(crate) fn select(&self, wanted: impl Fn(&K) -> bool) -> Vec<&BTreeSet<Place>> {
        self.sets.iter().filter(|(key, _)| wanted(key)).map(|(_, set)| set).collect()
    }
}

/// Whether a query that may pin a field to some texts lets this one through.
pub(crate) fn pinned(texts: &Option<Vec<&str>>, text: &str) -> bool {
    texts.as_ref().is_none_or(|texts| texts.contains(&text))
}

/// The order in which a list is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    OldestFirst,
    NewestFirst,
}

/// Walks disjoint sets as if they were one.
pub(crate) fn merge(sets: Vec<&BTreeSet<Place>>, direction: Direction) -> Merge<'_> {
    let mut merge = Merge {
        sets: sets.into_iter().map(BTreeSet::iter).collect(),
        heads: BinaryHeap::new(),
        direction,
    };
    for set in 0..merge.sets.len() {
        merge.advance(set);
    }
    merge
}

/// The walk that [`merge`] returns.
pub(crate) struct Merge<'s> {
    sets: Vec<btree_set::Iter<'s, Place>>,
    heads: BinaryHeap<(Place, usize)>,
    direction: Direction,
}

impl Merge<'_> {
    /// Ranks a place in the heap, which keeps the greatest on top: walked from the oldest, places
    /// count backwards.
    fn rank(&self, place: Place) -> Place {
        match self.direction {
            Direction::NewestFirst => place,
            Direction::OldestFirst => Place::MAX - place,
        }
    }

    fn advance(&mut self, set: usize) {
        let next = self.sets.get_mut(set).and_then(|places| match self.direction {
            Direction::NewestFirst => places.next_back(),
            Direction::OldestFirst => places.next(),
        });
        if let Some(place) = next {
            self.heads.push((self.rank(*place), set));
        }
    }
}

impl Iterator for Merge<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let (rank, set) = self.heads.pop()?;
        self.advance(set);
        Some(self.rank(rank))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(direction: Direction) -> Vec<Place> {
        let sets = [BTreeSet::from([1, 4, 9]), BTreeSet::new(), BTreeSet::from([2, 3])];
        merge(sets.iter().collect(), direction).collect()
    }

    #[test]
    fn sets_are_walked_as_one_from_either_end() {
        assert_eq!(walk(Direction::OldestFirst), [1, 2, 3, 4, 9]);
        assert_eq!(walk(Direction::NewestFirst), [9, 4, 3, 2, 1]);
    }
}
