//! Tier accounts: made, edited, and found again by purchases.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use connect_model::{
    AccountId, Hub, HubId, Reference, TierAccount, TierAccountId, TierAccountType,
};
use serde_json::{Value, json};

use crate::read::json as to_json;

use crate::actor::{Actor, Side, Token};
use crate::asset::record::{Level, TierRef, TierRow};
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::customer;
use crate::denial::Denial;
use crate::party::record::NO_HUB;
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::tier_account::edit::{Edit, edit, must_be_unnamed, now};
use crate::tier_account::form::{self, account_kind, say_nothing_in_words};
use crate::tier_account::record::{TierAccountRecord, externals};
use crate::tier_account_request::create::tell_vendors;
use crate::unwritten::must_be_emulated;

/// A command on tier accounts.
#[derive(Clone, Debug, PartialEq)]
pub enum TierAccountCommand {
    /// `POST /tier/accounts`.
    Create {
        /// The body.
        body: Value,
    },
    /// `PUT /tier/accounts/{id}`.
    Update {
        /// The account.
        id: TierAccountId,
        /// The body.
        body: Value,
    },
}

impl CarryOut for TierAccountCommand {
    fn body(&self) -> Option<&Value> {
        let (Self::Create { body } | Self::Update { body, .. }) = self;
        Some(body)
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => create(state, who, &body).map(ObjectChange::created),
            Self::Update { id, body } => update(state, who, &id, &body).map(ObjectChange::changed),
        }
    }
}

/// An account that a body mentions.
pub(crate) enum Mention {
    ById(TierAccountId),
    ByData(Box<TierAccount>),
}

fn create(state: &mut State, who: &Actor, body: &Value) -> Result<Bytes, Denial> {
    let token = who.token()?;
    if body.is_array() {
        return Err(Denial::not_emulated("lists of tier accounts"));
    }
    let mut account = account(body, "", account_kind(body)?)?;
    account.parent = parent(state, who, body)?;
    let is_preview = token.side == Side::Vendor;
    let hub = hub_of(state, token, is_preview);
    let shown = json!({"hub": {"id": hub}, "environment": environment(is_preview)});
    must_be_emulated(&["hub", "environment", "access"], "a tier account", &shown, body)?;
    must_be_unnamed(state, &token.account, None, &account)?;
    let id = add_tier_account(state, token, account, is_preview);
    show_tier_account(state, &id)
}

fn update(
    state: &mut State,
    who: &Actor,
    id: &TierAccountId,
    body: &Value,
) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let found = state.shared.visible_account(token, id)?;
    if found.owner != token.account {
        return Err(Denial::forbidden());
    }
    let found = Arc::clone(found);
    if let Edit::Of(id) = edit(state, &found, body, "", true)? {
        tell_vendors(state, &id, who.signature().as_ref());
    }
    show_tier_account(state, id)
}

pub(crate) fn show_tier_account(state: &State, id: &TierAccountId) -> Result<Bytes, Denial> {
    let record = state.shared.tier_accounts.get(id.as_str()).ok_or_else(Denial::not_found)?;
    to_json(&record.shown().ok_or_else(Denial::not_found)?.whole())
}

fn parent(
    state: &State,
    who: &Actor,
    body: &Value,
) -> Result<Option<Reference<TierAccountId>>, Denial> {
    body::must_be_object(body, "parent")?;
    if body::at(body, "parent").as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(None);
    }
    let id = body::required(body, "parent.id")?;
    let record = state.shared.own_account(who.token()?, &id.into());
    let parent = record.and_then(|record| record.latest());
    let parent = parent.ok_or_else(|| Denial::invalid("parent.id: Account does not exist."))?;
    Ok(Some(reference(parent)))
}

