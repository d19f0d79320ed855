//! Finding pending requests by asking for them.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use connect_client::{Client, Error as ClientError, List, RetryPolicy};
use connect_clock::{Clock, later};
use connect_journal::{Journal, JournalError, NewRun, Note, Offered, RunState};
use connect_model::rql::{self, Rql};
use connect_model::{DateTime, RequestStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tracing::{debug, warn};

use crate::conclude::SKIPPED;
use crate::failure::chain;
use crate::family::Family;
use crate::head::Head;
use crate::read::{MOST_FAILED, Reader, may_be_of_one_row};
use crate::report::Leftover;
use crate::returns::Returns;
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

/// What a person is told of a request that nobody can work on.
const NOT_THERE: &str = "it is listed, and not there when it is read";

/// What a person is told of a request that is pending although its run has ended.
const ENDED: &str = "the journal says that this request has come to an end, and on the platform it is \
                     pending. Was the platform made anew, as a local world with a seed is? Then use \
                     another journal. Otherwise look which is true, and revive the run to have its \
                     outcome told again: steps that are recorded are not repeated";

/// Lists the pending requests of one family and offers them to the journal.
pub(crate) struct Poll {
    client: Client,
    reader: Arc<Reader>,
    family: Family,
    filter: Rql,
    types: Vec<String>,
    settings: Settings,
    clock: Arc<dyn Clock>,
    returns: Returns,
}

/// What one pass over the list saw.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    /// How many runs it brought to work that had not been there, or not often.
    pub(crate) news: u32,
    /// Rows that could not be read at all.
    pub(crate) unreadable: Vec<String>,
    /// Requests that are listed and that nobody works on now.
    pub(crate) waiting: Vec<Leftover>,
    /// How many requests the platform says there are.
    pending: u32,
    /// The rows it has shown.
    shown: HashSet<String>,
    /// How many rows came without being understood.
    nameless: u32,
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
        reader: Arc<Reader>,
        family: Family,
        types: Vec<String>,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let filter = filter(&family, &types, settings);
        let (settings, returns) = (settings.clone(), Returns::default());
        Self { client, reader, family, filter, types, settings, clock, returns }
    }

    /// Walks the list from its end to its front, a page at a time.
    ///
    /// Requests leave the list while it is walked, because they are worked on at the same time.
    /// In a list ordered by age that moves what stands behind them to the front: from a walker
    /// who comes from the front it would hide, one who comes from the end meets it. What is new
    /// meanwhile stands at the end, and is met by the next pass.
    pub(crate) async fn pass(&self, journal: &dyn Journal) -> Result<Pass, PollError> {
        let (pending, page) = (self.list(&self.client).count().await?, self.settings.page);
        let mut pass = Pass { pending, ..Pass::default() };
        for number in (0..pending.div_ceil(page)).rev() {
            let rows = number * page..((number + 1) * page).min(pending);
            self.walk(journal, rows, &mut pass).await?;
        }
        debug!(collection = self.family.collection, pending, pass.news, "walked");
        Ok(pass)
    }

    /// Offers the requests of one page. One that cannot be had is halved, down to the rows that
    /// spoil it for the others.
    async fn walk(
        &self,
        journal: &dyn Journal,
        page: Range<u32>,
        pass: &mut Pass,
    ) -> Result<(), PollError> {
        let (mut parts, mut failed, mut had_rows) = (vec![page], 0, false);
        let mut client = self.client.clone();
        while let Some(part) = parts.pop() {
            let size = part.end - part.start;
            let read = |row: &RawValue| Head::read(row, &self.family);
            match self.list(&client).page_size(size).page_by(part.start, read).await {
                Ok(rows) => {
                    // The platform may cut pages shorter than what was asked for.
                    let next = rows.next_offset().filter(|next| *next < part.end);
                    parts.extend(next.map(|next| next..part.end));
                    self.offer(journal, rows.items, pass).await?;
                    (failed, had_rows) = (0, true);
                }
                Err(error) if !may_be_of_one_row(&error) => return Err(error.into()),
                Err(error) if failed >= MOST_FAILED && !had_rows => return Err(error.into()),
                Err(error) if failed >= MOST_FAILED || size == 1 => {
                    failed += 1;
                    pass.unreadable(self.family.collection, &part, &error);
                }
                Err(_) => {
                    failed += 1;
                    // Whatever is wrong with a row was tried often enough with the whole page.
                    client = self.client.with_retry(RetryPolicy::never());
                    let middle = part.start + size / 2;
                    parts.extend([part.start..middle, middle..part.end]);
                }
            }
        }
        Ok(())
    }

    fn list(&self, client: &Client) -> List<Box<RawValue>> {
        let list = client
            .list_at(self.family.collection)
            .filter(self.filter.clone())
            .order_by("created")
            .page_size(self.settings.page);
        self.family.left_out.iter().copied().fold(list, List::without)
    }

    async fn offer(
        &self,
        journal: &dyn Journal,
        rows: Vec<Result<Head, ClientError>>,
        pass: &mut Pass,
    ) -> Result<(), PollError> {
        let mut heads = Vec::with_capacity(rows.len());
        for row in rows {
            match &row {
                Ok(head) => drop(pass.shown.insert(head.id.clone())),
                Err(_) => pass.nameless += 1,
            }
            match row {
                Ok(head) if head.status.is_unsaid() => {
                    pass.unreadable.push(format!("{} is listed without a status", head.id));
                }
                Ok(head) if self.asked_for(&head) => heads.push(head),
                Ok(head) => debug!(request = head.id, "listed, but not what was asked for"),
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
                Offered::New => true,
                Offered::Woken => self.woken(head, pass),
                Offered::Known(RunState::Idle) => self.is_back(journal, head, pass).await?,
                Offered::Known(RunState::Done | RunState::Dead) => {
                    self.reopen(journal, head, pass).await?;
                    false
                }
                Offered::Unreadable => {
                    pass.waiting(head, None, "the journal cannot read its run");
                    false
                }
                Offered::Known(_) => false,
            };
            pass.news += u32::from(is_news);
        }
        Ok(())
    }

    /// A filter makes answers short; whether it was heeded, the rows show.
    fn asked_for(&self, head: &Head) -> bool {
        head.status == RequestStatus::Pending
            && self.types.contains(&head.kind)
            && self.settings.takes(head)
    }

    /// Takes down that a run was woken; whether that is news.
    fn woken(&self, head: &Head, pass: &mut Pass) -> bool {
        let is_news = self.returns.woken(&head.id, self.clock.monotonic(), &self.settings.backoff);
        if !is_news {
            pass.waiting(head, None, "it comes back as pending again and again");
        }
        is_news
    }

    /// Wakes an idle run whose request had left the list and is on it again, in the same version:
    /// the platform counts in whole seconds. A list may lag behind, so the request is read first.
    async fn is_back(
        &self,
        journal: &dyn Journal,
        head: &Head,
        pass: &mut Pass,
    ) -> Result<bool, JournalError> {
        let view = match journal.run(&head.id.as_str().into()).await {
            Ok(Some(view)) => view,
            Ok(None) => return Ok(false),
            // What cannot be read of one run is not the others' trouble.
            Err(error @ JournalError::Corrupt { .. }) => {
                pass.waiting(head, None, &chain(&error));
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        if view.note == Some(Note::Outcome(Bytes::from_static(SKIPPED.as_bytes()))) {
            return Ok(false);
        }
        let now = self.clock.monotonic();
        if let Some(not_before) = self.returns.not_before(&head.id, now) {
            let due = later(self.clock.now(), not_before - now);
            pass.waiting(head, Some(due), "it was looked at, and is listed as pending again");
            return Ok(false);
        }
        match self.reader.read(&head.id).await {
            Ok(Some(now)) if self.asked_for(&now.head) => {
                let offered = journal.offer(&[self.run(head, Some(view.attempt))]).await?;
                Ok(offered.contains(&Offered::Woken) && self.woken(head, pass))
            }
            // The list lags behind; the request is not what it says.
            Ok(Some(_)) => Ok(false),
            Ok(None) => {
                pass.waiting(head, None, NOT_THERE);
                Ok(false)
            }
            Err(error) => {
                pass.waiting(head, None, &error.to_string());
                Ok(false)
            }
        }
    }

    /// Parks a run that has ended although its request is pending: one of both is wrong, and nothing
    /// here can tell which. The list may lag behind, so the request is read first.
    async fn reopen(
        &self,
        journal: &dyn Journal,
        head: &Head,
        pass: &mut Pass,
    ) -> Result<(), JournalError> {
        match self.reader.read(&head.id).await {
            Ok(Some(now)) if now.head.status == RequestStatus::Pending => {
                if journal.reopen(&head.id.as_str().into(), ENDED).await? {
                    warn!(request = head.id, why = ENDED, "parked for a person");
                }
            }
            // The list lags behind; the request is not what it says.
            Ok(Some(_)) => {}
            Ok(None) => pass.waiting(head, None, NOT_THERE),
            Err(error) => pass.waiting(head, None, &error.to_string()),
        }
        Ok(())
    }

    fn run(&self, head: &Head, back_after: Option<u32>) -> NewRun {
        let (collection, version) = (self.family.collection.to_owned(), head.updated.clone());
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

impl Pass {
    /// What to say when the platform has shown fewer requests than it says there are. Some may have
    /// left the list while it was walked.
    pub(crate) fn missing(&self) -> Option<String> {
        let shown =
            u32::try_from(self.shown.len()).unwrap_or(u32::MAX).saturating_add(self.nameless);
        let missing = self.pending.saturating_sub(shown);
        (missing > 0).then(|| {
            format!(
                "the platform says that {} requests are pending, and shows {shown}",
                self.pending
            )
        })
    }

    fn unreadable(&mut self, collection: &str, part: &Range<u32>, error: &ClientError) {
        self.nameless += part.end - part.start;
        let rows = match part.end - part.start {
            1 => format!("row {} of the pending {collection}", part.start),
            _ => format!("rows {} to {} of the pending {collection}", part.start, part.end - 1),
        };
        warn!(code = error.code(), %error, rows, "they cannot be listed, all others can");
        self.unreadable.push(format!("{rows}: {error}"));
    }

    fn waiting(&mut self, head: &Head, due: Option<Timestamp>, why: &str) {
        debug!(request = head.id, why, "not woken");
        let (request, why) = (head.id.clone(), why.to_owned());
        self.waiting.push(Leftover { request, state: "waiting", due, why });
    }
}

fn filter(family: &Family, types: &[String], settings: &Settings) -> Rql {
    let subject = |path: &str| rql::field(format!("{}.{path}", family.subject));
    let mut terms = Vec::new();
    if !settings.products.is_empty() {
        let products = settings.products.iter().map(connect_model::ProductId::as_str);
        terms.push(subject("product.id").in_(products));
    }
    if !settings.environments.is_empty() {
        let kinds = settings.environments.iter().map(connect_model::ConnectionType::as_str);
        terms.push(subject("connection.type").in_(kinds));
    }
    terms.push(rql::field("type").in_(types.iter().map(String::as_str)));
    let pending = rql::field("status").eq("pending");
    terms.into_iter().fold(pending, |all, term| all & term)
}
