//! `POST /usage/files`, and what the vendor writes of a file later.

use std::sync::Arc;

use connect_model::{
    AccountId, ContractId, MarketplaceId, UsageFileId, UsageFileStatus, UsagePeriod, UsageSchema,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::actor::{Actor, Token};
use crate::body;
use crate::denial::Denial;
use crate::party::record::{NO_CONTRACT, NO_MARKETPLACE};
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::usage_file::record::{Moment, UsageFileRecord, UsageFileTexts};
use crate::usage_record::tally::Tally;

/// The most characters of texts (OpenAPI 37.0).
const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 200;
const LONGEST_CURRENCY: usize = 20;
/// The same of those for which the document says nothing.
const LONGEST_TEXT: usize = 255;

pub(crate) fn create(state: &mut State, who: &Actor, body: &Value) -> Result<UsageFileId, Denial> {
    let token = who.vendor()?;
    let product = own_product(state, token, body)?;
    let schema = schema(&product)?;
    let channel = channel(state, token, &product, body)?;
    let today = today(state);
    let mut texts = edited(&UsageFileTexts::default(), body)?;
    texts.name = body::text_within(body, "name", LONGEST_NAME)?.map(Into::into);
    texts.currency = texts.currency.or_else(|| channel.currency(state));
    if texts.period == UsagePeriod::default() {
        texts.period = month_of(today);
    }
    let id = UsageFileId::of((today.year(), today.month()), state.numbers.issue());
    let (created, by) = (state.now, who.signature());
    state.add(UsageFileRecord {
        id: id.clone(),
        status: UsageFileStatus::Draft,
        product: product.id().clone(),
        contract: channel.contract,
        marketplace: channel.marketplace,
        provider: channel.provider,
        vendor: token.account.clone(),
        schema,
        texts,
        created,
        updated: created,
        moments: vec![Moment { word: "created".into(), at: created, by }],
        acceptance_note: None,
        rejection_note: None,
        tally: Tally::default(),
        categories: Vec::new(),
        errors: Vec::new(),
        code: None,
    });
    Ok(id)
}

fn own_product(state: &State, token: &Token, body: &Value) -> Result<Arc<ProductRecord>, Denial> {
    let id = body::required(body, "product.id")?;
    let product = state.shared.product(&id).filter(|it| it.owner() == Some(&token.account));
    product.cloned().ok_or_else(|| Denial::invalid("product.id: Product does not exist."))
}

/// Returns what the product's usage says.
pub(crate) fn schema(product: &ProductRecord) -> Result<UsageSchema, Denial> {
    product.product.capabilities.usage_schema().ok_or_else(|| {
        Denial::invalid("product.id: The product reports no usage: its capability ppu is off.")
    })
}

/// The sales that a file is about.
struct Channel {
    contract: ContractId,
    marketplace: MarketplaceId,
    provider: Option<AccountId>,
}

impl Channel {
    fn currency(&self, state: &State) -> Option<Box<str>> {
        let marketplace = state.shared.parties.marketplace(self.marketplace.as_str())?;
        marketplace.currency.as_deref().map(Into::into)
    }
}

fn channel(
    state: &State,
    token: &Token,
    product: &ProductRecord,
    body: &Value,
) -> Result<Channel, Denial> {
    let id = body::required(body, "contract.id")?;
    if id == NO_CONTRACT {
        let (contract, marketplace) = (NO_CONTRACT.into(), NO_MARKETPLACE.into());
        return Ok(Channel { contract, marketplace, provider: None });
    }
    let parties = &state.shared.parties;
    let unknown = || Denial::invalid("contract.id: Contract does not exist.");
    let contract = parties.contract(&id).filter(|it| it.active && it.vendor == token.account);
    let contract = contract.ok_or_else(unknown)?;
    let listed = parties.listed_under(product.id(), &contract.marketplace);
    if listed.is_none_or(|it| it.id != contract.id) {
        return Err(Denial::invalid("contract.id: The product is not listed under the contract."));
    }
    Ok(Channel {
        contract: contract.id.clone(),
        marketplace: contract.marketplace.clone(),
        provider: Some(contract.provider.clone()),
    })
}

/// Returns what a body writes of a file: what it leaves out stays. The name stays for good.
pub(crate) fn edited(held: &UsageFileTexts, body: &Value) -> Result<UsageFileTexts, Denial> {
    let text = |path: &str, most: usize, held: &str| {
        let given = body::text_within(body, path, most)?;
        Ok::<Box<str>, Denial>(given.map_or_else(|| held.into(), Into::into))
    };
    let currency = body::filled_within(body, "currency", LONGEST_CURRENCY)?.map(Into::into);
    Ok(UsageFileTexts {
        name: held.name.clone(),
        external_id: text("external_id", LONGEST_TEXT, &held.external_id)?,
        description: text("description", LONGEST_DESCRIPTION, &held.description)?,
        note: text("note", LONGEST_TEXT, &held.note)?,
        currency: currency.or_else(|| held.currency.clone()),
        period: period(&held.period, body)?,
    })
}

/// Returns the days that a body names, in either of the ways there are.
fn period(held: &UsagePeriod, body: &Value) -> Result<UsagePeriod, Denial> {
    body::must_be_object(body, "period")?;
    let end = |path: &'static str, other: &'static str| {
        let path = if body::filled(body, path).is_some() { path } else { other };
        day(body, path)
    };
    let from = end("period.from", "start_datetime_utc")?;
    let to = end("period.to", "end_datetime_utc")?;
    if from.is_none() && to.is_none() {
        return Ok(held.clone());
    }
    let from =
        from.or_else(|| held.from.parse().ok()).ok_or_else(|| Denial::absent("period.from"))?;
    let to = to.or_else(|| held.to.parse().ok()).ok_or_else(|| Denial::absent("period.to"))?;
    if to < from {
        return Err(Denial::invalid("period.to: The period ends before it begins."));
    }
    Ok(UsagePeriod { from: from.to_string(), to: to.to_string() })
}

/// Returns the day at a path; a time behind it does not matter.
fn day(body: &Value, path: &str) -> Result<Option<Date>, Denial> {
    const DAY: usize = "2024-07-01".len();
    let Some(text) = body::text_within(body, path, LONGEST_TEXT)? else { return Ok(None) };
    let (day, rest) = text.split_at_checked(DAY).unwrap_or((&text, ""));
    match day.parse() {
        Ok(day) if rest.is_empty() || rest.starts_with(['T', ' ']) => Ok(Some(day)),
        _ => Err(Denial::invalid(format!(
            "{path}: Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
        ))),
    }
}

fn today(state: &State) -> Date {
    state.moment.to_zoned(TimeZone::UTC).date()
}

fn month_of(day: Date) -> UsagePeriod {
    UsagePeriod { from: day.first_of_month().to_string(), to: day.last_of_month().to_string() }
}
