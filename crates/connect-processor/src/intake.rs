//! The way from what sources hear of to the journal.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use connect_client::Client;
use connect_model::{Resource, UsageFile};
use futures::future::join_all;
use tokio::sync::Notify;
use tracing::{debug, warn};

use crate::error::Error;
use crate::failure::chain;
use crate::head::Head;
use crate::hints::Hints;
use crate::identity::{self, Platform};
use crate::look::Look;
use crate::offers::{Offers, ServedFamily};
use crate::wakes::Wakes;

/// The longest id that is asked for, in bytes; bounds the length of the address.
const LONGEST_ID: usize = 64;

/// Takes in what a [`Source`](crate::Source) has heard of.
pub struct Intake {
    pub(crate) client: Client,
    pub(crate) platform: Platform,
    pub(crate) families: BTreeMap<&'static str, ServedFamily>,
    pub(crate) offers: Offers,
    pub(crate) hints: Hints,
    /// Told when usage files may have changed; none where no usage is reported.
    pub(crate) usage_news: Option<Notify>,
    pub(crate) wakes: Wakes,
    /// How often the client's key had changed when the journal was last known to be its account's.
    confirmed_keys: AtomicU64,
}

impl Intake {
    pub(crate) fn new(
        client: Client,
        platform: Platform,
        families: BTreeMap<&'static str, ServedFamily>,
        offers: Offers,
        usage_news: Option<Notify>,
    ) -> Self {
        let (hints, wakes) = (Hints::default(), Wakes::default());
        let confirmed_keys = AtomicU64::new(0);
        Self { client, platform, families, offers, hints, usage_news, wakes, confirmed_keys }
    }

    /// Has the list of pending requests of a collection, such as `requests`, walked soon: what a
    /// source does that heard of a change and not of what changed. Hints that come together are one
    /// walk. Of `usage/files`, those that were sent back are looked for. Says whether anything of
    /// the collection is worked on.
    pub fn hint(&self, collection: &str) -> bool {
        if collection == UsageFile::COLLECTION {
            return self.usage_news.as_ref().map(Notify::notify_one).is_some();
        }
        let known = self.families.get_key_value(collection).map(|(known, _)| *known);
        known.into_iter().for_each(|known| self.hints.give(known));
        known.is_some()
    }

    /// Has a request look again that its handler has put off: what a source does that heard, as
    /// from the vendor's own system, that what it waits for may have come. Its handler then looks,
    /// and nothing else of the news is believed.
    ///
    /// One that is at work looks once more afterwards; one that waits after a failure, or for
    /// anything else, is left as it is. A request is woken once in five seconds at most. Says
    /// whether it was taken: not a text that can be no id, nor one too many.
    pub fn wake(&self, request: &str) -> bool {
        is_id(request) && self.wakes.ask(request)
    }

    /// Announces requests by their ids, in a collection such as `requests`. They are read, and
    /// those that are pending and have a handler are worked on. A text that can be no id of the
    /// platform's is passed over, whoever sent it.
    ///
    /// # Errors
    ///
    /// When the platform or the journal cannot be asked; [`Error::OtherJournal`] when the platform
    /// has become another one, and so has no requests for this journal.
    pub async fn announce(
        &self,
        collection: &str,
        ids: impl IntoIterator<Item = String> + Send,
    ) -> Result<Look, Error> {
        let mut look = Look::default();
        let Some(wanted) = self.families.get(collection) else {
            debug!(collection, "a request was announced of which nothing is worked on");
            return Ok(look);
        };
        self.confirm().await?;
        let ids: Vec<String> = ids.into_iter().filter(|id| is_id(id)).collect();
        let read = join_all(ids.iter().map(|id| wanted.reader.read(id))).await;
        let mut heads = Vec::with_capacity(ids.len());
        for (id, read) in ids.iter().zip(read) {
            match read {
                Ok(Some(current)) => heads.push(current.head.clone()),
                Ok(None) => debug!(request = id, "a request was announced that is not there"),
                Err(error) => {
                    warn!(
                        request = id,
                        error = chain(&error),
                        "a request was announced that cannot be read"
                    );
                    look.unreadable.push(format!("{id}: {error}"));
                }
            }
        }
        self.offer(collection, heads, &mut look).await?;
        Ok(look)
    }

    /// Makes sure that platform and account are those that the journal is about, where they may have
    /// become others: the platform as a world does, the account with another key.
    pub(crate) async fn confirm(&self) -> Result<(), Error> {
        let keys = self.client.key_changes();
        if self.platform == Platform::World || self.has_another_key() {
            let (journal, settings) = (self.offers.journal.as_ref(), &self.offers.settings);
            identity::bind(&self.client, journal, settings).await?;
            self.confirmed_keys.store(keys, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Returns whether nobody has made sure yet whose key it is that calls are made with.
    fn has_another_key(&self) -> bool {
        self.confirmed_keys.load(Ordering::Relaxed) != self.client.key_changes()
    }

    /// A family of requests, when something of it is worked on.
    pub(crate) fn family(&self, collection: &str) -> Option<&ServedFamily> {
        self.families.get(collection)
    }

    /// Offers requests of a collection to the journal, as they were seen. None that another key has
    /// shown is offered before it is sure that they are of the same account.
    pub(crate) async fn offer(
        &self,
        collection: &str,
        heads: Vec<Head>,
        look: &mut Look,
    ) -> Result<(), Error> {
        let Some(wanted) = self.families.get(collection) else { return Ok(()) };
        if self.has_another_key() {
            self.confirm().await?;
        }
        Ok(self.offers.offer(collection, wanted, heads, look).await?)
    }
}

/// A reading asks for many requests at once, so what spoils the question spoils it for all of them.
pub(crate) fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_id = (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(is_plain);
    if !is_id {
        debug!("something was announced that is no id");
    }
    is_id
}
