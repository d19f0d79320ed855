//! All that is known of the emulated platform.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use connect_model::{AssetId, ConnectionId, ConnectionType, DateTime, MessageId, ProductId};
use jiff::Timestamp;

use crate::asset::record::{AssetRecord, TierRef};
use crate::billing_request::record::BillingRequestRecord;
use crate::conversation::record::ConversationRecord;
use crate::course::Course;
use crate::due_index::DueIndex;
use crate::event::{Event, EventKind, ObjectRef};
use crate::identity::WorldId;
use crate::index::{AssetKey, Index, RequestKey};
use crate::number::Numbers;
use crate::request::record::RequestRecord;
use crate::setting::Setting;
use crate::shared::Shared;
use crate::table::{Place, Table};
use crate::tier_account::record::AccountView;
use crate::tier_account_request::record::TierAccountRequestRecord;
use crate::tier_config::record::{TierConfigKey, TierConfigRecord};
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::usage_chunk::record::UsageChunk;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_reconciliation::record::Reconciliation;
use crate::usage_record::record::UsageBlock;
use crate::usage_rule::record::UsageRule;
use crate::webhook::record::WebhookRecord;

/// The records of a world, and the indexes over them. Records change in one place, which keeps the
/// indexes true: the functions of [`stored`](crate::stored).
pub(crate) struct State {
    pub(crate) setting: Setting,
    pub(crate) id: WorldId,
    /// The time at which the present command is carried out; never earlier than before.
    pub(crate) moment: Timestamp,
    /// The same in whole seconds, as records have it.
    pub(crate) now: DateTime,
    pub(crate) numbers: Numbers,
    pub(crate) featured: ProductId,
    pub(crate) shared: Arc<Shared>,
    pub(crate) requests: Table<RequestRecord>,
    pub(crate) assets: Table<AssetRecord>,
    pub(crate) conversations: Table<ConversationRecord>,
    pub(crate) tier_account_requests: Table<TierAccountRequestRecord>,
    pub(crate) tier_configs: Table<TierConfigRecord>,
    pub(crate) tier_config_requests: Table<TierConfigRequestRecord>,
    pub(crate) billing_requests: Table<BillingRequestRecord>,
    pub(crate) usage_files: Table<UsageFileRecord>,
    pub(crate) usage_records: Table<UsageBlock>,
    pub(crate) usage_chunks: Table<UsageChunk>,
    pub(crate) usage_reconciliations: Table<Reconciliation>,
    pub(crate) usage_rules: Table<UsageRule>,
    pub(crate) webhooks: Table<WebhookRecord>,
    /// Tier configurations by what they are for.
    pub(crate) tier_config_places: HashMap<TierConfigKey, Place>,
    /// The requests of each asset, both by place.
    pub(crate) histories: Vec<Vec<Place>>,
    /// The billing requests of each asset that has any.
    pub(crate) bills: HashMap<AssetId, Vec<Place>>,
    /// Assets by the hub's unique id.
    pub(crate) by_uid: HashMap<Box<str>, Vec<Place>>,
    pub(crate) request_index: Index<RequestKey>,
    pub(crate) asset_index: Index<AssetKey>,
    /// The webhooks whose next call is due, by when.
    pub(crate) webhook_calls: BTreeSet<(Timestamp, Place)>,
    /// What the platform does by itself, by when.
    pub(crate) due: DueIndex,
    /// The changes of the present command so far.
    pub(crate) events: Vec<Event>,
}

