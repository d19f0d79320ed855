//! The look of results, for people: tables, lists of facts, times.

mod asset;
mod billing;
mod explanation;
mod fault;
mod handler;
mod journal;
mod list;
mod paused;
mod product;
mod ready;
mod request;
mod run;
mod table;
mod tier;
mod tier_account;
mod time;
mod usage;
mod webhook;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use connect_model::{Asset, AssetStatus, Connection, Parameter, Reference, RequestStatus};

pub(crate) use asset::AssetDetails;
pub(crate) use billing::{BillingDates, BillingRequestDetails};
pub(crate) use explanation::ExplainedRun;
pub(crate) use fault::FaultList;
pub(crate) use handler::CheckedCases;
pub(crate) use journal::{BackupDone, ErasedRuns, RestoreDone};
pub(crate) use list::ListView;
pub(crate) use paused::{PausedParts, left};
pub(crate) use product::ProductDetails;
pub(crate) use request::{ActionResult, RequestDetails, ShownRequest, TemplateText, findings};
pub(crate) use run::{RunDetails, Runs};
pub(crate) use tier::{TierConfigDetails, TierRequestDetails};
pub(crate) use tier_account::{AccountRequestDetails, TierAccountDetails};
pub(crate) use usage::{UsageErrors, UsageFileDetails};
pub(crate) use webhook::{WebhookDetails, WebhookDone};

const NAME: Style = Style::new().dimmed();

/// Writes names and values, one pair a line, the values below each other. Leaves empty values out.
pub(crate) fn facts(out: &mut dyn Write, facts: &[(&str, String)]) -> io::Result<()> {
    let known = || facts.iter().filter(|(_, value)| !value.is_empty());
    let width = known().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in known() {
        writeln!(out, "{NAME}{name:width$}{NAME:#}  {}", plain::text(value))?;
    }
    Ok(())
}

/// Writes ids, one a line: what scripts read.
fn ids<'a>(out: &mut dyn Write, ids: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    ids.into_iter().try_for_each(|id| writeln!(out, "{}", plain::text(id)))
}

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// The colour of a request's status.
pub(crate) fn colour(status: &RequestStatus) -> Style {
    match status {
        RequestStatus::Approved | RequestStatus::Accepted => GOOD,
        RequestStatus::Failed | RequestStatus::Revoked => BAD,
        _ => OPEN,
    }
}

/// The colour of a subscription's status.
pub(crate) fn colour_of_asset(status: &AssetStatus) -> Style {
    match status {
        AssetStatus::Active => GOOD,
        AssetStatus::Terminated => BAD,
        _ => OPEN,
    }
}

/// The product as people know it.
fn product(asset: &Asset) -> String {
    named(asset.product.as_ref())
}

/// The name of an object, or its id where it has none.
fn named<Id: ToString>(reference: Option<&Reference<Id>>) -> String {
    reference.map(|it| it.name.clone().unwrap_or_else(|| it.id.to_string())).unwrap_or_default()
}

/// The environment that a connection is for.
fn environment(connection: Option<&Connection>) -> String {
    connection.map(|connection| connection.kind.to_string()).unwrap_or_default()
}

fn customer(asset: &Asset) -> String {
    asset.tiers.customer.as_ref().map(|customer| customer.name.clone()).unwrap_or_default()
}

/// Items and parameters, as pairs for [`facts`].
fn contents(asset: &Asset) -> Vec<(&str, String)> {
    let items = asset.items.iter().flatten().map(|item| {
        let name = if item.display_name.is_empty() { &item.id } else { &item.display_name };
        let renewal = item.renewal.as_deref().map(|renewal| format!(", renewed {renewal}"));
        ("item", format!("{} × {name}{}", item.quantity, renewal.unwrap_or_default()))
    });
    items.chain(parameters(asset.params.as_deref().unwrap_or_default())).collect()
}

/// Parameters, as pairs for [`facts`].
fn parameters(params: &[Parameter]) -> impl Iterator<Item = (&'static str, String)> {
    params.iter().map(|param| {
        let error = param.value_error.as_deref().filter(|error| !error.is_empty());
        let error = error.map(|error| format!("  ({error})")).unwrap_or_default();
        ("parameter", format!("{} = {}{error}", param.id, param.text().unwrap_or_default()))
    })
}
