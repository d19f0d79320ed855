//! The requests that wait, and for whom.

use askama::Template;
use connect_model::rql::{Query, field};
use connect_model::{AssetRequest, RequestStatus};

use super::mark::Mark;
use super::page::{ErrorPage, Page, show};
use super::role::Role;
use super::rows::RequestRow;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use connect_world::Collection;

/// Requests shown as the latest.
const LATEST: u32 = 8;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    counters: Vec<Counter>,
    subscriptions: usize,
    latest: Vec<RequestRow>,
    /// What becomes of a request that waits for the vendor.
    outlook: &'static str,
}

/// The number of requests in a status, and who is to do something.
struct Counter {
    mark: Mark,
    count: usize,
    waits_for: &'static str,
    href: String,
}

const COUNTED: [(RequestStatus, &str); 5] = [
    (RequestStatus::Pending, "Waiting for the vendor's processor, or for you as the vendor"),
    (RequestStatus::Inquiring, "Waiting for the customer to correct parameters"),
    (RequestStatus::Scheduled, "Waiting for the planned date"),
    (RequestStatus::Failed, "Refused"),
    (RequestStatus::Approved, "Done"),
];

/// Answers `GET /`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let mut counters = Vec::with_capacity(COUNTED.len());
    for (status, waits_for) in COUNTED {
        counters.push(counter(&visitor, &status, waits_for).await?);
    }
    counters.extend(tier_requests(&visitor).await?);
    let latest = Query { limit: Some(LATEST), ..Query::default() };
    let latest = visitor.list::<AssetRequest>(&Collection::Requests, &latest).await?.rows;
    let shell =
        visitor.shell(Section::Home, "Home").live(&["request", "asset", "tier_config_request"]);
    Ok(show(&HomePage {
        counters,
        outlook: visitor.outlook(),
        subscriptions: visitor.count(&Collection::Assets, Query::default()).await?,
        latest: latest.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        shell,
    }))
}

/// Returns the number of pending requests for tier configurations, when there are any.
async fn tier_requests(visitor: &Visitor) -> Result<Option<Counter>, ErrorPage> {
    let pending = &RequestStatus::Pending;
    let query = Query { filter: Some(field("status").eq(pending.as_str())), ..Query::default() };
    let count = visitor.count(&Collection::TierConfigRequests, query).await?;
    Ok((count > 0).then(|| Counter {
        mark: Mark { text: "Tier requests".to_owned(), ..Mark::from(pending) },
        count,
        waits_for: "Waiting for the vendor to set up or update a reseller",
        href: format!("/tier-requests?status={pending}"),
    }))
}

async fn counter(
    visitor: &Visitor,
    status: &RequestStatus,
    waits_for: &'static str,
) -> Result<Counter, ErrorPage> {
    let query = Query { filter: Some(field("status").eq(status.as_str())), ..Query::default() };
    Ok(Counter {
        mark: Mark::from(status),
        count: visitor.count(&Collection::Requests, query).await?,
        waits_for,
        href: format!("/subscriptions/fulfillment?status={status}"),
    })
}
