//! `POST /tier/config-requests`: new requests for configurations there are, and set-ups of new
//! ones.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::tier_config_request as lifecycle;
use connect_model::{Capability, ConnectionId, TierConfigId, TierConfigRequestType};
use serde_json::Value;

use crate::actor::{Actor, Token};
use crate::asset::record::{Level, TierRef, TierRow};
use crate::body;
use crate::denial::Denial;
use crate::party::record::NO_CONNECTION;
use crate::product::record::ProductRecord;
use crate::refusal_text;
use crate::request::begin::newest_versions;
use crate::request::params;
use crate::row::Params;
use crate::sales_channel::{ChannelPath, SalesChannel};
use crate::state::State;
use crate::tier_account::commands::{Mention, mentioned_reseller, tier};
use crate::tier_config::needed::needs_level;
use crate::tier_config::record::{TierConfigKey, TierConfigRecord};
use crate::tier_config_request::begin::{
    Draft, begin, must_be_free, must_be_in_state, must_be_writable, notes,
};
use crate::tier_config_request::set_up::set_up;
use crate::tier_config_request::view::show;

/// Where a body names the channel of a new configuration.
const CHANNEL: ChannelPath =
    ChannelPath { object: "configuration", marketplace: "configuration.marketplace.id" };

/// The configuration that a request is for.
enum Target {
    /// One that is there.
    Known(Arc<TierConfigRecord>),
    /// One to be made, once nothing can be refused any more. `above` is the reseller that sells to
    /// this one.
    New { channel: SalesChannel, level: u8, reseller: Mention, above: Option<Mention> },
}

pub(crate) fn create(state: &mut State, who: &Actor, body: &Value) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let kind = kind(body)?;
    let target = target(state, token, &kind, body)?;
    let product = target.product(state)?;
    may_create(who, &kind, target.connection())?;
    if let Target::Known(config) = &target {
        must_be_in_state(&kind, config)?;
        must_be_free(config)?;
    }
    let params = params_of(state, who, &target, &product, body)?;
    let is_draft = is_draft(&kind, &product, body)?;
    let notes = notes(body)?.unwrap_or_default().into();
    let config = target.made(state, token);
    let tiers = newest_versions(state, &config.tiers);
    let draft = Draft { kind, is_draft, params, tiers, notes, creator: who.signature() };
    let id = begin(state, &config, &product, draft);
    if state.tier_config_requests.get(id.as_str()).is_some_and(|it| it.is_waiting()) {
        set_up(state, &product, config.channel(), &config.tiers);
    }
    show(state, who, &id)
}

/// Returns what a body names: a configuration by its id, or what a set-up is for.
fn target(
    state: &State,
    token: &Token,
    kind: &TierConfigRequestType,
    body: &Value,
) -> Result<Target, Denial> {
    body::must_be_object(body, "configuration")?;
    match body::filled(body, "configuration.id") {
        Some(id) => visible_config(state, token, &id).map(Target::Known),
        None if *kind == TierConfigRequestType::Setup => named_target(state, token, body),
        None => Err(Denial::absent("configuration.id")),
    }
}

fn visible_config(state: &State, token: &Token, id: &str) -> Result<Arc<TierConfigRecord>, Denial> {
    let seen = |config: &&Arc<TierConfigRecord>| {
        state.shared.may_see(token, config.key.product.as_str(), &config.key.connection)
    };
    let unknown = || Denial::invalid("configuration.id: Tier configuration does not exist.");
    state.tier_configs.get(id).filter(seen).cloned().ok_or_else(unknown)
}

fn named_target(state: &State, token: &Token, body: &Value) -> Result<Target, Denial> {
    let channel = SalesChannel::named(state, token, CHANNEL, body)?;
    let level = level(body)?;
    if !needs_level(&channel.product, level) {
        let text = "configuration.tier_level: The product needs no configuration of this level.";
        return Err(Denial::invalid(text));
    }
    let reseller = mentioned_reseller(state, token, "configuration.account", body)?;
    let reseller = reseller.ok_or_else(|| Denial::absent("configuration.account"))?;
    let above = mentioned_reseller(state, token, "configuration.parent_account", body)?;
    let known = reseller.known(state, token).and_then(|account| {
        state.tier_config_for(&TierConfigKey {
            product: channel.product.id().clone(),
            account,
            level,
            connection: channel.connection.clone(),
            marketplace: channel.marketplace.clone(),
        })
    });
    Ok(match known {
        Some(config) => Target::Known(Arc::clone(config)),
        None => Target::New { channel, level, reseller, above },
    })
}

impl Target {
    fn connection(&self) -> &ConnectionId {
        match self {
            Self::Known(config) => &config.key.connection,
            Self::New { channel, .. } => &channel.connection,
        }
    }

    fn level(&self) -> u8 {
        match self {
            Self::Known(config) => config.key.level,
            Self::New { level, .. } => *level,
        }
    }

