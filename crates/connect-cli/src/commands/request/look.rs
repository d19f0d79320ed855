//! Looks at requests.

use connect_client::{Call, Client, List};
use connect_model::rql::{Rql, field};
use connect_model::{AssetRequest, AssetRequestType, Message, Request, RequestId, RequestStatus};
use jiff::Timestamp;

use crate::cli::ListRequests;
use crate::commands::listing::{Listing, newest};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{RequestDetails, Requests, TemplateText};

pub(super) async fn list(
    wanted: ListRequests,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let limit = wanted.limit;
    let list = client.list::<AssetRequest>().without("asset.configuration");
    let list = filter(wanted).into_iter().fold(list, List::filter);
    let (rows, all) = newest(list, limit, "requests", printer).await?;
    printer.show(&Requests { rows, now: Timestamp::now() })?;
    all
}

fn filter(wanted: ListRequests) -> Option<Rql> {
    let (statuses, types) = (wanted.status, wanted.kind);
    let parts = [
        (!statuses.is_empty())
            .then(|| field("status").in_(statuses.iter().map(RequestStatus::as_str))),
        (!types.is_empty()).then(|| field("type").in_(types.iter().map(AssetRequestType::as_str))),
        wanted.asset.map(|asset| field("asset.id").eq(asset.as_str())),
        wanted.product.map(|product| field("asset.product.id").eq(product.as_str())),
        wanted.rql,
    ];
    Rql::all(parts.into_iter().flatten())
}

pub(super) async fn show(
    id: RequestId,
    with_conversation: bool,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let request = client.get(id.as_str()).await?;
    let (conversation, all) = match with_conversation {
        true => {
            let (messages, all) = messages(&id, client, printer).await?;
            (Some(messages), all)
        }
        false => (None, Ok(())),
    };
    printer.show(&RequestDetails { request, conversation, now: Timestamp::now() })?;
    all
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
