//! All state of the emulated platform, and the only place with rules.
//!
//! A [`World`] is synchronous and does no IO: [commands](Command) go in, [events](Event) or a
//! [refusal](Denied) come out. Time and chance are passed in, so the same commands at the same
//! times make the same world. Doors (REST, pages) speak to it through
//! [`Platform`](crate::platform::Platform) and have no rule of their own.
//!
//! ```
//! use std::sync::Arc;
//! use connect_emulator::clock::SystemClock;
//! use connect_emulator::scenario::Scenario;
//! use connect_emulator::world::{Collection, Command, Setting, World};
//!
//! let mut world = World::found(Scenario::demo(), Setting::new(Arc::new(SystemClock), 7));
//! let vendor = world.authenticate(&world.keys().vendor).ok_or("the demo has a vendor")?;
//! let body = serde_json::json!({
//!     "type": "purchase",
//!     "asset": {
//!         "product": {"id": world.product()},
//!         "connection": {"type": "preview"},
//!         "items": [{"mpn": "MPN-A", "quantity": 10}],
//!     },
//! });
//! world.apply(&vendor, Command::CreateRequest { body })?;
//! let listed = world.list(&vendor, &Collection::Requests, "eq(status,pending)")?;
//! assert_eq!(listed.range.to_string(), "items 0-0/1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod actor;
mod approve;
mod asset;
pub(crate) mod body;
pub(crate) mod catalog;
mod collections;
mod command;
mod contract;
mod conversation;
mod create;
mod denied;
mod draft;
mod dump;
mod format;
mod ground;
mod hub;
mod identity;
mod index;
mod items;
mod listed;
mod listing;
mod marketplace;
mod number;
mod operate;
mod page;
mod params;
mod product;
mod purchase;
mod read;
mod render;
mod request;
mod restore;
mod row;
mod seed;
mod shared;
mod shown;
mod table;
mod tier_account;
mod update;
mod value;
mod view;
mod write;

pub use actor::{Actor, Side, Token};
pub use collections::Collection;
pub use command::{Applied, Command, Event, EventKind, ListPage, ObjectRef};
pub use denied::Denied;
pub use identity::WorldId;
pub use restore::BadRecord;
pub use seed::Fixture;

pub(crate) use dump::{Write, Writes};
pub(crate) use ground::{
    ConnectionRecord, Contract, Ground, KeyRecord, Listing, NO_CONNECTION, Person,
};
pub(crate) use product::{CatalogItem, ParameterSpec, ProductRecord};
pub(crate) use restore::Kept;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use connect_model::{
    AccountId, AssetId, ConnectionId, ConnectionType, DateTime, ProductId, Reference, RequestId,
};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::clock::Clock;
use crate::scenario::{Keys, Scenario};
use asset::{AssetRecord, TierRef};
use conversation::ConversationRecord;
use dump::Facts;
use index::{AssetKey, Index, RequestKey};
use number::Numbers;
use request::RequestRecord;
use shared::Shared;
use table::{Place, Table};
use tier_account::AccountView;

/// What a world is given from outside.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where ids and codes of a new world begin. A world read from disk keeps its own.
    pub seed: u64,
    /// Which world a new one is. A world read from disk keeps its own.
    pub id: WorldId,
    /// Where links to the emulator begin, such as `http://127.0.0.1:4000`.
    pub base_url: String,
    /// Refuse unknown filter names. The platform ignores them, so a typo returns all rows.
    pub strict: bool,
}

impl Setting {
    /// A setting with a clock, a seed and the world's id that follows from it, links below
    /// `http://127.0.0.1`, and the platform's own leniency.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let base_url = "http://127.0.0.1".to_owned();
        Self { clock, seed, id: WorldId::of_seed(seed), base_url, strict: false }
    }
}

/// All state of the emulated platform.
pub struct World {
    setting: Setting,
    id: WorldId,
    /// When the present command is carried out, in whole seconds; never earlier than before.
    now: DateTime,
    numbers: Numbers,
    featured: ProductId,
    pub(crate) shared: Arc<Shared>,
    requests: Table<RequestRecord>,
    assets: Table<AssetRecord>,
    conversations: Table<ConversationRecord>,
    /// The requests of each asset, both by place.
    histories: Vec<Vec<Place>>,
    /// Assets by the hub's unique id.
    by_uid: HashMap<Box<str>, Vec<Place>>,
    request_index: Index<RequestKey>,
    asset_index: Index<AssetKey>,
    /// What the present command changed so far.
    events: Vec<Event>,
}

