//! The world as records: what is written to disk, read back, and compared in tests.

use std::collections::BTreeSet;
use std::sync::Arc;

use connect_model::{DateTime, ProductId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::asset::AssetRecord;
use super::conversation::ConversationRecord;
use super::number::Numbers;
use super::product::ProductRecord;
use super::request::RequestRecord;
use super::shared::Shared;
use super::table::{Record, Table};
use super::tier_account::TierAccountRecord;
use super::{Event, ObjectRef, Setting, World};

/// The kind of the one record that is about the world itself.
const WORLD: &str = "world";
/// The kind of the one record of all parties.
const GROUND: &str = "ground";

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

/// A record as it was kept.
pub(crate) struct Kept {
    pub(crate) kind: String,
    pub(crate) place: u32,
    pub(crate) body: Vec<u8>,
}

/// A record that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("a record of kind `{kind}` cannot be read")]
pub struct BadRecord {
    kind: String,
    #[source]
    source: serde_json::Error,
}

/// What is true of the world as a whole.
#[derive(Serialize, Deserialize)]
struct Facts {
    numbers: Numbers,
    featured: ProductId,
    now: DateTime,
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
            ObjectRef::TierAccount(id) => (0, self.shared.tier_accounts.get(id).map(body)),
        };
        Write { kind: object.kind(), id: id.into(), place, body }
    }

    fn facts(&self) -> Write {
        let facts =
            Facts { numbers: self.numbers.clone(), featured: self.featured.clone(), now: self.now };
        Write { kind: WORLD, id: WORLD.into(), place: 0, body: Some(body(&facts)) }
    }

    /// Every record there is.
    pub(crate) fn all_writes(&self) -> Writes {
        let ground = Some(body(&self.shared.ground));
        let mut writes =
            vec![self.facts(), Write { kind: GROUND, id: GROUND.into(), place: 0, body: ground }];
        let mut add = |object: ObjectRef| writes.push(self.write_of(&object));
        self.shared.products.keys().for_each(|id| add(ObjectRef::Product(id.clone())));
        self.shared.tier_accounts.keys().for_each(|id| add(ObjectRef::TierAccount(id.clone())));
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

    /// The world that was kept as these records, in any order. Indexes are built anew.
    pub(crate) fn restore(
        setting: Setting,
        kept: impl Iterator<Item = Kept>,
    ) -> Result<Self, BadRecord> {
        let mut records = Records::default();
        for record in kept {
            records.add(&record)?;
        }
        Ok(records.into_world(setting))
    }
}

fn body(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}

fn filed<R: Record + Serialize>(table: &Table<R>, id: &str) -> (u32, Option<Vec<u8>>) {
    let place = table.place(id).unwrap_or_default();
    (place, table.get(id).map(body))
}

/// Records as they come from disk, not yet in their order.
#[derive(Default)]
struct Records {
    facts: Option<Facts>,
    shared: Shared,
    assets: Vec<(u32, AssetRecord)>,
    requests: Vec<(u32, RequestRecord)>,
    conversations: Vec<(u32, ConversationRecord)>,
}

impl Records {
    fn add(&mut self, record: &Kept) -> Result<(), BadRecord> {
        match record.kind.as_str() {
            WORLD => self.facts = Some(read(record)?),
            GROUND => self.shared.ground = Arc::new(read(record)?),
            "product" => {
                let product: ProductRecord = read(record)?;
                self.shared.products.insert(product.id().clone(), Arc::new(product));
            }
            "tier_account" => {
                let account: TierAccountRecord = read(record)?;
                self.shared.put_account(account);
            }
            "asset" => self.assets.push((record.place, read(record)?)),
            "request" => self.requests.push((record.place, read(record)?)),
            "conversation" => self.conversations.push((record.place, read(record)?)),
            _ => {}
        }
        Ok(())
    }

    fn into_world(self, setting: Setting) -> World {
        let facts = self.facts.unwrap_or_else(|| Facts {
            numbers: Numbers::new(setting.seed),
            featured: ProductId::default(),
            now: DateTime::default(),
        });
        let mut world = World::empty(setting, facts.numbers, facts.featured, self.shared);
        world.now = facts.now;
        world.reserve(self.requests.len());
        in_order(self.assets).for_each(|asset| world.insert_asset(asset));
        in_order(self.requests).for_each(|request| world.insert_shared(request));
        in_order(self.conversations).for_each(|it| {
            world.conversations.push(it);
        });
        world
    }
}

fn read<R: DeserializeOwned>(record: &Kept) -> Result<R, BadRecord> {
    serde_json::from_slice(&record.body)
        .map_err(|source| BadRecord { kind: record.kind.clone(), source })
}

fn in_order<R>(mut rows: Vec<(u32, R)>) -> impl Iterator<Item = R> {
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, record)| record)
}

impl World {
    pub(super) fn reserve(&mut self, more: usize) {
        self.assets.reserve(more);
        self.requests.reserve(more);
        self.conversations.reserve(more);
        self.histories.reserve(more);
    }

    /// Adds a request whose rows are again those of its asset where they are equal, as they were
    /// before they went to disk.
    fn insert_shared(&mut self, mut request: RequestRecord) {
        if let Some(asset) = self.assets.get(request.asset.as_str()) {
            request.asset = asset.id.clone();
            share(&mut request.items, &asset.items);
            share(&mut request.params, &asset.params);
            share(&mut request.tiers, &asset.tiers);
        }
        self.insert_request(request);
    }
}

fn share<T: PartialEq + ?Sized>(own: &mut Arc<T>, other: &Arc<T>) {
    if own == other {
        *own = Arc::clone(other);
    }
}