/// Returns the accounts that `asset.tiers` mentions: known ones by id or by the hub's ids, others
/// made. A level the body left out stays as in `base`.
pub(crate) fn tiers_of(
    state: &mut State,
    token: &Token,
    is_preview: bool,
    product: &ProductRecord,
    base: &Arc<TierRow>,
    mut mentions: [Option<Mention>; 3],
) -> Result<Arc<TierRow>, Denial> {
    if is_preview {
        add_invented(state, token, base, &mut mentions);
    }
    let [_, _, customer] = &mentions;
    if customer.is_none() && base.customer.is_none() && !is_preview {
        return Err(Denial::absent("asset.tiers.customer"));
    }
    let mut row = (**base).clone();
    let mut parent: Option<Arc<TierAccount>> = None;
    for (level, mention) in Level::ALL.into_iter().zip(mentions) {
        let Some(mention) = mention else { continue };
        let tier = tier(state, token, is_preview, level, mention, parent.as_deref(), product);
        parent = state.shared.tier_account(&tier).and_then(|it| it.latest().cloned());
        *row.at_mut(level) = Some(tier);
    }
    Ok(Arc::new(row))
}

/// Invents the customer or reseller that a trial does not name, as recorded trials have both: a
/// customer of its own, and the reseller of all trials of the vendor.
fn add_invented(
    state: &mut State,
    token: &Token,
    base: &TierRow,
    [_, tier1, customer]: &mut [Option<Mention>; 3],
) {
    if tier1.is_none() && base.tier1.is_none() {
        let reseller = customer::of_trials(&token.account, &token.account_name);
        *tier1 = Some(Mention::ByData(Box::new(reseller)));
    }
    if customer.is_none() && base.customer.is_none() {
        let invented = customer::invented(&mut state.numbers.random());
        *customer = Some(Mention::ByData(Box::new(invented)));
    }
}

/// Returns what `asset.tiers` of a body mentions, in the order of [`Level::ALL`].
pub(crate) fn mentions(
    state: &State,
    token: &Token,
    body: &Value,
) -> Result<[Option<Mention>; 3], Denial> {
    let mut mentions = [None, None, None];
    for (mention, level) in mentions.iter_mut().zip(Level::ALL) {
        let kind = match level {
            Level::Customer => TierAccountType::Customer,
            _ => TierAccountType::Reseller,
        };
        *mention =
            mention_at(state, token, &format!("asset.tiers.{}", level.as_str()), kind, body)?;
    }
    Ok(mentions)
}

fn mention_at(
    state: &State,
    token: &Token,
    path: &str,
    kind: TierAccountType,
    body: &Value,
) -> Result<Option<Mention>, Denial> {
    body::must_be_object(body, path)?;
    let data = body::at(body, path);
    if data.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(None);
    }
    if let Some(id) = body::filled(data, "id") {
        let record = state.shared.own_account(token, &id.into());
        let unknown = || Denial::invalid(format!("{path}.id: Account does not exist."));
        return Ok(Some(Mention::ById(record.ok_or_else(unknown)?.id())));
    }
    let account = account(data, &format!("{path}."), kind)?;
    Ok(Some(Mention::ByData(Box::new(account))))
}

/// Returns the reseller that a body mentions at a path, where it mentions one.
///
/// # Errors
///
/// When it mentions one that is no reseller of the caller's.
pub(crate) fn mentioned_reseller(
    state: &State,
    token: &Token,
    path: &str,
    body: &Value,
) -> Result<Option<Mention>, Denial> {
    let mention = mention_at(state, token, path, TierAccountType::Reseller, body)?;
    let known = mention.as_ref().and_then(|mention| mention.known(state, token));
    let record = known.and_then(|id| state.shared.tier_accounts.get(id.as_str()));
    match record.is_none_or(|record| record.is_reseller()) {
        true => Ok(mention),
        false => Err(Denial::invalid(format!("{path}.id: Account is not a reseller."))),
    }
}

impl Mention {
    /// Returns the account, when it is there already.
    pub(crate) fn known(&self, state: &State, token: &Token) -> Option<TierAccountId> {
        match self {
            Self::ById(id) => Some(id.clone()),
            Self::ByData(account) => known_account(state, &token.account, account),
        }
    }
}

/// Returns an account the owner's hub named before: by unique id, then by id.
fn known_account(state: &State, owner: &AccountId, account: &TierAccount) -> Option<TierAccountId> {
    let mut externals = externals(account);
    externals.find_map(|it| state.shared.by_external.get(&(owner.clone(), it)).cloned())
}

