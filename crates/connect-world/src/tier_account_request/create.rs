//! New requests about tier accounts: `POST /tier/account-requests`, and what every other change of
//! an account makes.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::tier_account_request as lifecycle;
use connect_model::{
    AssetStatus, Capability, ConnectionType, ProductId, RequestStatus, TierAccountId,
    TierAccountRequestId, TierAccountRequestType, UserId, WebhookObjectClass,
};
use serde_json::Value;

use crate::actor::{Actor, Token};
use crate::asset::record::{AssetRecord, TierRef};
use crate::body;
use crate::denial::Denial;
use crate::read::json;
use crate::refusal_text;
use crate::state::State;
use crate::tier_account::edit::{Edit, edit};
use crate::tier_account::record::{External, TierAccountRecord};
use crate::tier_account_request::record::TierAccountRequestRecord;
use crate::tier_account_request::view::TierAccountRequestView;
use crate::webhook::event::queue_changed;

/// The refusal of an account that no vendor is told of.
const OF_TESTS: &str = "The account belongs to a test marketplace.";

/// The reason of a request whose product does not hear of changed accounts.
const UNSUPPORTED: &str = "Product does not support contact details change.";

pub(crate) fn create(state: &mut State, who: &Actor, body: &Value) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let kind = body::required(body, "type")?;
    if TierAccountRequestType::from(kind.as_str()) != TierAccountRequestType::Update {
        return Err(Denial::invalid(format!("type: {}", refusal_text::not_a_choice(&kind))));
    }
    body::must_be_object(body, "account")?;
    let record = mentioned(state, token, body::at(body, "account"))?;
    if !lifecycle::may_create(who.caller(record.is_preview())) {
        return Err(Denial::forbidden());
    }
    if is_of_tests(state, &record.id()) {
        return Err(Denial::refused("TAR_003", OF_TESTS));
    }
    match edit(state, &record, body::at(body, "account"), "account.", false)? {
        Edit::None => Err(Denial::refused("TAR_004", "There are no changes in the account.")),
        Edit::Of(id) => {
            let requests = begin(state, &id, who.signature().as_ref());
            show_all(state, &requests)
        }
    }
}

/// Returns the account that a body names: by its id, else by the hub's unique id, else by the
/// hub's id.
fn mentioned(
    state: &State,
    token: &Token,
    account: &Value,
) -> Result<Arc<TierAccountRecord>, Denial> {
    let named = |field: &str| body::filled(account, field);
    let by_hub = || {
        let uid = named("external_uid").map(|uid| External::Uid(uid.into()));
        let external = uid.or_else(|| Some(External::Id(named("external_id")?.into())))?;
        state.shared.by_external.get(&(token.account.clone(), external)).cloned()
    };
    let is_named = ["id", "external_uid", "external_id"].iter().any(|field| named(field).is_some());
    if !is_named {
        return Err(Denial::absent("account.id"));
    }
    let id = named("id").map(TierAccountId::from).or_else(by_hub);
    let record = id.and_then(|id| state.shared.own_account(token, &id).cloned());
    record.ok_or_else(|| Denial::invalid("account: Account does not exist."))
}

/// Has the vendors told of an account that was changed otherwise, as `POST` does; of one of tests,
/// nobody is.
pub(crate) fn tell_vendors(state: &mut State, account: &TierAccountId, creator: Option<&UserId>) {
    if !is_of_tests(state, account) {
        begin(state, account, creator);
    }
}

/// Makes a request about the newest version of an account for each product that uses it, and has
/// the webhooks of those queues called that hear of it.
fn begin(
    state: &mut State,
    account: &TierAccountId,
    creator: Option<&UserId>,
) -> Vec<TierAccountRequestId> {
    let Some(record) = state.shared.tier_accounts.get(account.as_str()).cloned() else {
        return Vec::new();
    };
    let products = products_of(state, account);
    let numbered = products.into_iter().zip(1..);
    numbered
        .map(|(product, number)| {
            let id = TierAccountRequestId::of(account, record.reference().version, number);
            add(state, id, record.reference(), &product, creator)
        })
        .collect()
}

fn add(
    state: &mut State,
    id: TierAccountRequestId,
    account: TierRef,
    product: &ProductId,
    creator: Option<&UserId>,
) -> TierAccountRequestId {
    let is_told = state
        .shared
        .product(product.as_str())
        .is_some_and(|product| product.is_on(Capability::TiersUpdates));
    let (status, reason) = match is_told {
        true => (RequestStatus::Pending, ""),
        false => (RequestStatus::Unsupported, UNSUPPORTED),
    };
    state.add(TierAccountRequestRecord {
        id: id.clone(),
        status: status.clone(),
        account,
        product: product.clone(),
        reason: reason.into(),
        created: state.now,
        creator: creator.cloned(),
        updated: state.now,
        answered_by: None,
    });
    if is_told {
        let class = WebhookObjectClass::TierAccountRequest;
        queue_changed(state, &class, product, status.as_str());
    }
    id
}

/// Returns the products that an account uses: those of its subscriptions that are there, whatever
/// its role in them, and those for which it is configured.
fn products_of(state: &State, account: &TierAccountId) -> BTreeSet<ProductId> {
    let bought = subscriptions(state, account).map(|asset| &asset.product);
    let configs = state.tier_configs.iter().map(|config| &config.key);
    let configured = configs.filter(|key| key.account == *account).map(|key| &key.product);
    bought.chain(configured).cloned().collect()
}

/// Returns the subscriptions behind which an account is and which are there.
fn subscriptions<'s>(
    state: &'s State,
    account: &TierAccountId,
) -> impl Iterator<Item = &'s AssetRecord> {
    state.assets.iter().map(Arc::as_ref).filter(move |asset| {
        let is_there = !matches!(asset.status, AssetStatus::Draft | AssetStatus::Terminated);
        is_there && asset.tiers.accounts().any(|tier| tier.id == *account)
    })
}

/// Whether all that an account has was sold through test connections.
fn is_of_tests(state: &State, account: &TierAccountId) -> bool {
    let of_test =
        |asset: &AssetRecord| state.environment(&asset.connection) == ConnectionType::Test.as_str();
    let mut all = subscriptions(state, account).map(of_test).peekable();
    all.peek().is_some() && all.all(|is_test| is_test)
}

fn show_all(state: &State, ids: &[TierAccountRequestId]) -> Result<Bytes, Denial> {
    let requests = ids.iter().filter_map(|id| state.tier_account_requests.get(id.as_str()));
    let views = requests.map(|request| TierAccountRequestView::new(state, request));
    json(&views.collect::<Result<Vec<_>, Denial>>()?)
}
