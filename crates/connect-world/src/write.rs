//! Objects as records to be kept.

use std::borrow::Borrow;

use serde::Serialize;

use crate::state::State;
use crate::stored::Stored;

/// One record to be kept, or to be forgotten when it has no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The word for the kind of the object.
    pub kind: &'static str,
    /// The id of the object.
    pub id: Box<str>,
    /// The order of creation among records of the kind.
    pub place: u32,
    /// The object as JSON.
    pub body: Option<Vec<u8>>,
}

/// Records to be kept together.
pub type Writes = Vec<Write>;

/// Returns the record of one object of a kind.
pub(crate) fn write_of<R: Stored>(state: &State, id: &str) -> Write {
    let table = R::table(state);
    let place = table.place(id).unwrap_or_default();
    Write { kind: R::KIND, id: id.into(), place, body: table.get(id).map(body) }
}

/// Returns the records of all objects of a kind.
pub(crate) fn all_of<R: Stored>(state: &State) -> impl Iterator<Item = Write> {
    R::table(state).placed().map(|(place, record)| {
        let id = record.id();
        Write { kind: R::KIND, id: id.borrow().into(), place, body: Some(body(record)) }
    })
}

/// Returns a record as JSON.
pub(crate) fn body(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}