impl World {
    /// A new world with the parties and products of a scenario.
    #[must_use]
    pub fn found(scenario: Scenario, setting: Setting) -> Self {
        let products = scenario.products.into_iter();
        let shared = Shared {
            ground: Arc::new(scenario.ground),
            products: products.map(|it| (it.id().clone(), Arc::new(it))).collect(),
            ..Shared::default()
        };
        let facts = Facts::new(&setting, scenario.featured);
        Self::empty(setting, facts, shared)
    }

    fn empty(setting: Setting, facts: Facts, shared: Shared) -> Self {
        let Facts { id, numbers, featured, now } = facts;
        Self {
            id: id.unwrap_or_else(|| setting.id.clone()),
            setting,
            now,
            numbers,
            featured,
            shared: Arc::new(shared),
            requests: Table::default(),
            assets: Table::default(),
            conversations: Table::default(),
            histories: Vec::new(),
            by_uid: HashMap::new(),
            request_index: Index::default(),
            asset_index: Index::default(),
            events: Vec::new(),
        }
    }

    /// The only way to change anything. A refused command changes nothing.
    ///
    /// # Errors
    ///
    /// How the platform refuses the command.
    pub fn apply(&mut self, who: &Actor, command: Command) -> Result<Applied, Denied> {
        let before = self.now;
        self.tick();
        let answer = self.carry_out(who, command);
        let events = std::mem::take(&mut self.events);
        debug_assert!(answer.is_ok() || events.is_empty(), "a refused command changed something");
        let (status, body) = answer.inspect_err(|_| self.now = before)?;
        Ok(Applied { status, body, events })
    }

    fn tick(&mut self) {
        let second = self.setting.clock.now().as_second();
        let now = Timestamp::from_second(second).unwrap_or_default();
        self.now = self.now.max(now.into());
    }

    fn carry_out(&mut self, who: &Actor, command: Command) -> Result<(StatusCode, Bytes), Denied> {
        use Command as C;
        match command {
            C::CreateRequest { body } => self.create_request(who, &body).map(created),
            C::Operate { id, operation, body, code } => {
                self.operate(who, &id, operation, &body, code.as_deref()).map(done)
            }
            C::CreateProduct { body } => self.create_product(who, &body).map(created),
            C::UpdateProduct { id, body } => self.update_product(who, &id, &body).map(done),
            C::DeleteProduct { id } => self.delete_product(who, &id).map(deleted),
            C::CreateItem { product, body } => self.create_item(who, &product, &body).map(created),
            C::UpdateItem { product, id, body } => {
                self.update_item(who, &product, &id, &body).map(done)
            }
            C::DeleteItem { product, id } => self.delete_item(who, &product, &id).map(deleted),
            C::CreateParameter { product, body } => {
                self.create_parameter(who, &product, &body).map(created)
            }
            C::UpdateParameter { product, id, body } => {
                self.update_parameter(who, &product, &id, &body).map(done)
            }
            C::DeleteParameter { product, id } => {
                self.delete_parameter(who, &product, &id).map(deleted)
            }
            C::CreateTemplate { product, body } => {
                self.create_template(who, &product, &body).map(created)
            }
            C::UpdateTemplate { product, id, body } => {
                self.update_template(who, &product, &id, &body).map(done)
            }
            C::DeleteTemplate { product, id } => {
                self.delete_template(who, &product, &id).map(deleted)
            }
            C::CreateTierAccount { body } => self.create_tier_account(who, &body).map(created),
            C::UpdateTierAccount { id, body } => {
                self.update_tier_account(who, &id, &body).map(done)
            }
            C::CreateMessage { conversation, body } => {
                self.create_message(who, &conversation, &body).map(created)
            }
            C::CloseConversation { conversation } => {
                self.close_conversation(who, &conversation).map(done)
            }
        }
    }

    /// Who the value of an `Authorization` header belongs to. Takes the same time for every wrong
    /// key of the same length.
    #[must_use]
    pub fn authenticate(&self, authorization: &str) -> Option<Actor> {
        self.shared.ground.authenticate(authorization)
    }

    /// The keys of the world's first vendor and distributor.
    #[must_use]
    pub fn keys(&self) -> Keys {
        self.shared.ground.keys()
    }

