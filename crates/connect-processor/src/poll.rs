//! Finding pending requests by asking for them.

use std::time::Duration;

use bytes::Bytes;
use connect_client::{Client, Error as ClientError};
use connect_journal::{Journal, JournalError, NewRun, Offered};
use connect_model::rql::{self, Rql};
use serde::{Deserialize, Serialize};
use tracing::{debug, warn};

use crate::read::Head;
use crate::settings::Settings;

/// The news a run is offered with: which collection the request is in, and which version of it
/// was seen. A later version wakes a run that had nothing to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct News {
    pub(crate) collection: String,
    version: Option<String>,
}

/// Lists the pending requests of one collection and offers them to the journal.
pub(crate) struct Poll {
    client: Client,
    collection: &'static str,
    filter: Rql,
    page: u32,
}

/// What one pass over the list saw.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    pub(crate) unreadable: Vec<String>,
}

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PollError {
    #[error("pending requests cannot be listed: {0}")]
    List(#[from] ClientError),
    #[error("pending requests cannot be offered to the journal: {0}")]
    Offer(#[from] JournalError),
}

impl Poll {
    pub(crate) fn new(
        client: Client,
        collection: &'static str,
        types: &[String],
        settings: &Settings,
    ) -> Self {
        let filter = filter(types, settings);
        Self { client, collection, filter, page: settings.page }
    }

    /// Walks the list until a whole walk brings no news.
    ///
    /// Requests leave the list while it is walked, because they are worked on at the same time,
    /// and the rows behind them move up past the walker. One walk alone would therefore miss
    /// some; they are at the front of the next.
    pub(crate) async fn pass(&self, journal: &dyn Journal) -> Result<Pass, PollError> {
        loop {
            let mut pass = Pass::default();
            if self.walk(journal, &mut pass).await? == 0 {
                return Ok(pass);
            }
        }
    }

    /// One walk over the list, oldest first. Returns how many runs it brought to work.
    async fn walk(&self, journal: &dyn Journal, pass: &mut Pass) -> Result<usize, PollError> {
        let mut news = 0;
        let mut offset = 0;
        loop {
            let page = self
                .client
                .list_at::<Head>(self.collection)
                .filter(self.filter.clone())
                .order_by("created")
                .without("asset.items")
                .without("asset.configuration")
                .page_size(self.page)
                .page(offset)
                .await?;
            let next = page.next_offset();
            news += self.offer(journal, page.items, pass).await?;
            match next {
                Some(next) => offset = next,
                None => {
                    debug!(collection = self.collection, news, "walked");
                    return Ok(news);
                }
            }
        }
    }

    async fn offer(
        &self,
        journal: &dyn Journal,
        rows: Vec<Result<Head, ClientError>>,
        pass: &mut Pass,
    ) -> Result<usize, PollError> {
        let mut runs = Vec::with_capacity(rows.len());
        for row in rows {
            match row {
                Ok(head) => runs.push(self.run(&head)),
                Err(error) => {
                    warn!(code = error.code(), %error, "a listed request cannot be read");
                    pass.unreadable.push(error.to_string());
                }
            }
        }
        if runs.is_empty() {
            return Ok(0);
        }
        let offered = journal.offer(&runs).await?;
        Ok(offered.iter().filter(|one| matches!(one, Offered::New | Offered::Woken)).count())
    }

    fn run(&self, head: &Head) -> NewRun {
        let news = News { collection: self.collection.to_owned(), version: head.updated.clone() };
        let payload = serde_json::to_vec(&news).map(Bytes::from).unwrap_or_default();
        NewRun::new(head.id.as_str(), head.subject(), payload)
    }
}

fn filter(types: &[String], settings: &Settings) -> Rql {
    let mut terms = Vec::new();
    if !settings.products.is_empty() {
        let products = settings.products.iter().map(connect_model::ProductId::as_str);
        terms.push(rql::field("asset.product.id").in_(products));
    }
    if !settings.environments.is_empty() {
        let kinds = settings.environments.iter().map(connect_model::ConnectionType::as_str);
        terms.push(rql::field("asset.connection.type").in_(kinds));
    }
    terms.push(rql::field("type").in_(types.iter().map(String::as_str)));
    let pending = rql::field("status").eq("pending");
    terms.into_iter().fold(pending, |all, term| all & term)
}

/// Polls for ever.
pub(crate) async fn keep_polling(polls: &[Poll], journal: &dyn Journal, every: Duration) {
    let mut beat = tokio::time::interval(every);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        for poll in polls {
            if let Err(error) = poll.pass(journal).await {
                warn!(%error, "polling goes on at the next beat");
            }
        }
    }
}
