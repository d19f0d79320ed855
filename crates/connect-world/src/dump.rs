//! The world as records: what is written to disk, and compared in tests.

use std::collections::BTreeSet;

use connect_model::{DateTime, ProductId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::{Event, ObjectRef};
use crate::identity::WorldId;
use crate::kinds::{all_objects, write_of_object};
use crate::number::Numbers;
use crate::state::State;
use crate::write::{Write, Writes, body};

/// The kind of the one record that is about the world itself.
pub(crate) const WORLD: &str = "world";

/// The facts about the world as a whole.
#[derive(Serialize, Deserialize)]
pub(crate) struct Facts {
    /// The world's id; absent in files of versions before it was kept.
    #[serde(default)]
    pub(crate) id: Option<WorldId>,
    pub(crate) numbers: Numbers,
    pub(crate) featured: ProductId,
    pub(crate) now: DateTime,
}

/// Returns the records that make the world what it is after these events.
pub(crate) fn writes_of(state: &State, events: &[Event]) -> Writes {
    let changed: BTreeSet<&ObjectRef> = events.iter().map(|event| &event.object).collect();
    let objects = changed.into_iter().filter_map(|object| write_of_object(state, object));
    objects.chain([facts(state)]).collect()
}

/// Returns the record of the world itself.
pub(crate) fn facts(state: &State) -> Write {
    let facts = Facts {
        id: Some(state.id.clone()),
        numbers: state.numbers.clone(),
        featured: state.featured.clone(),
        now: state.now,
    };
    Write { kind: WORLD, id: WORLD.into(), place: 0, body: Some(body(&facts)) }
}

/// Returns every record there is.
pub(crate) fn all_writes(state: &State) -> Writes {
    let mut writes = all_objects(state);
    writes.push(facts(state));
    writes
}

/// Returns the whole world as JSON, by kind and id: two worlds are the same when their dumps are.
pub(crate) fn dump(state: &State) -> Value {
    let mut kinds = Map::new();
    for write in all_writes(state) {
        let body = write.body.and_then(|body| serde_json::from_slice(&body).ok());
        let kind = kinds.entry(write.kind).or_insert_with(|| Map::new().into());
        kind[&*write.id] = body.unwrap_or_default();
    }
    kinds.into()
}
