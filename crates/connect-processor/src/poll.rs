//! Finding pending requests by asking for them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connect_client::{Client, Error as ClientError, List};
use connect_journal::{Clock, Journal, JournalError, NewRun, Note, Offered, RunState};
use connect_model::DateTime;
use connect_model::rql::{self, Rql};
use serde::{Deserialize, Serialize};
use tracing::{debug, warn};

use crate::conclude::SKIPPED;
use crate::read::Head;
use crate::settings::Settings;

/// The news a run is offered with: which collection the request is in, and which version of it
/// was seen. A later version wakes a run that had nothing to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct News {
    pub(crate) collection: String,
    version: Option<String>,
    /// After how many attempts the request was found pending again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    back_after: Option<u32>,
}

/// Lists the pending requests of one collection and offers them to the journal.
pub(crate) struct Poll {
    client: Client,
    collection: &'static str,
    filter: Rql,
    page: u32,
    clock: Arc<dyn Clock>,
}

/// What one pass over the list saw.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    /// How many runs it brought to work.
    news: u32,
    /// Rows that could not be read at all.
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
        clock: Arc<dyn Clock>,
    ) -> Self {
        let filter = filter(types, settings);
        Self { client, collection, filter, page: settings.page, clock }
    }

    /// Walks the list from its end to its front, a page at a time.
    ///
    /// Requests leave the list while it is walked, because they are worked on at the same time.
    /// In a list ordered by age that moves what stands behind them to the front: from a walker
    /// who comes from the front it would hide, one who comes from the end meets it. What is new
    /// meanwhile stands at the end, and is met by the next pass.
    pub(crate) async fn pass(&self, journal: &dyn Journal) -> Result<Pass, PollError> {
        let mut pass = Pass::default();
        let pending = self.list().count().await?;
        for page in (0..pending.div_ceil(self.page)).rev() {
            let (mut next, end) = (Some(page * self.page), (page + 1) * self.page);
            // The platform may cut pages shorter than what was asked for.
            while let Some(offset) = next.filter(|offset| *offset < end) {
                let rows = self.list().page(offset).await?;
                next = rows.next_offset();
                self.offer(journal, rows.items, &mut pass).await?;
            }
        }
        debug!(collection = self.collection, pending, pass.news, "walked");
        Ok(pass)
    }

    fn list(&self) -> List<Head> {
        self.client
            .list_at::<Head>(self.collection)
            .filter(self.filter.clone())
            .order_by("created")
            .without("asset.items")
            .without("asset.configuration")
            .page_size(self.page)
    }

    async fn offer(
        &self,
        journal: &dyn Journal,
        rows: Vec<Result<Head, ClientError>>,
        pass: &mut Pass,
    ) -> Result<(), PollError> {
        let mut heads = Vec::with_capacity(rows.len());
        for row in rows {
            match row {
                Ok(head) => heads.push(head),
                Err(error) => {
                    warn!(code = error.code(), %error, "a listed request cannot be read");
                    pass.unreadable.push(error.to_string());
                }
            }
        }
        let runs: Vec<NewRun> = heads.iter().map(|head| self.run(head, None)).collect();
        let offered = journal.offer(&runs).await?;
        for (head, offered) in heads.iter().zip(offered) {
            let is_news = match offered {
                Offered::New | Offered::Woken => true,
                Offered::Known(RunState::Idle) => self.is_back(journal, head).await?,
                Offered::Known(_) => false,
            };
            pass.news += u32::from(is_news);
        }
        Ok(())
    }

    /// Wakes an idle run whose request had left the list and is on it again. The version alone
    /// does not show that: the platform counts in whole seconds.
    async fn is_back(&self, journal: &dyn Journal, head: &Head) -> Result<bool, JournalError> {
        let Some(view) = journal.run(&head.id.as_str().into()).await? else { return Ok(false) };
        if view.note == Some(Note::Outcome(Bytes::from_static(SKIPPED.as_bytes()))) {
            return Ok(false);
        }
        let offered = journal.offer(&[self.run(head, Some(view.attempt))]).await?;
        Ok(offered.contains(&Offered::Woken))
    }

    fn run(&self, head: &Head, back_after: Option<u32>) -> NewRun {
        let (collection, version) = (self.collection.to_owned(), head.updated.clone());
        let news = News { collection, version, back_after };
        let payload = serde_json::to_vec(&news).map(Bytes::from).unwrap_or_default();
        let run = NewRun::new(head.id.as_str(), head.subject(), payload);
        // The oldest request comes first, wherever on the list it was met.
        match head.created().map(DateTime::timestamp) {
            Some(created) => run.due(created.min(self.clock.now())),
            None => run,
        }
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