impl State {
    /// Returns the state of a world without any object.
    pub(crate) fn new(setting: Setting, numbers: Numbers) -> Self {
        Self {
            id: setting.id.clone(),
            setting,
            moment: Timestamp::default(),
            now: DateTime::default(),
            numbers,
            featured: ProductId::default(),
            shared: Arc::default(),
            requests: Table::default(),
            assets: Table::default(),
            conversations: Table::default(),
            tier_account_requests: Table::default(),
            tier_configs: Table::default(),
            tier_config_requests: Table::default(),
            billing_requests: Table::default(),
            usage_files: Table::default(),
            usage_records: Table::default(),
            usage_chunks: Table::default(),
            usage_reconciliations: Table::default(),
            usage_rules: Table::default(),
            webhooks: Table::default(),
            tier_config_places: HashMap::new(),
            histories: Vec::new(),
            bills: HashMap::new(),
            by_uid: HashMap::new(),
            request_index: Index::default(),
            asset_index: Index::default(),
            webhook_calls: BTreeSet::new(),
            due: DueIndex::default(),
            events: Vec::new(),
        }
    }

    /// Returns a world at a moment with the same products, accounts and parties, in which there is
    /// nothing else: to see there what a command would do.
    pub(crate) fn aside(&self, at: Timestamp) -> Self {
        let mut aside = Self::new(self.setting.clone(), self.numbers.clone());
        aside.shared = Arc::clone(&self.shared);
        aside.now = self.now;
        aside.advance_to(at);
        aside
    }

    /// Lets time pass to a moment. It never goes back.
    pub(crate) fn advance_to(&mut self, moment: Timestamp) {
        let second = Timestamp::from_second(moment.as_second()).unwrap_or_default();
        self.now = self.now.max(second.into());
        self.moment = moment;
    }

    /// Notes that an object changed. A command says so once for each object.
    pub(crate) fn raise(&mut self, kind: EventKind, object: ObjectRef) {
        if self.events.iter().all(|event| event.object != object) {
            self.events.push(Event { at: self.moment, kind, object });
        }
    }

    /// Returns the places of an asset's requests, oldest first.
    pub(crate) fn places_of(&self, asset: &str) -> impl DoubleEndedIterator<Item = &Place> {
        let places = self.assets.place(asset).and_then(|place| self.histories.get(place as usize));
        places.into_iter().flatten()
    }

    /// Returns the requests of an asset, oldest first.
    pub(crate) fn history(
        &self,
        asset: &str,
    ) -> impl DoubleEndedIterator<Item = &Arc<RequestRecord>> {
        self.places_of(asset).filter_map(|place| self.requests.at(*place))
    }

    /// Returns the billing requests of an asset, oldest first.
    pub(crate) fn bills_of(
        &self,
        asset: &AssetId,
    ) -> impl Iterator<Item = &Arc<BillingRequestRecord>> + use<'_> {
        let places = self.bills.get(asset).into_iter().flatten();
        places.filter_map(|place| self.billing_requests.at(*place))
    }

    /// Returns the requests that keep others of the asset out.
    pub(crate) fn open_requests(
        &self,
        asset: &impl AsRef<str>,
    ) -> impl Iterator<Item = &Arc<RequestRecord>> {
        self.history(asset.as_ref()).filter(|request| request.is_open())
    }

    /// Returns the environment of a connection; what is not there is a preview.
    pub(crate) fn environment(&self, connection: &ConnectionId) -> &str {
        let found = self.shared.parties.connection(connection.as_str());
        found.map_or(ConnectionType::Preview.as_str(), |record| record.link.kind.as_str())
    }

    /// Returns a tier account in the version that is meant, or in its newest.
    pub(crate) fn tier_account_at(&self, tier: &TierRef, newest: bool) -> Option<AccountView<'_>> {
        let record = self.shared.tier_account(tier)?;
        if newest { record.shown() } else { record.version(tier.version).map(|it| record.show(it)) }
    }

    /// Returns the link to the form of a request, while there is one.
    pub(crate) fn form_url(&self, request: Course<'_>) -> String {
        let Some(code) = request.form_code else { return String::new() };
        format!("{}/forms/?code={code}&request_id={}", self.setting.base_url, request.id)
    }

    /// Issues the id of the next message.
    pub(crate) fn issue_message(&mut self) -> MessageId {
        MessageId::from_number(self.numbers.issue())
    }
}
