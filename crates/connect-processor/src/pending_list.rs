//! The list of pending requests of one family, walked from its end to its front.

use std::collections::HashSet;
use std::ops::Range;

use connect_client::{Client, Error as ClientError, List, RetryPolicy};
use connect_model::rql::Rql;
use connect_model::{ConnectionType, ProductId, RequestStatus, rql};
use serde_json::value::RawValue;
use tracing::{debug, warn};

use crate::error::Error;
use crate::family::Family;
use crate::head::Head;
use crate::intake::Intake;
use crate::look::Look;
use crate::read::{MOST_FAILED, may_be_of_one_row};
use crate::settings::Settings;

/// The pending requests of one family that are asked for.
pub(crate) struct PendingList {
    client: Client,
    family: Family,
    filter: Rql,
    page: u32,
}

impl PendingList {
    pub(crate) fn new(
        client: Client,
        family: Family,
        types: &[String],
        settings: &Settings,
    ) -> Self {
        let filter = filter(&family, types, settings);
        Self { client, family, filter, page: settings.page }
    }

    /// Returns the collection that is listed.
    pub(crate) fn collection(&self) -> &'static str {
        self.family.collection
    }

    /// Walks the list from its end to its front, a page at a time.
    ///
    /// Requests leave the list while it is walked, because they are worked on at the same time.
    /// In a list ordered by age that moves what stands behind them to the front: from a walker
    /// who comes from the front it would hide, one who comes from the end meets it. What is new
    /// meanwhile stands at the end, and is met by the next walk.
    pub(crate) async fn walk(&self, intake: &Intake) -> Result<Look, Error> {
        let pending = self.list(&self.client).count().await?;
        let mut walk =
            Walk { list: self, intake, shown: ShownRows::default(), look: Look::default() };
        for number in (0..pending.div_ceil(self.page)).rev() {
            walk.page(number * self.page..((number + 1) * self.page).min(pending)).await?;
        }
        let Walk { shown, mut look, .. } = walk;
        look.missing.extend(shown.missing(pending));
        debug!(
            collection = self.family.collection,
            pending, look.news, "what is pending was listed"
        );
        Ok(look)
    }

    fn list(&self, client: &Client) -> List<Box<RawValue>> {
        let list = client
            .list_at(self.family.collection)
            .filter(self.filter.clone())
            .order_by(self.family.fields.created)
            .page_size(self.page);
        self.family.left_out.iter().copied().fold(list, List::without)
    }
}

/// A walk that is under way.
struct Walk<'a> {
    list: &'a PendingList,
    intake: &'a Intake,
    shown: ShownRows,
    look: Look,
}

impl Walk<'_> {
    /// Offers the requests of one page. One that cannot be had is halved, down to the rows that
    /// spoil it for the others.
    async fn page(&mut self, page: Range<u32>) -> Result<(), Error> {
        let (list, family) = (self.list, &self.list.family);
        let (mut parts, mut failed, mut had_rows) = (vec![page], 0, false);
        let mut client = list.client.clone();
        while let Some(part) = parts.pop() {
            let size = part.end - part.start;
            let read = |row: &RawValue| Head::read(row, family);
            match list.list(&client).page_size(size).page_by(part.start, read).await {
                Ok(rows) => {
                    // The platform may cut pages shorter than what was asked for.
                    let next = rows.next_offset().filter(|next| *next < part.end);
                    parts.extend(next.map(|next| next..part.end));
                    self.offer(rows.items).await?;
                    (failed, had_rows) = (0, true);
                }
                Err(error) if !may_be_of_one_row(&error) => return Err(error.into()),
                Err(error) if failed >= MOST_FAILED && !had_rows => return Err(error.into()),
                Err(error) if failed >= MOST_FAILED || size == 1 => {
                    failed += 1;
                    self.give_up(&part, &error);
                }
                Err(_) => {
                    failed += 1;
                    // Whatever is wrong with a row was tried often enough with the whole page.
                    client = list.client.with_retry(RetryPolicy::never());
                    let middle = part.start + size / 2;
                    parts.extend([part.start..middle, middle..part.end]);
                }
            }
        }
        Ok(())
    }

    async fn offer(&mut self, rows: Vec<Result<Head, ClientError>>) -> Result<(), Error> {
        let mut heads = Vec::with_capacity(rows.len());
        for row in rows {
            self.shown.add(&row);
            match row {
                Ok(head) if head.status.is_unsaid() => {
                    self.look.unreadable.push(format!("{} is listed without a status", head.id));
                }
                Ok(head) => heads.push(head),
                Err(error) => {
                    warn!(code = error.code(), %error, "a listed request cannot be read");
                    self.look.unreadable.push(error.to_string());
                }
            }
        }
        self.intake.offer(self.list.family.collection, heads, &mut self.look).await
    }

    /// Reports rows that cannot be had.
    fn give_up(&mut self, rows: &Range<u32>, error: &ClientError) {
        let collection = self.list.family.collection;
        self.shown.nameless += rows.end - rows.start;
        let rows = match rows.end - rows.start {
            1 => format!("row {} of the pending {collection}", rows.start),
            _ => format!("rows {} to {} of the pending {collection}", rows.start, rows.end - 1),
        };
        warn!(code = error.code(), %error, rows, "they cannot be listed, all others can");
        self.look.unreadable.push(format!("{rows}: {error}"));
    }
}

/// The rows that the platform has shown.
#[derive(Default)]
struct ShownRows {
    ids: HashSet<String>,
    /// The number of rows that came without being understood.
    nameless: u32,
}

impl ShownRows {
    fn add(&mut self, row: &Result<Head, ClientError>) {
        match row {
            Ok(head) => drop(self.ids.insert(head.id.clone())),
            Err(_) => self.nameless += 1,
        }
    }

    /// Returns what to say when the platform has shown fewer requests than it says there are. Some
    /// may have left the list while it was walked.
    fn missing(&self, pending: u32) -> Option<String> {
        let ids = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let shown = ids.saturating_add(self.nameless);
        (pending > shown).then(|| {
            format!("the platform says that {pending} requests are pending, and shows {shown}")
        })
    }
}

fn filter(family: &Family, types: &[String], settings: &Settings) -> Rql {
    let fields = &family.fields;
    let mut terms = Vec::new();
    if !settings.products.is_empty() {
        let products = settings.products.iter().map(ProductId::as_str);
        terms.push(rql::field(fields.product).in_(products));
    }
    if let Some(environment) = fields.environment
        && !settings.environments.is_empty()
    {
        let kinds = settings.environments.iter().map(ConnectionType::as_str);
        terms.push(rql::field(environment).in_(kinds));
    }
    let types = |kind| rql::field(kind).in_(types.iter().map(String::as_str));
    terms.extend(fields.kind.map(types));
    let statuses = family.waits_in.iter().map(RequestStatus::as_str);
    let waiting = match family.waits_in {
        [only] => rql::field("status").eq(only.as_str()),
        _ => rql::field("status").in_(statuses),
    };
    terms.into_iter().fold(waiting, |all, term| all & term)
}