    /// Which world this is.
    #[must_use]
    pub fn id(&self) -> &WorldId {
        &self.id
    }

    /// The product the scenario is about.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.featured
    }

    /// Whether an object shows an icon at this address.
    pub(crate) fn has_icon(&self, address: &str) -> bool {
        let ground = &self.shared.ground;
        let accounts = ground.accounts.iter().map(|it| &it.rest);
        let marketplaces = ground.marketplaces.iter().map(|it| &it.rest);
        let products = self.shared.products.values().map(|it| &it.product.rest);
        let mut all = accounts.chain(marketplaces).chain(products);
        all.any(|rest| rest.get("icon").and_then(Value::as_str) == Some(address))
    }

    /// The password parameters of all products, by key and by id: what bodies may call them.
    pub(crate) fn secret_parameters(&self) -> HashSet<String> {
        let specs = self.shared.products.values().flat_map(|product| product.secrets());
        let names =
            |spec: &Arc<ParameterSpec>| [spec.key.to_string(), spec.parameter.id.to_string()];
        specs.flat_map(names).collect()
    }

    /// The values of an asset's password parameters, also of deleted ones.
    pub(crate) fn secret_values(&self, asset: &AssetId) -> Vec<String> {
        let Some(asset) = self.assets.get(asset.as_str()) else { return Vec::new() };
        let product = self.shared.product(asset.product.as_str());
        let secrets = product.into_iter().flat_map(|product| product.secrets());
        let of = |spec: &Arc<ParameterSpec>| asset.params.iter().find(|row| row.key == spec.key);
        let values = secrets.filter_map(of).map(|row| row.value.to_string());
        values.filter(|value| !value.is_empty()).collect()
    }

    /// Where the requests of an asset are, oldest first.
    fn places_of(&self, asset: &str) -> impl DoubleEndedIterator<Item = &Place> {
        let places = self.assets.place(asset).and_then(|place| self.histories.get(place as usize));
        places.into_iter().flatten()
    }

    /// The requests of an asset, oldest first.
    fn history(&self, asset: &str) -> impl DoubleEndedIterator<Item = &Arc<RequestRecord>> {
        self.places_of(asset).filter_map(|place| self.requests.at(*place))
    }

    /// The environment of a connection; what is not there is a preview.
    fn environment(&self, connection: &ConnectionId) -> &str {
        let found = self.shared.ground.connection(connection.as_str());
        found.map_or(ConnectionType::Preview.as_str(), |record| record.link.kind.as_str())
    }

    /// The requests that keep others of the asset out.
    fn open_requests(&self, asset: &impl AsRef<str>) -> impl Iterator<Item = &Arc<RequestRecord>> {
        self.history(asset.as_ref()).filter(|request| request.is_open())
    }

    fn tier_account_at(&self, tier: &TierRef, newest: bool) -> Option<AccountView<'_>> {
        let record = self.shared.tier_account(tier)?;
        if newest { record.shown() } else { record.version(tier.version).map(|it| record.show(it)) }
    }

    /// The vendor and the distributor of a request; on preview the vendor alone.
    fn parties_of(&self, request: &RequestId) -> Vec<Reference<AccountId>> {
        let request = self.requests.get(request.as_str());
        let Some(asset) = request.and_then(|it| self.assets.get(it.asset.as_str())) else {
            return Vec::new();
        };
        let product = self.shared.product(asset.product.as_str());
        let vendor = product.and_then(|record| record.product.owner.clone());
        let connection = self.shared.ground.connection(asset.connection.as_str());
        let provider = connection.and_then(|record| record.link.provider.clone());
        vendor.into_iter().chain(provider).collect()
    }

    /// The link to the customer's form, while there is one.
    fn form_url(&self, request: &RequestRecord) -> String {
        let Some(code) = &request.form_code else { return String::new() };
        format!("{}/forms/?code={code}&request_id={}", self.setting.base_url, request.id)
    }
}

fn created(body: Bytes) -> (StatusCode, Bytes) {
    (StatusCode::CREATED, body)
}

fn done(body: Bytes) -> (StatusCode, Bytes) {
    (StatusCode::OK, body)
}

fn deleted((): ()) -> (StatusCode, Bytes) {
    (StatusCode::NO_CONTENT, Bytes::new())
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("requests", &self.requests.len())
            .field("assets", &self.assets.len())
            .finish_non_exhaustive()
    }
}
