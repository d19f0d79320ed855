//! The world as records: what is written to disk, and compared in tests.

use std::collections::BTreeSet;

use connect_model::{DateTime, ProductId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::number::Numbers;
use super::table::{Record, Table};
use super::{Event, ObjectRef, Setting, World, WorldId};

/// The kind of the one record that is about the world itself.
pub(super) const WORLD: &str = "world";
/// The kind of the one record of all parties.
pub(super) const GROUND: &str = "ground";

/// One record to be kept, or to be forgotten when it has no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) kind: &'static str,
    pub(crate) id: Box<str>,
    /// The order of creation among records of the kind that have one.
    pub(crate) place: u32,
    pub(crate) body: Option<Vec<u8>>,
}

/// Records to be kept together.
pub(crate) type Writes = Vec<Write>;

/// What is true of the world as a whole.
#[derive(Serialize, Deserialize)]
pub(super) struct Facts {
    /// Absent in files of versions before it was kept.
    #[serde(default)]
    pub(super) id: Option<WorldId>,
    pub(super) numbers: Numbers,
    pub(super) featured: ProductId,
    pub(super) now: DateTime,
}

impl Facts {
    /// Those of a world in which nothing has happened.
    pub(super) fn new(setting: &Setting, featured: ProductId) -> Self {
        let (id, numbers) = (Some(setting.id.clone()), Numbers::new(setting.seed));
        Self { id, numbers, featured, now: DateTime::default() }
    }
}

impl World {
    /// The records that make the world what it is after these events.
    pub(crate) fn writes_of(&self, events: &[Event]) -> Writes {
        let changed: BTreeSet<&ObjectRef> = events.iter().map(|event| &event.object).collect();
        let mut writes: Writes = changed.into_iter().map(|object| self.write_of(object)).collect();
        writes.push(self.facts());
        writes
    }

    fn write_of(&self, object: &ObjectRef) -> Write {
        let id = object.id();
        let (place, body) = match object {
            ObjectRef::Request(_) => filed(&self.requests, id),
            ObjectRef::Asset(_) => filed(&self.assets, id),
            ObjectRef::Conversation(_) => filed(&self.conversations, id),
            ObjectRef::Product(id) => (0, self.shared.products.get(id).map(body)),
            ObjectRef::TierAccount(_) => filed(&self.shared.tier_accounts, id),
        };
        Write { kind: object.kind(), id: id.into(), place, body }
    }

    /// The record of the world itself.
    pub(crate) fn facts(&self) -> Write {
        let facts = Facts {
            id: Some(self.id.clone()),
            numbers: self.numbers.clone(),
            featured: self.featured.clone(),
            now: self.now,
        };
        Write { kind: WORLD, id: WORLD.into(), place: 0, body: Some(body(&facts)) }
    }

    /// Every record there is.
    pub(crate) fn all_writes(&self) -> Writes {
        let ground = Some(body(&self.shared.ground));
        let mut writes =
            vec![self.facts(), Write { kind: GROUND, id: GROUND.into(), place: 0, body: ground }];
        let mut add = |object: ObjectRef| writes.push(self.write_of(&object));
        self.shared.products.keys().for_each(|id| add(ObjectRef::Product(id.clone())));
        self.shared.tier_accounts.iter().for_each(|it| add(ObjectRef::TierAccount(it.id())));
        self.assets.iter().for_each(|it| add(ObjectRef::Asset(it.id.clone())));
        self.requests.iter().for_each(|it| add(ObjectRef::Request(it.id.clone())));
        self.conversations.iter().for_each(|it| add(ObjectRef::Conversation(it.id.clone())));
        writes
    }

    /// The whole world as JSON, by kind and id: two worlds are the same when their dumps are.
    #[must_use]
    pub fn dump(&self) -> Value {
        let mut kinds = Map::new();
        for write in self.all_writes() {
            let body = write.body.and_then(|body| serde_json::from_slice(&body).ok());
            let kind = kinds.entry(write.kind).or_insert_with(|| Map::new().into());
            kind[&*write.id] = body.unwrap_or_default();
        }
        kinds.into()
    }
}

fn body(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}

fn filed<R: Record + Serialize>(table: &Table<R>, id: &str) -> (u32, Option<Vec<u8>>) {
    let place = table.place(id).unwrap_or_default();
    (place, table.get(id).map(body))
}