/// Returns the account that is mentioned, made when it is not there, and remembers its role.
pub(crate) fn tier(
    state: &mut State,
    token: &Token,
    is_preview: bool,
    level: Level,
    mention: Mention,
    parent: Option<&TierAccount>,
    product: &ProductRecord,
) -> TierRef {
    let id = match mention {
        Mention::ById(id) => id,
        Mention::ByData(account) => found_or_made(state, token, is_preview, *account, parent),
    };
    note_use(state, &id, level, product);
    let record = state.shared.tier_accounts.get(id.as_str());
    record.map_or(TierRef { id, version: 1 }, |record| record.reference())
}

/// Returns the account with the hub's ids, made when there is none. Also the levels of one body may
/// name the same account.
fn found_or_made(
    state: &mut State,
    token: &Token,
    is_preview: bool,
    mut account: TierAccount,
    parent: Option<&TierAccount>,
) -> TierAccountId {
    known_account(state, &token.account, &account).unwrap_or_else(|| {
        account.parent = parent.map(reference);
        add_tier_account(state, token, account, is_preview)
    })
}

/// Remembers in which role, and by which vendor, an account was met.
fn note_use(state: &mut State, id: &TierAccountId, level: Level, product: &ProductRecord) {
    let Some(known) = state.shared.tier_accounts.get(id.as_str()) else { return };
    if known.was_met(level, product.owner()) {
        return;
    }
    let mut record = TierAccountRecord::clone(known);
    record.vendors.extend(product.owner().cloned());
    if !record.scopes.contains(&level) {
        record.scopes.push(level);
    }
    state.put(record);
}

/// Returns the hub through which an account orders: its owner's, and none on preview.
fn hub_of(state: &State, token: &Token, is_preview: bool) -> HubId {
    let is_owned = |hub: &Hub| hub.company.as_ref().is_some_and(|it| it.id == token.account);
    let mut hubs = state.shared.parties.hubs.iter().filter(|_| !is_preview);
    let hub = hubs.find(|hub| is_owned(hub));
    hub.map_or_else(|| HubId::from(NO_HUB), |hub| hub.id.clone())
}

fn environment(is_preview: bool) -> &'static str {
    if is_preview { "preview" } else { "production" }
}

fn add_tier_account(
    state: &mut State,
    token: &Token,
    mut account: TierAccount,
    is_preview: bool,
) -> TierAccountId {
    let id = TierAccountId::from_number(state.numbers.issue());
    account.id = id.clone();
    account.version = Some(1);
    account.contact_info.iter_mut().for_each(say_nothing_in_words);
    let hub = hub_of(state, token, is_preview);
    let parties = &state.shared.parties;
    account.owner = Some(parties.account_ref(&token.account));
    account.hub = Some(parties.hub_ref(&hub));
    account.events = ["created", "updated"].map(|event| (event.into(), now(state))).into();
    account.rest.insert("environment".to_owned(), environment(is_preview).into());
    let record = TierAccountRecord {
        owner: token.account.clone(),
        vendors: BTreeSet::new(),
        scopes: Vec::new(),
        versions: vec![Arc::new(account)],
    };
    state.put(record);
    id
}

fn reference(account: &TierAccount) -> Reference<TierAccountId> {
    let external_id = json!(account.external_id);
    Reference {
        rest: [("external_id".to_owned(), external_id)].into_iter().collect(),
        ..Reference::named(account.id.as_str(), account.name.as_str())
    }
}

/// Reads the account a body describes; `path` leads the names of fields in refusals.
fn account(data: &Value, path: &str, kind: TierAccountType) -> Result<TierAccount, Denial> {
    form::check(data, path)?;
    Ok(TierAccount {
        name: body::filled(data, "name").unwrap_or_default(),
        kind: Some(kind),
        external_id: body::text(data, "external_id"),
        external_uid: body::text(data, "external_uid"),
        contact_info: body::read(body::at(data, "contact_info"), &format!("{path}contact_info"))?,
        tax_id: body::text(data, "tax_id"),
        ..TierAccount::default()
    })
}
