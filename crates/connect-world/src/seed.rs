//! Requests put into the world as if their story had been lived already: for tests and scenarios,
//! not for doors.

use std::sync::Arc;

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{
    AssetId, AssetRequestType, AssetStatus, BillingPeriod, ConnectionId, ContractId, DateTime,
    MarketplaceId, ProductId, Quantity, RenewalTerm, RequestId, RequestStatus, TemplateType,
};
use jiff::SignedDuration;

use crate::asset::billing::{BillingDates, rhythm};
use crate::asset::record::AssetRecord;
use crate::conversation::turn::conversation_of;
use crate::course::Turn;
use crate::party::record::{NO_CONNECTION, NO_CONTRACT, NO_MARKETPLACE};
use crate::product::record::ProductRecord;
use crate::request::begin::{Draft, blank};
use crate::request::params;
use crate::request::record::RequestRecord;
use crate::request::turn::verdict;
use crate::row::{ItemRow, Items, ParamRow};
use crate::state::State;
use crate::table::Place;

/// The quantity a seeded asset has of its item.
const UNITS: u32 = 10;

/// A request of any type in any status, with an asset to match.
///
/// ```
/// use connect_world::Fixture;
/// use connect_model::{AssetRequestType, RequestStatus};
///
/// let waiting = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
/// ```
#[derive(Clone, Debug)]
pub struct Fixture {
    kind: AssetRequestType,
    status: RequestStatus,
    product: Option<ProductId>,
    connection: Option<ConnectionId>,
}

impl Fixture {
    /// Returns a request for the world's featured product, on preview.
    #[must_use]
    pub fn new(kind: AssetRequestType, status: RequestStatus) -> Self {
        Self { kind, status, product: None, connection: None }
    }

    /// Returns the same for another product.
    #[must_use]
    pub fn of(self, product: &ProductId) -> Self {
        Self { product: Some(product.clone()), ..self }
    }

    /// Returns the same through a connection of the product.
    #[must_use]
    pub fn through(self, connection: &ConnectionId) -> Self {
        Self { connection: Some(connection.clone()), ..self }
    }

    /// Returns the status of the asset when the request was created.
    fn before(&self) -> AssetStatus {
        match (&self.kind, &self.status) {
            (AssetRequestType::Purchase, RequestStatus::Draft) => AssetStatus::Draft,
            (AssetRequestType::Purchase, _) => AssetStatus::Processing,
            (kind, _) => {
                let allowed = lifecycle::allowed_asset_statuses(kind).first();
                allowed.cloned().unwrap_or(AssetStatus::Active)
            }
        }
    }

    /// Returns what is asked for: by a change that is not over, more of everything.
    fn items(&self, held: &Items) -> Items {
        if self.kind != AssetRequestType::Change || self.status.is_final() {
            return Arc::clone(held);
        }
        let quantity = Quantity::from(2 * UNITS);
        held.iter().map(|row| ItemRow { quantity, ..row.clone() }).collect()
    }

    /// Returns the dates of the asset's bills, when it has ever been in use.
    fn billing(
        &self,
        state: &State,
        product: &ProductRecord,
        items: &Items,
    ) -> Option<BillingDates> {
        let begun = BillingDates::begin(state.now, rhythm(product, items), state.now);
        let is_new = [AssetStatus::Draft, AssetStatus::Processing].contains(&self.asset_status());
        let failed =
            self.kind == AssetRequestType::Purchase && self.status != RequestStatus::Approved;
        (!is_new && !failed).then_some(begun)
    }

    /// Returns when the asset expires, when it is to be renewed.
    fn expires(&self, now: DateTime) -> Option<DateTime> {
        let year = RenewalTerm::of(&BillingPeriod::Yearly);
        year.filter(|_| self.kind == AssetRequestType::Renew)?.after(now)
    }

    /// Returns the status of the asset now.
    fn asset_status(&self) -> AssetStatus {
        let before = self.before();
        match verdict(&self.status) {
            Some(verdict) => lifecycle::on_outcome(&self.kind, verdict, &before),
            None if self.status == RequestStatus::Draft => before,
            None => lifecycle::on_create(&self.kind, &before).unwrap_or(before),
        }
    }
}

/// Adds a request with an asset of its own and says its id; none when the world has no such
/// product. Nothing of it passes the rules, and no event tells of it.
pub(crate) fn seed_request(state: &mut State, fixture: &Fixture) -> Option<RequestId> {
    let place = state.requests.len();
    seed_requests(state, fixture, 1);
    state.requests.at(place as Place).map(|request| request.id.clone())
}