    fn product(&self, state: &State) -> Result<Arc<ProductRecord>, Denial> {
        match self {
            Self::Known(config) => {
                let product = state.shared.product(config.key.product.as_str());
                product.cloned().ok_or_else(Denial::not_found)
            }
            Self::New { channel, .. } => Ok(Arc::clone(&channel.product)),
        }
    }

    /// Returns the configuration, made when it is not there.
    fn made(self, state: &mut State, token: &Token) -> Arc<TierConfigRecord> {
        let (channel, level, reseller, above) = match self {
            Self::Known(config) => return config,
            Self::New { channel, level, reseller, above } => (channel, level, reseller, above),
        };
        let SalesChannel { product, connection, marketplace, contract } = channel;
        let role = if level == 2 { Level::Tier2 } else { Level::Tier1 };
        let is_preview = connection == *NO_CONNECTION;
        let above = above.filter(|_| level == 1);
        let above =
            above.map(|it| tier(state, token, is_preview, Level::Tier2, it, None, &product));
        let parent = above.as_ref().and_then(|it| state.shared.tier_account(it)?.latest().cloned());
        let account = tier(state, token, is_preview, role, reseller, parent.as_deref(), &product);
        let key = TierConfigKey {
            product: product.id().clone(),
            account: account.id.clone(),
            level,
            connection,
            marketplace,
        };
        let tiers = Arc::new(tiers(state, account, level, above));
        let id = TierConfigId::from_number(state.numbers.issue());
        let config = TierConfigRecord::new(id, key, contract, tiers, state.now);
        state.add(config.clone());
        Arc::new(config)
    }
}

/// Returns the resellers of a chain that begins at an account: the one above it is the one that was
/// named, or else its parent.
fn tiers(state: &State, account: TierRef, level: u8, above: Option<TierRef>) -> TierRow {
    if level == 2 {
        return TierRow { tier2: Some(account), ..TierRow::default() };
    }
    let record = state.shared.tier_account(&account).and_then(|it| it.latest());
    let parent = record.and_then(|it| it.parent.as_ref());
    let parent = parent.and_then(|it| state.shared.tier_accounts.get(it.id.as_str()));
    let above = above.or_else(|| parent.map(|it| it.reference()));
    TierRow { customer: None, tier1: Some(account), tier2: above }
}

fn kind(body: &Value) -> Result<TierConfigRequestType, Denial> {
    match TierConfigRequestType::from(body::required(body, "type")?.as_str()) {
        TierConfigRequestType::Other(word) => {
            Err(Denial::invalid(format!("type: {}", refusal_text::not_a_choice(&word))))
        }
        kind => Ok(kind),
    }
}

fn level(body: &Value) -> Result<u8, Denial> {
    let path = "configuration.tier_level";
    match body::required(body, path)?.as_str() {
        "1" => Ok(1),
        "2" => Ok(2),
        other => Err(Denial::invalid(format!("{path}: {}", refusal_text::not_a_choice(other)))),
    }
}

/// Refuses a type that is not the caller's to create.
fn may_create(
    who: &Actor,
    kind: &TierConfigRequestType,
    connection: &ConnectionId,
) -> Result<(), Denial> {
    match lifecycle::may_create(kind, who.caller(*connection == *NO_CONNECTION)) {
        true => Ok(()),
        false => Err(Denial::forbidden()),
    }
}

/// Whether the body asks for a draft. Other statuses in a body are ignored.
fn is_draft(
    kind: &TierConfigRequestType,
    product: &ProductRecord,
    body: &Value,
) -> Result<bool, Denial> {
    if body::text(body, "status").as_deref() != Some("draft") {
        return Ok(false);
    }
    if *kind == TierConfigRequestType::Adjustment {
        return Err(Denial::invalid("status: Requests of type adjustment are never drafts."));
    }
    let needs = Capability::TiersValidation;
    match product.is_on(needs) {
        true => Ok(true),
        false => {
            Err(Denial::invalid(format!("status: Draft requests need the capability {needs}.")))
        }
    }
}

/// Returns the values approved last with those that the body writes, as far as the caller may.
fn params_of(
    state: &State,
    who: &Actor,
    target: &Target,
    product: &ProductRecord,
    body: &Value,
) -> Result<Params, Denial> {
    let (none, nobody) = ([].into(), TierConfigId::default());
    let (held, id) = match target {
        Target::Known(config) => (&config.params, &config.id),
        Target::New { .. } => (&none, &nobody),
    };
    let scope = product.for_tier(target.level());
    let updates = params::updates(&scope, held, body)?;
    must_be_writable(who.caller(*target.connection() == *NO_CONNECTION), &updates)?;
    params::must_differ(&updates, &state.tier_values_beside(product.id(), target.level(), id))?;
    Ok(params::written(&params::rows_for(&scope, held), &updates))
}
