//! Offers to the journal, and who is woken by them.
//!
//! | the journal says of a request | what is done |
//! |---|---|
//! | new, or woken by a new version | it is worked on |
//! | idle, in this version | it is woken if reading shows it pending, now and then; one that was skipped, once it is overdue; a migration, once a handler takes it |
//! | ended | it is parked for a person if reading shows it pending |
//! | waiting, at work or parked | nothing |
//!
//! Looking writes nothing to the platform, and nothing that is heard of ends a run.

use std::sync::Arc;

use connect_clock::{Clock, saturating_add};
use connect_journal::{Journal, JournalError, NewRun, OfferResult, RunState, RunView};
use connect_model::{DateTime, RequestStatus};
use tracing::{debug, warn};

use crate::ending::Ending;
use crate::failure::chain;
use crate::gate::Gate;
use crate::head::Head;
use crate::look::Look;
use crate::overdue::EXTENDED;
use crate::payload::Payload;
use crate::read::Reader;
use crate::settings::Settings;
use crate::urgency::urgency;
use crate::wake_limit::WakeLimit;

/// The text for a request that nobody can work on.
const NOT_THERE: &str = "it is listed, and not there when it is read";

/// The text for a request that is pending although its run has ended.
const ENDED: &str = "the journal says that this request has come to an end, and on the platform it is \
                     pending. Was the platform made anew, as a local world with a seed is? Then use \
                     another journal. Otherwise look which is true, and revive the run to have its \
                     outcome told again: steps that are recorded are not repeated";

/// Offers requests to the journal.
pub(crate) struct Offers {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) wake_limit: WakeLimit,
    pub(crate) gate: Arc<Gate>,
}

/// A family of requests that is worked on.
pub(crate) struct ServedFamily {
    /// The types that have handlers.
    pub(crate) types: Vec<String>,
    /// The statuses in which its requests wait for the vendor.
    pub(crate) waits_in: &'static [RequestStatus],
    /// Whether one is for migrations.
    pub(crate) takes_migrations: bool,
    pub(crate) reader: Reader,
}

impl Offers {
    /// Offers the requests of a collection that are wanted, as they were seen.
    pub(crate) async fn offer(
        &self,
        collection: &str,
        wanted: &ServedFamily,
        heads: Vec<Head>,
        look: &mut Look,
    ) -> Result<(), JournalError> {
        let (heads, others): (Vec<Head>, Vec<Head>) =
            heads.into_iter().partition(|head| self.wants(wanted, head));
        for head in others {
            debug!(request = head.id, "a request was seen that was not asked for");
        }
        let runs: Vec<NewRun> = heads.iter().map(|head| self.run(collection, head, None)).collect();
        let offered = self.journal.offer(&runs).await?;
        for (head, offered) in heads.iter().zip(offered) {
            let heard = HeardRequest { offers: self, collection, wanted, head };
            look.news += u32::from(heard.wake(offered, look).await?);
        }
        Ok(())
    }

    /// A filter makes answers short; whether it was heeded, the rows show.
    fn wants(&self, wanted: &ServedFamily, head: &Head) -> bool {
        wanted.waits_in.contains(&head.status)
            && wanted.types.contains(&head.kind)
            && self.settings.takes(head)
    }

    /// The run of a request, after how many attempts it was found pending again if it was.
    fn run(&self, collection: &str, head: &Head, back_after: Option<u32>) -> NewRun {
        let deadline = self.settings.deadline(collection, head).map(|(_, standing)| standing);
        let urgent = urgency(head, deadline);
        let (collection, version) = (collection.to_owned(), head.updated.clone());
        let is_revoking = head.status == RequestStatus::Revoking;
        let (usage, monthly) = (None, None);
        let payload =
            Payload { collection, version, back_after, is_revoking, usage, monthly }.write();
        let run = NewRun::new(head.id.as_str(), head.subject(), payload);
        let run = NewRun { urgent, ..run.group(self.gate.meet(head.product())) };
        // The oldest request comes first, wherever on the list it was met.
        match head.created().map(DateTime::timestamp) {
            Some(created) => run.due(created.min(self.clock.now())),
            None => run,
        }
    }
}

/// A request that was heard of and offered.
struct HeardRequest<'a> {
    offers: &'a Offers,
    collection: &'a str,
    wanted: &'a ServedFamily,
    head: &'a Head,
}