/// Adds many requests like [`seed_request`](State::seed_request), each with an asset of its
/// own. A million take a few seconds.
pub(crate) fn seed_requests(state: &mut State, fixture: &Fixture, count: usize) {
    let product = fixture.product.as_ref().unwrap_or(&state.featured);
    let Some(product) = state.shared.product(product.as_str()).map(Arc::clone) else { return };
    let mut asset = seed_asset(state, fixture, &product);
    let request = seed_draft(state, fixture, &product, &asset);
    state.assets.reserve(count);
    state.requests.reserve(count);
    state.conversations.reserve(count);
    for _ in 0..count {
        asset.id = AssetId::from_number(state.numbers.issue());
        state.insert(asset.clone());
        insert_seed(state, &request, &asset.id);
    }
}

fn insert_seed(state: &mut State, request: &RequestRecord, asset: &AssetId) {
    let conversation = connect_model::ConversationId::from_number(state.numbers.issue());
    let id = RequestId::of(asset, 1);
    let request = RequestRecord { id, asset: asset.clone(), conversation, ..request.clone() };
    let conversation = conversation_of(state, request.course());
    state.insert(conversation);
    state.insert(request);
}

fn seed_asset(state: &State, fixture: &Fixture, product: &ProductRecord) -> AssetRecord {
    let items = product.shown_items().take(1);
    let items = items.map(|item| ItemRow::steady(item.id.clone(), Quantity::from(UNITS)));
    let items: Items = items.collect();
    let connection = fixture.connection.as_ref();
    let connection = connection.and_then(|id| state.shared.parties.connection(id.as_str()));
    let (marketplace, contract) = seed_place(state, fixture, product);
    AssetRecord {
        id: AssetId::default(),
        status: fixture.asset_status(),
        external_id: None,
        external_uid: None,
        external_name: "".into(),
        product: product.id().clone(),
        connection: connection
            .map_or_else(|| NO_CONNECTION.into(), |record| record.link.id.clone()),
        marketplace,
        contract,
        billing: fixture.billing(state, product, &items),
        items,
        params: product.for_assets().parameters().map(|spec| filled(&spec.key)).collect(),
        tiers: Arc::default(),
        renewal_expiration_date: fixture.expires(state.now),
        template: None,
        approved: None,
        removed: 0,
        created: state.now,
        updated: state.now,
    }
}

fn seed_place(
    state: &State,
    fixture: &Fixture,
    product: &ProductRecord,
) -> (MarketplaceId, ContractId) {
    let listing = state.shared.parties.listings.iter().find(|it| it.product == *product.id());
    let contract = listing.and_then(|it| state.shared.parties.contract(it.contract.as_str()));
    match contract.filter(|_| fixture.connection.is_some()) {
        Some(contract) => (contract.marketplace.clone(), contract.id.clone()),
        None => (NO_MARKETPLACE.into(), NO_CONTRACT.into()),
    }
}

fn seed_draft(
    state: &mut State,
    fixture: &Fixture,
    product: &ProductRecord,
    asset: &AssetRecord,
) -> RequestRecord {
    let draft = Draft {
        kind: fixture.kind.clone(),
        is_draft: false,
        before: fixture.before(),
        items: fixture.items(&asset.items),
        params: Arc::clone(&asset.params),
        tiers: Arc::clone(&asset.tiers),
        planned_date: None,
    };
    let mut request = blank(state, &asset.id, draft, fixture.status.clone());
    request.template = product.for_assets().template_at(&fixture.status);
    if !matches!(fixture.status, RequestStatus::Draft | RequestStatus::Pending) {
        request.turns.push(Turn { to: fixture.status.clone(), at: state.now, by: None });
    }
    live_through(state, &mut request, product);
    request
}

/// Gives a request what its status brought along.
fn live_through(state: &mut State, request: &mut RequestRecord, product: &ProductRecord) {
    use RequestStatus::{Approved, Failed, Inquiring, Revoked, Revoking, Scheduled};
    match request.status {
        Inquiring => {
            request.form_code = Some(state.numbers.code());
            request.params = params::with_demands(&product.for_assets(), &request.params);
        }
        Approved => {
            let template = product.for_assets().default_template(&TemplateType::Fulfillment);
            request.template = template.map(|template| template.id.clone());
            request.effective_date = Some(state.now);
        }
        Scheduled | Revoking | Revoked => request.planned_date = Some(day_after(state.now)),
        _ => {}
    }
    if matches!(request.status, Failed | Revoking | Revoked) {
        request.reason = "Seeded.".into();
    }
}

/// The day that a seeded request is planned for: far enough away for it to stay as it is.
fn day_after(now: DateTime) -> DateTime {
    const AWAY: SignedDuration = SignedDuration::from_hours(365 * 24);
    now.timestamp().checked_add(AWAY).map_or(now, DateTime)
}

fn filled(key: &Arc<str>) -> ParamRow {
    ParamRow { value: "seeded".into(), ..ParamRow::empty(Arc::clone(key)) }
}
