//! Records as they were kept, to be read back.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::thread;

use serde::de::DeserializeOwned;

use crate::state::State;
use crate::stored::Stored;

/// The records of a world as they were kept, by kind and in any order.
#[derive(Default)]
pub struct Records {
    kinds: BTreeMap<Box<str>, Vec<Body>>,
}

struct Body {
    place: u32,
    json: Box<[u8]>,
}

/// A record that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("a record of kind `{kind}` cannot be read")]
pub struct BadRecord {
    kind: &'static str,
    #[source]
    source: serde_json::Error,
}

impl Records {
    /// Adds a record; its place is the order of creation among those of its kind.
    pub fn add(&mut self, kind: &str, place: u32, json: &[u8]) {
        let body = Body { place, json: json.into() };
        match self.kinds.get_mut(kind) {
            Some(bodies) => bodies.push(body),
            None => drop(self.kinds.insert(kind.into(), vec![body])),
        }
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Adds the records of a kind to a state.
    pub(crate) fn restore<R: Stored>(&mut self, state: &mut State) -> Result<(), BadRecord> {
        let (places, records): (Vec<u32>, Vec<R>) = self.placed(R::KIND)?;
        R::table_mut(state).reserve(records.len());
        for (place, mut record) in places.into_iter().zip(records) {
            record.share(state);
            R::table_mut(state).leave(place);
            state.insert(record);
        }
        Ok(())
    }

    /// Returns the records of a kind in their order.
    pub(crate) fn take<R: DeserializeOwned + Send>(
        &mut self,
        kind: &'static str,
    ) -> Result<Vec<R>, BadRecord> {
        self.placed(kind).map(|(_, records)| records)
    }

    /// Returns the same with their places, which those of removed records are not among.
    fn placed<R: DeserializeOwned + Send>(
        &mut self,
        kind: &'static str,
    ) -> Result<(Vec<u32>, Vec<R>), BadRecord> {
        let mut bodies = self.kinds.remove(kind).unwrap_or_default();
        bodies.sort_by_key(|body| body.place);
        let records = read(&bodies).map_err(|source| BadRecord { kind, source })?;
        Ok((bodies.iter().map(|body| body.place).collect(), records))
    }
}

/// Reads on all processors, because this is most of what a restart takes.
fn read<R: DeserializeOwned + Send>(bodies: &[Body]) -> serde_json::Result<Vec<R>> {
    let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = bodies.len().div_ceil(processors).max(1);
    thread::scope(|scope| {
        let shares = bodies.chunks(share);
        let readers: Vec<_> = shares.map(|share| scope.spawn(|| read_share(share))).collect();
        let mut records = Vec::with_capacity(bodies.len());
        for reader in readers {
            records.extend(reader.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(records)
    })
}

fn read_share<R: DeserializeOwned>(bodies: &[Body]) -> serde_json::Result<Vec<R>> {
    bodies.iter().map(|body| serde_json::from_slice(&body.json)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_in_the_order_of_their_places() {
        let mut kept = Records::default();
        for place in [3, 0, 4, 1, 2] {
            kept.add("asset", place, place.to_string().as_bytes());
        }
        assert_eq!(kept.take::<u32>("asset").unwrap(), [0, 1, 2, 3, 4]);
        assert!(kept.is_empty());
    }

    #[test]
    fn one_bad_record_among_good_ones_is_an_error() {
        let mut kept = Records::default();
        for (place, json) in ["1", "2", "{", "4"].into_iter().enumerate() {
            kept.add("asset", place as u32, json.as_bytes());
        }
        let error = kept.take::<u32>("asset").unwrap_err();
        assert_eq!(error.to_string(), "a record of kind `asset` cannot be read");
    }
}
