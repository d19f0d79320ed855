//! Creates requests.

use std::time::Duration;

use connect_client::Client;
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::{
    Asset, AssetId, AssetRequest, ParameterUpdate, ProductItem, Request, RequestStatus,
};
use connect_world::customer;
use serde::Serialize;

use super::wait::until_final;
use crate::cli::{Account, CreateRequest, NewKind};
use crate::commands::Session;
use crate::exit::Error;
use crate::view::{ActionResult, ShownRequest};

pub(super) async fn run(new: CreateRequest, session: &mut Session<'_>) -> Result<(), Error> {
    match create_and_show::<AssetRequest>(&body(&new)?, new.wait, session).await {
        Err(Error::Platform(refused)) if names_an_unknown_item(&refused) => {
            let Session { client, signals, .. } = session;
            let told = async { Err(with_items(refused, &new, client).await) };
            signals.unless_told(told).await
        }
        done => done,
    }
}

/// Whether the platform says that an item does not exist.
fn names_an_unknown_item(error: &connect_client::Error) -> bool {
    let errors = error.refusal().map(|refusal| refusal.errors.as_slice()).unwrap_or_default();
    errors.iter().any(|error| error.contains("Item ") && error.contains("does not exist"))
}

/// The same refusal with the items that there are, where they can be had.
async fn with_items(refused: connect_client::Error, new: &CreateRequest, client: &Client) -> Error {
    let product = match (&new.product, &new.asset) {
        (Some(product), _) => Some(product.clone()),
        (None, Some(asset)) => {
            let asset = client.get::<Asset>(asset.as_str()).await.ok();
            asset.and_then(|asset| asset.product).map(|product| product.id)
        }
        (None, None) => None,
    };
    let Some(product) = product else { return refused.into() };
    let rows = client.list_at::<ProductItem>(&format!("products/{product}/items")).page(0).await;
    let rows = rows.map(|page| page.items).unwrap_or_default();
    let items: Vec<String> = rows.into_iter().flatten().map(|item| item.mpn).collect();
    Error::NoSuchItem { source: refused.into(), product, items }
}

/// Creates a request and shows it; waits for the decision first, when told to. What was created is
/// shown whatever became of the waiting: nobody shall create it twice.
pub(crate) async fn create_and_show<R: ShownRequest>(
    new: &impl Serialize,
    wait: Option<Duration>,
    session: &mut Session<'_>,
) -> Result<(), Error> {
    let Session { client, signals, .. } = &mut *session;
    let create = async { Ok(client.create(new).await?) };
    let created: R = signals.unless_told(create).await?;
    wait_and_show(created, wait, session).await
}

/// Shows a request that was ordered; waits for the decision first, when told to.
pub(in crate::commands) async fn wait_and_show<R: ShownRequest>(
    created: R,
    wait: Option<Duration>,
    session: &mut Session<'_>,
) -> Result<(), Error> {
    let Session { client, printer, signals } = session;
    let Some(patience) = wait else { return printer.show(&ActionResult(created)) };
    let decision = until_final::<R>(created.id(), patience, client);
    let (last, verdict) = match signals.unless_told(decision).await {
        Ok(last) => {
            let verdict = verdict(&last, patience);
            (last, verdict)
        }
        Err(error) => (created, Err(error)),
    };
    printer.show(&ActionResult(last))?;
    verdict
}

fn verdict(last: &impl Request, patience: Duration) -> Result<(), Error> {
    let (request, status) = (last.id().to_owned(), last.status().clone());
    match &status {
        RequestStatus::Approved => Ok(()),
        RequestStatus::Scheduled => Err(Error::Scheduled { request }),
        ended if ended.is_final() => {
            let reason = last.reason().to_owned();
            Err(Error::NotApproved { request, status, reason })
        }
        _ => Err(Error::StillOpen { request, status, after: patience }),
    }
}

fn body(new: &CreateRequest) -> Result<NewRequest, Error> {
    let mut body = begin(new)?;
    for item in &new.items {
        if new.kind == NewKind::Purchase && item.quantity.is_zero() {
            let name = &item.item;
            let message = format!("--item {name}=0 orders nothing of {name}");
            return Err(Error::usage(message, "give a quantity above 0, or leave the item out"));
        }
        body = body.item(&item.item, item.quantity);
    }
    for pair in &new.params {
        body = body.param(&ParameterUpdate::value(&pair.key, &pair.text));
    }
    if let Some(day) = new.planned {
        body = body.planned(day);
    }
    Ok(if new.draft { body.draft() } else { body })
}

fn begin(new: &CreateRequest) -> Result<NewRequest, Error> {
    let on: fn(&AssetId) -> NewRequest = match new.kind {
        NewKind::Purchase => return purchase(new),
        NewKind::Change => NewRequest::change,
        NewKind::Suspend => NewRequest::suspend,
        NewKind::Resume => NewRequest::resume,
        NewKind::Cancel => NewRequest::cancel,
        NewKind::Adjustment => NewRequest::adjustment,
        NewKind::Renew => NewRequest::renew,
        NewKind::Transfer => return transfer(new),
    };
    if new.customer.is_some() || new.tier1.is_some() || new.tier2.is_some() {
        let message = "only a purchase and a transfer name accounts";
        return Err(Error::usage(message, "leave --customer, --tier1 and --tier2 out"));
    }
    new.asset.as_ref().map(on).ok_or_else(|| missing("--asset"))
}

fn purchase(new: &CreateRequest) -> Result<NewRequest, Error> {
    let product = new.product.as_ref().ok_or_else(|| missing("--product"))?;
    let customer = new.customer.as_ref().unwrap_or(&Account::Invented);
    let body = match &new.connection {
        Some(connection) => NewRequest::purchase(product, connection),
        None => NewRequest::preview_purchase(product),
    };
    let body = body.tier("customer", &named(customer));
    Ok(with(body, [("tier1", &new.tier1), ("tier2", &new.tier2)]))
}

fn transfer(new: &CreateRequest) -> Result<NewRequest, Error> {
    let asset = new.asset.as_ref().ok_or_else(|| missing("--asset"))?;
    let accounts = [("customer", &new.customer), ("tier1", &new.tier1), ("tier2", &new.tier2)];
    if accounts.iter().all(|(_, account)| account.is_none()) {
        let hint = "name the new customer with --customer, or a reseller with --tier1 or --tier2";
        return Err(Error::usage("a transfer names somebody else", hint));
    }
    Ok(with(NewRequest::transfer(asset), accounts))
}

/// Adds the accounts that the arguments name.
fn with<const N: usize>(body: NewRequest, accounts: [(&str, &Option<Account>); N]) -> NewRequest {
    accounts.into_iter().fold(body, |body, (level, account)| match account {
        Some(account) => body.tier(level, &named(account)),
        None => body,
    })
}

/// Returns the account that an argument names. What an invented one is, customer or reseller, its
/// place in the body says.
pub(in crate::commands) fn named(account: &Account) -> NewTier {
    match account {
        Account::Known(id) => NewTier::Known(id.clone()),
        Account::Invented => NewTier::New(Box::new(customer::invented(&mut fastrand::Rng::new()))),
    }
}

pub(in crate::commands) fn missing(argument: &str) -> Error {
    Error::usage(format!("{argument} is missing"), "see the command's `--help`")
}
