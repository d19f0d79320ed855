//! Looks at tier accounts and the requests about them.

use connect_client::{Client, List};
use connect_model::rql::field;
use connect_model::{TierAccount, TierAccountId, TierAccountRequest, TierAccountRequestId};
use jiff::Timestamp;

use crate::cli::{ListAccountRequests, ListTierAccounts, Rows};
use crate::commands::listing::{ListRow, Listing, newest};
use crate::commands::request::rows;
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{AccountRequestDetails, ListView, TierAccountDetails};

pub(super) async fn list(
    wanted: ListTierAccounts,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let filter = wanted.kind.map(|kind| field("type").eq(kind.as_str()));
    let list = filter.into_iter().fold(client.list::<TierAccount>(), List::filter);
    let (rows, all) = newest(list, wanted.limit, "tier accounts", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

pub(super) async fn show(
    id: TierAccountId,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let account: TierAccount = client.get(id.as_str()).await?;
    let requests = client
        .list::<TierAccountRequest>()
        .filter(field("account.id").eq(id.as_str()))
        .order_by(TierAccountRequest::NEWEST_FIRST);
    let (requests, all) = Listing::take(requests, 20, printer).await?.parts();
    printer.show(&TierAccountDetails { account, requests, now: Timestamp::now() })?;
    all
}

pub(super) async fn list_requests(
    wanted: ListAccountRequests,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let ListAccountRequests { tier_account, status, product, rql, limit } = wanted;
    let own = [tier_account.map(|account| field("account.id").eq(account.as_str()))];
    let filter = rows(Rows { status, product, rql, limit }, "product.id", own);
    let list = filter.into_iter().fold(client.list::<TierAccountRequest>(), List::filter);
    let (rows, all) = newest(list, limit, "account requests", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

pub(super) async fn show_request(
    id: TierAccountRequestId,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let request = client.get(id.as_str()).await?;
    printer.show(&AccountRequestDetails { request, now: Timestamp::now() })
}
