//! A world read back from its records.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use connect_model::ProductId;
use serde::de::DeserializeOwned;

use super::asset::AssetRecord;
use super::conversation::ConversationRecord;
use super::dump::{Facts, GROUND, WORLD};
use super::product::ProductRecord;
use super::request::RequestRecord;
use super::shared::Shared;
use super::tier_account::TierAccountRecord;
use super::{Setting, World};

/// The records of a world as they were kept, by kind and in any order.
#[derive(Default)]
pub(crate) struct Kept {
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

impl Kept {
    /// Adds a record; its place is the order of creation among those of its kind.
    pub(crate) fn add(&mut self, kind: &str, place: u32, json: &[u8]) {
        let body = Body { place, json: json.into() };
        match self.kinds.get_mut(kind) {
            Some(bodies) => bodies.push(body),
            None => drop(self.kinds.insert(kind.into(), vec![body])),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    fn take_one<R: DeserializeOwned + Send>(
        &mut self,
        kind: &'static str,
    ) -> Result<Option<R>, BadRecord> {
        Ok(self.take(kind)?.pop())
    }

    /// The records of a kind in their order.
    fn take<R: DeserializeOwned + Send>(
        &mut self,
        kind: &'static str,
    ) -> Result<Vec<R>, BadRecord> {
        let mut bodies = self.kinds.remove(kind).unwrap_or_default();
        bodies.sort_by_key(|body| body.place);
        read(&bodies).map_err(|source| BadRecord { kind, source })
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

impl World {
    /// The world that was kept as these records. Indexes are built anew.
    pub(crate) fn restore(setting: Setting, mut kept: Kept) -> Result<Self, BadRecord> {
        let facts: Option<Facts> = kept.take_one(WORLD)?;
        let facts = facts.unwrap_or_else(|| Facts::new(&setting, ProductId::default()));
        let shared = shared(&mut kept)?;
        let mut world = Self::empty(setting, facts, shared);
        world.restore_rows(&mut kept)?;
        Ok(world)
    }

    fn restore_rows(&mut self, kept: &mut Kept) -> Result<(), BadRecord> {
        let assets: Vec<AssetRecord> = kept.take("asset")?;
        let requests: Vec<RequestRecord> = kept.take("request")?;
        let conversations: Vec<ConversationRecord> = kept.take("conversation")?;
        self.reserve(requests.len());
        assets.into_iter().for_each(|asset| self.insert_asset(asset));
        requests.into_iter().for_each(|request| self.insert_shared(request));
        for conversation in conversations {
            self.conversations.push(conversation);
        }
        Ok(())
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

fn shared(kept: &mut Kept) -> Result<Shared, BadRecord> {
    let ground = Arc::new(kept.take_one(GROUND)?.unwrap_or_default());
    let mut shared = Shared { ground, ..Shared::default() };
    for product in kept.take::<ProductRecord>("product")? {
        shared.products.insert(product.id().clone(), Arc::new(product));
    }
    for account in kept.take::<TierAccountRecord>("tier_account")? {
        shared.put_account(account);
    }
    Ok(shared)
}

fn share<T: PartialEq + ?Sized>(own: &mut Arc<T>, other: &Arc<T>) {
    if own == other {
        *own = Arc::clone(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_in_the_order_of_their_places() {
        let mut kept = Kept::default();
        for place in [3, 0, 4, 1, 2] {
            kept.add("asset", place, place.to_string().as_bytes());
        }
        assert_eq!(kept.take::<u32>("asset").unwrap(), [0, 1, 2, 3, 4]);
        assert!(kept.is_empty());
    }

    #[test]
    fn one_bad_record_among_good_ones_is_an_error() {
        let mut kept = Kept::default();
        for (place, json) in ["1", "2", "{", "4"].into_iter().enumerate() {
            kept.add("asset", place as u32, json.as_bytes());
        }
        let error = kept.take::<u32>("asset").unwrap_err();
        assert_eq!(error.to_string(), "a record of kind `asset` cannot be read");
    }
}
