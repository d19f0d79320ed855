//! Purchases: requests that bring their asset.

use std::sync::Arc;

use connect_model::{AssetId, AssetRequestType, AssetStatus, ConnectionId, RequestId};
use fastrand::Rng;
use serde_json::Value;

use crate::actor::{Actor, Token};
use crate::asset::record::AssetRecord;
use crate::body;
use crate::customer::uuid;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::request::begin::{Draft, begin, conflict_with};
use crate::request::composition::composition;
use crate::request::params::must_be_unique;
use crate::request::turn::planned_date;
use crate::request::{editable, params};
use crate::sales_channel::{ChannelPath, SalesChannel};
use crate::state::State;
use crate::tier_account::commands::{mentions, tiers_of};

/// Where a purchase names its channel.
const CHANNEL: ChannelPath = ChannelPath { object: "asset", marketplace: "marketplace.id" };

/// The names a hub gives a subscription, as far as a body says.
pub(crate) struct HubNames {
    id: Option<String>,
    uid: Option<String>,
    name: Option<String>,
}

impl HubNames {
    /// The most characters of a hub's id (OpenAPI 37.0).
    const LONGEST_ID: usize = 100;

    pub(crate) fn of(body: &Value) -> Result<Self, Denial> {
        Ok(Self {
            id: body::filled_within(body, "asset.external_id", Self::LONGEST_ID)?,
            uid: body::filled_within(body, "asset.external_uid", Self::LONGEST_ID)?,
            name: body::filled(body, "asset.external_name"),
        })
    }

    /// Invents the names of a trial, which no hub knows: as recorded trials have them.
    fn invented(random: &mut Rng) -> Self {
        let letter = |random: &mut Rng| {
            char::from(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[random.usize(..36)])
        };
        let id = (0..10).map(|_| letter(random)).collect();
        Self { id: Some(id), uid: Some(uuid(random)), name: None }
    }

    /// Names an asset; what the body left out stays.
    pub(crate) fn write(self, asset: &mut AssetRecord) {
        asset.external_id = self.id.map(String::into).or(asset.external_id.take());
        asset.external_uid = self.uid.map(String::into).or(asset.external_uid.take());
        if let Some(name) = self.name {
            asset.external_name = name.into();
        }
    }
}

pub(crate) fn create_purchase(
    state: &mut State,
    who: &Actor,
    token: &Token,
    body: &Value,
) -> Result<RequestId, Denial> {
    let sale = SalesChannel::named(state, token, CHANNEL, body)?;
    must_be_new(state, &sale.product, &sale.connection, None, body)?;
    let names = HubNames::of(body)?;
    let (kind, product) = (AssetRequestType::Purchase, Arc::clone(&sale.product));
    let is_draft = editable::is_draft(&kind, &product, body)?;
    let mut asset = new_asset(state, sale);
    asset.items = composition(&kind, &asset, &product, body)?;
    let updates = params::updates(&product.for_assets(), &asset.params, body)?;
    editable::must_be_writable(&kind, &asset, &product, &updates)?;
    must_be_unique(state, &product, None, &updates)?;
    asset.params =
        params::written(&params::rows_for(&product.for_assets(), &asset.params), &updates);
    let planned_date = planned_date(state, body)?;
    let preview = asset.is_preview();
    let mentions = mentions(state, token, body)?;
    if preview {
        HubNames::invented(&mut state.numbers.random()).write(&mut asset);
    }
    names.write(&mut asset);
    asset.tiers = tiers_of(state, token, preview, &product, &Arc::default(), mentions)?;
    if is_draft {
        asset.status = AssetStatus::Draft;
    }
    let draft = Draft {
        kind,
        is_draft,
        before: asset.status.clone(),
        items: Arc::clone(&asset.items),
        params: Arc::clone(&asset.params),
        tiers: Arc::clone(&asset.tiers),
        planned_date,
    };
    let id = AssetId::from_number(state.numbers.issue());
    asset.id = id.clone();
    state.add(asset);
    let request = begin(state, who, &id, &product, draft, body);
    share_params(state, &id, &request);
    Ok(request)
}

/// Shows on the asset the errors that the values may have got when the request began.
fn share_params(state: &mut State, asset: &AssetId, request: &RequestId) {
    let Some(request) = state.requests.get(request.as_str()) else { return };
    let params = Arc::clone(&request.params);
    state.change::<AssetRecord>(asset, |asset| asset.params = params);
}

/// Returns the asset of a purchase; it gets its id when nothing can be refused any more.
fn new_asset(state: &State, sale: SalesChannel) -> AssetRecord {
    AssetRecord {
        id: AssetId::default(),
        status: AssetStatus::Processing,
        external_id: None,
        external_uid: None,
        external_name: "".into(),
        product: sale.product.id().clone(),
        connection: sale.connection,
        marketplace: sale.marketplace,
        contract: sale.contract,
        items: [].into(),
        params: [].into(),
        tiers: Arc::default(),
        renewal_expiration_date: None,
        template: None,
        approved: None,
        billing: None,
        removed: 0,
        created: state.now,
        updated: state.now,
    }
}

/// Refuses a purchase that the hub sent before, telling what became of it. `own` is the asset of
/// the purchase, when it has one already.
pub(crate) fn must_be_new(
    state: &State,
    product: &ProductRecord,
    connection: &ConnectionId,
    own: Option<&AssetId>,
    body: &Value,
) -> Result<(), Denial> {
    let Some(uid) = body::filled(body, "asset.external_uid") else { return Ok(()) };
    let known = state.by_uid.get(uid.as_str()).into_iter().flatten();
    let mut known = known.filter_map(|place| state.assets.at(*place));
    let same = |asset: &&Arc<AssetRecord>| {
        asset.product == *product.id() && asset.connection == *connection && Some(&asset.id) != own
    };
    let Some(asset) = known.find(same) else { return Ok(()) };
    let purchase = state.history(asset.id.as_str()).next();
    Err(purchase.map_or_else(Denial::not_found, |request| {
        let text = format!("Asset {} with external_uid {uid} exists.", asset.id);
        conflict_with(state, request, asset, product, text)
    }))
}
