//! Looks at requests.

use connect_client::{Call, Client, List};
use connect_model::rql::{Rql, field};
use connect_model::{
    Asset, AssetRequest, AssetRequestType, Message, Request, RequestId, RequestStatus,
    TierConfigRequest, TierConfigRequestType,
};
use jiff::Timestamp;

use crate::cli::{ListRequests, Rows};
use crate::commands::listing::{Listing, newest};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ListView, RequestDetails, TemplateText};

pub(super) async fn list(
    wanted: ListRequests,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let limit = wanted.rows.limit;
    let types = wanted.kind.iter().map(AssetRequestType::as_str);
    let own = [
        (!wanted.kind.is_empty()).then(|| field("type").in_(types)),
        wanted.asset.map(|asset| field("asset.id").eq(asset.as_str())),
    ];
    let list = client.list::<AssetRequest>().without("asset.configuration");
    let list = rows(wanted.rows, "asset.product.id", own).into_iter().fold(list, List::filter);
    let (rows, all) = newest(list, limit, "requests", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

/// Returns the filter of a list of requests: what all families are asked for, and what one is.
pub(in crate::commands) fn rows(
    wanted: Rows,
    product: &str,
    own: impl IntoIterator<Item = Option<Rql>>,
) -> Option<Rql> {
    let statuses = wanted.status.iter().map(RequestStatus::as_str);
    let common = [
        (!wanted.status.is_empty()).then(|| field("status").in_(statuses)),
        wanted.product.map(|id| field(product).eq(id.as_str())),
        wanted.rql,
    ];
    Rql::all(own.into_iter().chain(common).flatten())
}

pub(super) async fn show(
    id: RequestId,
    with_conversation: bool,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let request: AssetRequest = client.get(id.as_str()).await?;
    let (conversation, all) = match with_conversation {
        true => {
            let (messages, all) = messages(&id, client, printer).await?;
            (Some(messages), all)
        }
        false => (None, Ok(())),
    };
    let waits = request.status == RequestStatus::TiersSetup && !printer.is_quiet();
    let (waits_for, known) = match waits {
        true => set_ups(&request.asset, client, printer).await,
        false => (Vec::new(), Ok(())),
    };
    printer.show(&RequestDetails { request, waits_for, conversation, now: Timestamp::now() })?;
    all.and(known)
}

/// Reads the open set-ups of the resellers of a subscription: what its purchase waits for. What
/// cannot be read hides nothing else.
async fn set_ups(
    asset: &Asset,
    client: &Client,
    printer: &Printer,
) -> (Vec<TierConfigRequest>, Result<(), Error>) {
    let resellers = [&asset.tiers.tier2, &asset.tiers.tier1].into_iter().flatten();
    let open = [RequestStatus::TiersSetup, RequestStatus::Pending, RequestStatus::Inquiring];
    let of = |name: &str| field(format!("configuration.{name}"));
    let parts = [
        Some(field("type").eq(TierConfigRequestType::Setup.as_str())),
        Some(field("status").in_(open.iter().map(RequestStatus::as_str))),
        Some(of("account.id").in_(resellers.map(|account| account.id.as_str()))),
        asset.product.as_ref().map(|it| of("product.id").eq(it.id.as_str())),
        asset.marketplace.as_ref().map(|it| of("marketplace.id").eq(it.id.as_str())),
    ];
    let list = client.list::<TierConfigRequest>().without("tiers").order_by("created");
    let list = Rql::all(parts.into_iter().flatten()).into_iter().fold(list, List::filter);
    match Listing::take(list, usize::MAX, printer).await {
        Ok(listing) => listing.parts(),
        Err(error) => (Vec::new(), Err(error)),
    }
}

/// Reads what was said, oldest first.
async fn messages(
    id: &RequestId,
    client: &Client,
    printer: &Printer,
) -> Result<(Vec<Message>, Result<(), Error>), Error> {
    let list = client.list_at::<Message>(&format!("conversations/{id}/messages"));
    let (mut newest_first, all) = Listing::take(list, usize::MAX, printer).await?.parts();
    newest_first.reverse();
    Ok((newest_first, all))
}

pub(in crate::commands) async fn render<R: Request>(
    id: &str,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let answer = client.call(Call::get(format!("{}/{id}/render", R::COLLECTION))).await?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    printer.show(&TemplateText { request: id.to_owned(), text })
}
