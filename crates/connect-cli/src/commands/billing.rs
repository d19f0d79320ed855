//! `cnct billing`.

use connect_client::{Call, Client, List};
use connect_model::rql::field;
use connect_model::{
    AssetId, BilledPeriod, BillingPeriod, BillingRequest, BillingRequestType, DateTime,
    NewBillingRequest, Resource, Subscription, Unsaid,
};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::Session;
use super::listing::as_they_come;
use super::usage::last_month;
use crate::cli::{
    BillingCommand, BillingTarget, CreateBillingRequest, ListBillingRequests, Pair,
    SetBillingAttributes,
};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{BillingDates, BillingRequestDetails, ListView};

/// Carries out a command about billing requests.
pub(super) async fn run(command: BillingCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    let work = async {
        match command {
            BillingCommand::List(wanted) => list(wanted, client, printer).await,
            BillingCommand::Show(target) => show(&target, client, printer).await,
            BillingCommand::Create(new) => create(new, client, printer).await,
            BillingCommand::Set(set) => note(set, client, printer).await,
            BillingCommand::Dates { asset } => {
                let Subscription(asset) = client.get(asset.as_str()).await?;
                printer.show(&BillingDates::of(asset))
            }
        }
    };
    signals.unless_told(work).await
}

async fn list(
    wanted: ListBillingRequests,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let kind = wanted.kind.map(|kind| field("type").eq(kind.as_str()));
    let asset = wanted.asset.map(|asset| field("asset.id").eq(asset.as_str()));
    let filters = kind.into_iter().chain(asset);
    let list = filters.fold(client.list::<BillingRequest>(), List::filter);
    let (rows, all) = as_they_come(list, wanted.limit, "billing requests", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

async fn show(target: &BillingTarget, client: &Client, printer: &Printer) -> Result<(), Error> {
    let request = client.get(target.billing_request.as_str()).await?;
    printer.show(&BillingRequestDetails::of(request))
}

async fn create(
    new: CreateBillingRequest,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let period = match (new.from, new.to) {
        (Some(from), Some(to)) => period(from, to, new.uom),
        _ => month(new.month.unwrap_or_else(last_month))?,
    };
    let mut body = NewBillingRequest::new(new.side.kind, &new.asset, period);
    for item in new.items.iter() {
        body = body.quantity_of(&item.item, item.quantity);
    }
    if new.items.is_empty() {
        body = items_of(&new.asset, client).await?.iter().fold(body, |body, id| body.item(id));
    }
    let noted = new.attributes.into_iter();
    let body = noted.fold(body, |body, Pair { key, text }| body.attribute(&key, text));
    let request = client.create(&body).await?;
    printer.show(&BillingRequestDetails::of(request))
}

/// Returns the items that a subscription has.
async fn items_of(asset: &AssetId, client: &Client) -> Result<Vec<String>, Error> {
    let Subscription(asset) = client.get(asset.as_str()).await?;
    let (collection, id) = (Subscription::COLLECTION, asset.id.to_string());
    let unsaid = |Unsaid { field, .. }| Error::Unsaid { collection, id, field };
    let items = asset.items().map_err(unsaid)?;
    Ok(items.iter().map(|item| item.id.clone()).collect())
}

fn period(from: DateTime, to: DateTime, uom: BillingPeriod) -> BilledPeriod {
    BilledPeriod { from: Some(from), to: Some(to), delta: Some(1.into()), uom }
}

/// Returns the month of a day.
fn month(day: Date) -> Result<BilledPeriod, Error> {
    let first = day.first_of_month();
    let moment = |day: Date| day.to_zoned(TimeZone::UTC).map(|at| at.timestamp().into());
    let ends = first.checked_add(1.month()).and_then(moment);
    match (moment(first), ends) {
        (Ok(from), Ok(to)) => Ok(period(from, to, BillingPeriod::Monthly)),
        _ => Err(Error::usage(format!("{first} is beyond all time"), "choose another month")),
    }
}

/// Writes what a side notes beside what it noted before.
async fn note(set: SetBillingAttributes, client: &Client, printer: &Printer) -> Result<(), Error> {
    let id = set.target.billing_request.as_str();
    let BillingRequest { attributes, .. } = client.get(id).await?;
    let kind = set.side.kind;
    let mut own = match kind {
        BillingRequestType::Provider => attributes.provider,
        _ => attributes.vendor,
    };
    own.extend(set.attributes.into_iter().map(|Pair { key, text }| (key, Value::from(text))));
    let path = format!("{}/{id}/attributes", BillingRequest::COLLECTION);
    let body = Map::from_iter([(kind.to_string(), json!(own))]);
    client.call(Call::put(path).json(&body)?).await?;
    show(&set.target, client, printer).await
}
