//! `cnct asset`.

use connect_client::Client;
use connect_model::asset_request::NewRequest;
use connect_model::rql::{Rql, field};
use connect_model::{Asset, AssetId, AssetRequest};
use jiff::Timestamp;

use super::Session;
use super::listing::{Listing, newest};
use super::request::create_and_show;
use crate::cli::{AssetCommand, ListAssets, NewOnAsset};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{AssetDetails, ListView};

/// Carries out an asset command.
pub(super) async fn run(command: AssetCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    match command {
        AssetCommand::List(wanted) => signals.unless_told(list(wanted, client, printer)).await,
        AssetCommand::Show { asset } => signals.unless_told(show(asset, client, printer)).await,
        AssetCommand::Suspend(new) => ask(NewRequest::suspend, new, session).await,
        AssetCommand::Resume(new) => ask(NewRequest::resume, new, session).await,
        AssetCommand::Cancel(new) => ask(NewRequest::cancel, new, session).await,
    }
}

async fn list(wanted: ListAssets, client: &Client, printer: &Printer) -> Result<(), Error> {
    let statuses = wanted.status.iter().map(connect_model::AssetStatus::as_str);
    let filter = Rql::all(
        [
            (!wanted.status.is_empty()).then(|| field("status").in_(statuses)),
            wanted.product.map(|product| field("product.id").eq(product.as_str())),
        ]
        .into_iter()
        .flatten(),
    );
    let list = client.list::<Asset>().without("items").without("configuration");
    let list = filter.into_iter().fold(list, connect_client::List::filter);
    let (rows, all) = newest(list, wanted.limit, "subscriptions", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

async fn show(id: AssetId, client: &Client, printer: &Printer) -> Result<(), Error> {
    let asset: Asset = client.get(id.as_str()).await?;
    let requests = client
        .list::<AssetRequest>()
        .filter(field("asset.id").eq(id.as_str()))
        .order_by("-created")
        .without("asset.items");
    let (requests, all) = Listing::take(requests, 20, printer).await?.parts();
    printer.show(&AssetDetails { asset, requests, now: Timestamp::now() })?;
    all
}

async fn ask(
    new: fn(&AssetId) -> NewRequest,
    wanted: NewOnAsset,
    session: &mut Session<'_>,
) -> Result<(), Error> {
    create_and_show::<AssetRequest>(&new(&wanted.asset), wanted.wait, session).await
}
