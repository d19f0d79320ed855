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
    for rare in &RARE {
        counters.extend(rare.counter(&visitor).await?);
    }
    let latest = Query { limit: Some(LATEST), ..Query::default() };
    let latest = visitor.list::<AssetRequest>(&Collection::Requests, &latest).await?.rows;
    let shell = visitor.shell(Section::Home, "Home").live(&[
        "request",
        "asset",
        "tier_config_request",
        "tier_account_request",
    ]);
    Ok(show(&HomePage {
        counters,
        outlook: visitor.outlook(),
        subscriptions: visitor.count(&Collection::Assets, Query::default()).await?,
        latest: latest.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        shell,
    }))
}

/// Requests that are counted where there are any.
struct Rare {
    collection: Collection,
    status: RequestStatus,
    /// The mark's text; that of the status where it is empty.
    text: &'static str,
    waits_for: &'static str,
    list: &'static str,
}

const RARE: [Rare; 4] = [
    Rare {
        collection: Collection::Requests,
        status: RequestStatus::Revoking,
        text: "",
        waits_for: "Waiting for the vendor to take it back, and confirm",
        list: "/subscriptions/fulfillment",
    },
    Rare {
        collection: Collection::Requests,
        status: RequestStatus::TiersSetup,
        text: "",
        waits_for: "Waiting for its resellers to be set up",
        list: "/subscriptions/fulfillment",
    },
    Rare {
        collection: Collection::TierConfigRequests,
        status: RequestStatus::Pending,
        text: "Tier requests",
        waits_for: "Waiting for the vendor to set up or update a reseller",
        list: "/tier-requests",
    },
    Rare {
        collection: Collection::TierAccountRequests,
        status: RequestStatus::Pending,
        text: "Customer requests",
        waits_for: "Waiting for the vendor to take the new data of an account over",
        list: "/customer-requests",
    },
];

impl Rare {
    async fn counter(&self, visitor: &Visitor) -> Result<Option<Counter>, ErrorPage> {
        let status = &self.status;
        let count = visitor.count(&self.collection, of_status(status)).await?;
        let mark = Mark::from(status);
        let text = if self.text.is_empty() { mark.text.clone() } else { self.text.to_owned() };
        Ok((count > 0).then(|| Counter {
            mark: Mark { text, ..mark },
            count,
            waits_for: self.waits_for,
            href: format!("{}?status={status}", self.list),
        }))
    }
}

fn of_status(status: &RequestStatus) -> Query {
    Query { filter: Some(field("status").eq(status.as_str())), ..Query::default() }
}

async fn counter(
    visitor: &Visitor,
    status: &RequestStatus,
    waits_for: &'static str,
) -> Result<Counter, ErrorPage> {
    Ok(Counter {
        mark: Mark::from(status),
        count: visitor.count(&Collection::Requests, of_status(status)).await?,
        waits_for,
        href: format!("/subscriptions/fulfillment?status={status}"),
    })
}
