//! The only place where records change: each change keeps the indexes true and raises an event.

use std::sync::Arc;

use connect_model::{
    AssetId, AssetStatus, ConversationId, MessageId, ProductId, RequestId, RequestStatus,
};

use super::asset::AssetRecord;
use super::conversation::{ConversationRecord, MessageRecord, Said};
use super::index::{AssetKey, RequestKey};
use super::product::ProductRecord;
use super::request::RequestRecord;
use super::shared::Shared;
use super::tier_account::TierAccountRecord;
use super::{Event, EventKind, ObjectRef, World};

impl World {
    /// Makes room for as many more requests, each with an asset of its own.
    pub(super) fn reserve(&mut self, more: usize) {
        self.assets.reserve(more);
        self.requests.reserve(more);
        self.conversations.reserve(more);
        self.histories.reserve(more);
    }

    /// Notes that an object changed. A command says so once for each object.
    pub(super) fn raise(&mut self, kind: EventKind, object: ObjectRef) {
        if self.events.iter().all(|event| event.object != object) {
            let at = self.setting.clock.now();
            self.events.push(Event { at, kind, object });
        }
    }

    /// Adds an asset and files it.
    pub(super) fn add_asset(&mut self, asset: AssetRecord) {
        self.raise(EventKind::Created, ObjectRef::Asset(asset.id.clone()));
        self.insert_asset(asset);
    }

    pub(super) fn insert_asset(&mut self, asset: AssetRecord) {
        let (key, uid) = (asset_key(&asset), asset.external_uid.clone());
        let place = self.assets.push(asset);
        self.histories.push(Vec::new());
        self.asset_index.insert(key, place);
        if let Some(uid) = uid {
            self.by_uid.entry(uid).or_default().push(place);
        }
    }

    /// Adds a request and files it. Its asset must be there.
    pub(super) fn add_request(&mut self, request: RequestRecord) {
        self.raise(EventKind::Created, ObjectRef::Request(request.id.clone()));
        self.insert_request(request);
    }

    pub(super) fn insert_request(&mut self, request: RequestRecord) {
        let Some(asset) = self.assets.place(request.asset.as_str()) else { return };
        let key = self.assets.at(asset).map(|asset| request_key(&request, asset));
        let place = self.requests.push(request);
        if let Some(key) = key {
            self.request_index.insert(key, place);
        }
        if let Some(history) = self.histories.get_mut(asset as usize) {
            history.push(place);
        }
    }

    /// Writes to a request, stamps it, and files it anew when its status changed.
    pub(super) fn write_request(&mut self, id: &RequestId, write: impl FnOnce(&mut RequestRecord)) {
        let now = self.now;
        let Some(request) = self.requests.get_mut(id.as_str()) else { return };
        let before = request.status.clone();
        write(request);
        request.updated = now;
        let moved = request.status != before;
        if moved {
            self.refile_request(id, before);
        }
        self.raise(EventKind::Changed, ObjectRef::Request(id.clone()));
    }

    fn refile_request(&mut self, id: &RequestId, before: RequestStatus) {
        let Some(place) = self.requests.place(id.as_str()) else { return };
        let Some(request) = self.requests.at(place) else { return };
        let Some(asset) = self.assets.get(request.asset.as_str()) else { return };
        let after = request_key(request, asset);
        let before = RequestKey { status: before, ..after.clone() };
        self.request_index.remove(&before, place);
        self.request_index.insert(after, place);
    }

    /// Writes to an asset, stamps it, and files it anew when its status or the hub's id changed.
    pub(super) fn write_asset(&mut self, id: &AssetId, write: impl FnOnce(&mut AssetRecord)) {
        let now = self.now;
        let Some(asset) = self.assets.get_mut(id.as_str()) else { return };
        let (status, uid) = (asset.status.clone(), asset.external_uid.clone());
        write(asset);
        asset.updated = now;
        let (moved, renamed) = (asset.status != status, asset.external_uid != uid);
        if moved {
            self.refile_asset(id, status);
        }
        if renamed {
            self.refile_uid(id, uid.as_deref());
        }
        self.raise(EventKind::Changed, ObjectRef::Asset(id.clone()));
    }

    fn refile_uid(&mut self, id: &AssetId, before: Option<&str>) {
        let Some(place) = self.assets.place(id.as_str()) else { return };
        if let Some(known) = before.and_then(|uid| self.by_uid.get_mut(uid)) {
            known.retain(|other| *other != place);
        }
        let after = self.assets.at(place).and_then(|asset| asset.external_uid.clone());
        if let Some(uid) = after {
            self.by_uid.entry(uid).or_default().push(place);
        }
    }

    fn refile_asset(&mut self, id: &AssetId, before: AssetStatus) {
        let Some(place) = self.assets.place(id.as_str()) else { return };
        let Some(asset) = self.assets.at(place) else { return };
        let after = asset_key(asset);
        let before = AssetKey { status: before, ..after.clone() };
        self.asset_index.remove(&before, place);
        self.asset_index.insert(after, place);
    }

    /// Opens the conversation of a request and says its first status there.
    pub(super) fn open_conversation(&mut self, request: &RequestRecord) {
        let opened = self.conversation_of(request);
        self.raise(EventKind::Created, ObjectRef::Conversation(opened.id.clone()));
        self.conversations.push(opened);
    }

    pub(super) fn conversation_of(&mut self, request: &RequestRecord) -> ConversationRecord {
        let said = Said::Turn(request.status.clone());
        let first =
            MessageRecord { id: self.issue_message(), at: request.created, author: None, said };
        ConversationRecord {
            id: request.conversation.clone(),
            request: request.id.clone(),
            closed: false,
            created: request.created,
            creator: request.creator.clone(),
            updated: request.created,
            messages: vec![first],
        }
    }

    pub(super) fn issue_message(&mut self) -> MessageId {
        MessageId::from_number(self.numbers.issue())
    }

    pub(super) fn write_conversation(
        &mut self,
        id: &ConversationId,
        write: impl FnOnce(&mut ConversationRecord),
    ) {
        let now = self.now;
        let Some(conversation) = self.conversations.get_mut(id.as_str()) else { return };
        write(conversation);
        conversation.updated = now;
        self.raise(EventKind::Changed, ObjectRef::Conversation(id.clone()));
    }

    /// Adds or replaces a product.
    pub(super) fn put_product(&mut self, kind: EventKind, product: ProductRecord) {
        let id = product.id().clone();
        self.shared_mut().products.insert(id.clone(), Arc::new(product));
        self.raise(kind, ObjectRef::Product(id));
    }

    /// Removes a product with all its parts.
    pub(super) fn remove_product(&mut self, id: &ProductId) {
        self.shared_mut().products.remove(id);
        self.raise(EventKind::Deleted, ObjectRef::Product(id.clone()));
    }

    /// Adds or replaces a tier account.
    pub(super) fn put_tier_account(&mut self, kind: EventKind, account: TierAccountRecord) {
        let id = account.id();
        self.shared_mut().put_account(account);
        self.raise(kind, ObjectRef::TierAccount(id));
    }

    fn shared_mut(&mut self) -> &mut Shared {
        Arc::make_mut(&mut self.shared)
    }
}

fn request_key(request: &RequestRecord, asset: &AssetRecord) -> RequestKey {
    RequestKey {
        product: asset.product.clone(),
        connection: asset.connection.clone(),
        kind: request.kind.clone(),
        status: request.status.clone(),
    }
}

fn asset_key(asset: &AssetRecord) -> AssetKey {
    AssetKey {
        product: asset.product.clone(),
        connection: asset.connection.clone(),
        status: asset.status.clone(),
    }
}
