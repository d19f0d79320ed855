//! Looks at tier configurations and their requests.

use connect_client::{Client, List};
use connect_model::rql::{Rql, field};
use connect_model::{
    TierConfig, TierConfigId, TierConfigRequest, TierConfigRequestId, TierConfigRequestType,
    TierConfigStatus,
};
use jiff::Timestamp;

use crate::cli::{ListTierConfigs, ListTierRequests};
use crate::commands::listing::{Listing, newest};
use crate::commands::request::rows;
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ListView, TierConfigDetails, TierRequestDetails};

pub(super) async fn list(
    wanted: ListTierConfigs,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let statuses = wanted.status.iter().map(TierConfigStatus::as_str);
    let parts = [
        (!wanted.status.is_empty()).then(|| field("status").in_(statuses)),
        wanted.level.map(|level| field("tier_level").eq(level.to_string())),
        wanted.product.map(|product| field("product.id").eq(product.as_str())),
    ];
    let filter = Rql::all(parts.into_iter().flatten());
    let list = filter.into_iter().fold(client.list::<TierConfig>(), List::filter);
    let (rows, all) = newest(list, wanted.limit, "tier configurations", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

pub(super) async fn show(
    id: TierConfigId,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let config: TierConfig = client.get(id.as_str()).await?;
    let requests = client
        .list::<TierConfigRequest>()
        .filter(field("configuration.id").eq(id.as_str()))
        .order_by("-created")
        .without("tiers");
    let (requests, all) = Listing::take(requests, 20, printer).await?.parts();
    printer.show(&TierConfigDetails { config, requests, now: Timestamp::now() })?;
    all
}

pub(super) async fn list_requests(
    wanted: ListTierRequests,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let limit = wanted.rows.limit;
    let types = wanted.kind.iter().map(TierConfigRequestType::as_str);
    let own = [
        (!wanted.kind.is_empty()).then(|| field("type").in_(types)),
        wanted.tier_config.map(|config| field("configuration.id").eq(config.as_str())),
    ];
    let filter = rows(wanted.rows, "configuration.product.id", own);
    let list = client.list::<TierConfigRequest>().without("tiers");
    let list = filter.into_iter().fold(list, List::filter);
    let (rows, all) = newest(list, limit, "tier requests", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

pub(super) async fn show_request(
    id: TierConfigRequestId,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let request = client.get(id.as_str()).await?;
    printer.show(&TierRequestDetails { request, now: Timestamp::now() })
}