impl HeardRequest<'_> {
    /// Wakes the run if what the journal said to the offer allows it; says whether that is news.
    async fn wake(&self, offered: OfferResult, look: &mut Look) -> Result<bool, JournalError> {
        match offered {
            OfferResult::New => Ok(true),
            OfferResult::Woken => Ok(self.woken(look)),
            OfferResult::Known(RunState::Idle) => self.is_back(look).await,
            OfferResult::Known(RunState::Done | RunState::Dead) => {
                self.reopen(look).await?;
                Ok(false)
            }
            OfferResult::Unreadable => {
                look.waiting(self.head, None, "the journal cannot read its run");
                Ok(false)
            }
            OfferResult::Known(_) => Ok(false),
        }
    }

    /// Takes down that the run was woken; says whether that is news.
    fn woken(&self, look: &mut Look) -> bool {
        let Offers { clock, wake_limit, settings, .. } = self.offers;
        let is_news = wake_limit.woken(&self.head.id, clock.monotonic(), &settings.backoff);
        if !is_news {
            look.waiting(self.head, None, "it comes back as pending again and again");
        }
        is_news
    }

    /// Wakes an idle run whose request had left the list and is on it again, in the same version:
    /// the platform counts in whole seconds. A list may lag behind, so the request is read first.
    async fn is_back(&self, look: &mut Look) -> Result<bool, JournalError> {
        let Self { offers, head, .. } = *self;
        let view = match offers.journal.run(&head.id.as_str().into()).await {
            Ok(Some(view)) => view,
            Ok(None) => return Ok(false),
            // What cannot be read of one run is not the others' trouble.
            Err(error @ JournalError::Corrupt { .. }) => {
                look.waiting(head, None, &chain(&error));
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        if self.rests(&view) {
            return Ok(false);
        }
        let now = offers.clock.monotonic();
        if let Some(not_before) = offers.wake_limit.not_before(&head.id, now) {
            let due = saturating_add(offers.clock.now(), not_before - now);
            look.waiting(head, Some(due), "it was looked at, and is listed as pending again");
            return Ok(false);
        }
        match self.read(look).await {
            Some(now) if offers.wants(self.wanted, &now) => {
                let again = offers.run(self.collection, head, Some(view.attempt));
                let offered = offers.journal.offer(&[again]).await?;
                Ok(offered.contains(&OfferResult::Woken) && self.woken(look))
            }
            _ => Ok(false),
        }
    }

    /// Whether the request is to be left alone until it changes.
    fn rests(&self, run: &RunView) -> bool {
        match Ending::of(run) {
            Some(Ending::Skipped) => !self.is_overdue(run),
            Some(ending @ Ending::Migration(_)) => {
                let key = &self.offers.settings.migration_parameter;
                !self.wanted.takes_migrations && ending == Ending::migration(key)
            }
            _ => false,
        }
    }

    /// Whether the request has waited for longer than it may, and nobody has let it go on.
    fn is_overdue(&self, run: &RunView) -> bool {
        let Offers { settings, clock, .. } = self.offers;
        let deadline = settings.deadline(self.collection, self.head);
        deadline.is_some_and(|(_, standing)| standing.is_overdue(clock.now()))
            && !run.steps.iter().any(|record| record.step.as_str() == EXTENDED)
    }

    /// Parks a run that has ended although its request is pending: one of both is wrong, and
    /// nothing here can tell which. The list may lag behind, so the request is read first.
    async fn reopen(&self, look: &mut Look) -> Result<(), JournalError> {
        let waits = |now: Head| self.wanted.waits_in.contains(&now.status);
        if self.read(look).await.is_some_and(waits)
            && self.offers.journal.reopen(&self.head.id.as_str().into(), ENDED).await?
        {
            warn!(request = self.head.id, why = ENDED, "the run is parked for a person");
        }
        Ok(())
    }

    /// The request as it is now, when that can be known.
    async fn read(&self, look: &mut Look) -> Option<Head> {
        match self.wanted.reader.read(&self.head.id).await {
            Ok(Some(now)) => return Some(now.head.clone()),
            Ok(None) => look.waiting(self.head, None, NOT_THERE),
            Err(error) => look.waiting(self.head, None, &error.to_string()),
        }
        None
    }
}
