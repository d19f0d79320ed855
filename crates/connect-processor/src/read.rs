//! Reads requests as they are now, many in one call.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use connect_client::{Client, Error as ClientError, RetryPolicy};
use connect_clock::Clock;
use connect_model::rql;
use futures::StreamExt;
use serde_json::value::RawValue;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tracing::Instrument;

use crate::family::Family;
use crate::head::Head;

/// The time after which a call that is under way holds others up no longer.
const SLOW: Duration = Duration::from_secs(1);

/// The most requests read in one call; bounds the length of the address.
const MOST: usize = 64;

/// The number of calls under way at the same time, those apart that are slow.
const CALLS: usize = 2;

/// A request as it is now.
pub(crate) struct CurrentRequest {
    pub(crate) head: Head,
    pub(crate) raw: Box<RawValue>,
}

/// The reasons for which nobody knows how a request is now.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the request cannot be read: {0}")]
    Call(#[source] Arc<ClientError>),
    #[error("the platform's answer has no row that is understood as this request: {0}")]
    Unreadable(Arc<str>),
    #[error("the processor is ending")]
    Ending,
}

/// The request as it was read; `None` when the platform does not show it.
type Answer = Result<Option<Arc<CurrentRequest>>, ReadError>;

struct ReadCall {
    id: String,
    answer: oneshot::Sender<Answer>,
}

/// Reads the requests of one family. Whoever asks while calls are under way is served by the
/// next one, together with all others: reading costs a fraction of a call per request when many
/// are worked on. A call that hangs holds up those that asked with it, and nobody else.
pub(crate) struct Reader {
    asks: mpsc::Sender<ReadCall>,
}

impl Reader {
    pub(crate) fn start(client: Client, family: Family, clock: Arc<dyn Clock>) -> Self {
        let (asks, inbox) = mpsc::channel(1024);
        tokio::spawn(serve(client, family, inbox, clock).in_current_span());
        Self { asks }
    }

    /// The request as it is now.
    pub(crate) async fn read(&self, id: &str) -> Answer {
        let (answer, reply) = oneshot::channel();
        let asked = self.asks.send(ReadCall { id: id.to_owned(), answer }).await;
        asked.map_err(|_| ReadError::Ending)?;
        reply.await.unwrap_or(Err(ReadError::Ending))
    }
}

async fn serve(
    client: Client,
    family: Family,
    mut inbox: mpsc::Receiver<ReadCall>,
    clock: Arc<dyn Clock>,
) {
    let calls = Arc::new(Semaphore::new(CALLS));
    let mut asks = Vec::with_capacity(MOST);
    while let Ok(place) = Arc::clone(&calls).acquire_owned().await
        && inbox.recv_many(&mut asks, MOST).await > 0
    {
        // Runs that were claimed together ask one right after the other.
        tokio::task::yield_now().await;
        while asks.len() < MOST
            && let Ok(ask) = inbox.try_recv()
        {
            asks.push(ask);
        }
        asks.retain(|ask| !ask.answer.is_closed());
        if asks.is_empty() {
            continue;
        }
        let asked = std::mem::replace(&mut asks, Vec::with_capacity(MOST));
        let (call, clock) = (call(client.clone(), family, asked), Arc::clone(&clock));
        let called = async move {
            // As many calls hang as there are runs at work, at most: each waits for its own.
            let mut call = std::pin::pin!(call);
            if clock.limit(SLOW, call.as_mut()).await.is_err() {
                drop(place);
                call.await;
            }
        };
        tokio::spawn(called.in_current_span());
    }
}

/// Reads these requests, and answers who asked. Finding a row that spoils the others takes time,
/// which those who ask meanwhile are spared.
async fn call(client: Client, family: Family, asked: Vec<ReadCall>) {
    let mut seen = Seen::default();
    match seen.ask(&client, &family, &asked).await {
        Err(error) if asked.len() > 1 && may_be_of_one_row(&error) => {
            tokio::spawn(seen.find(client, family, asked).in_current_span());
        }
        Err(error) => {
            seen.doubt(&asked, error);
            seen.tell(asked);
        }
        Ok(()) => seen.tell(asked),
    }
}

/// The number of calls in a row that may fail before a page is not halved any more: enough to find
/// single rows that spoil theirs, too few to ask a platform that is failing altogether for each
/// row.
pub(crate) const MOST_FAILED: u32 = 16;

/// Returns whether a page may have failed for one of its rows, so that others can be had without
/// it.
pub(crate) fn may_be_of_one_row(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::NoAnswer { .. }
            | ClientError::TooLarge { .. }
            | ClientError::Unexpected { .. }
            | ClientError::Decode { .. }
    )
}

/// The rows that the platform has shown.
#[derive(Default)]
struct Seen {
    rows: Vec<Arc<CurrentRequest>>,
    /// The reasons for which nobody knows how these requests are.
    doubts: HashMap<String, ReadError>,
    /// A row that is none of those that are understood: it may be any of those that are missing.
    unreadable: Option<ReadError>,
}

impl Seen {
    /// Reads half by half what could not be read together, and answers. Whatever is wrong with a
    /// row was tried often enough with all of them, so each call is made once.
    async fn find(mut self, client: Client, family: Family, asked: Vec<ReadCall>) {
        let client = client.with_retry(RetryPolicy::never());
        let (first, second) = asked.split_at(asked.len() / 2);
        let (mut parts, mut failed) = (vec![second, first], 0);
        while let Some(part) = parts.pop() {
            match self.ask(&client, &family, part).await {
                Ok(()) => failed = 0,
                Err(error)
                    if part.len() > 1 && may_be_of_one_row(&error) && failed < MOST_FAILED =>
                {
                    failed += 1;
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
                Err(error) => {
                    failed += 1;
                    self.doubt(part, error);
                }
            }
        }
        self.tell(asked);
    }

    /// Reads these requests in one call, or in several where the platform cuts pages short.
    async fn ask(
        &mut self,
        client: &Client,
        family: &Family,
        asks: &[ReadCall],
    ) -> Result<(), ClientError> {
        let mut rows = client
            .list_at::<Box<RawValue>>(family.collection)
            .filter(rql::field("id").in_(asks.iter().map(|ask| ask.id.as_str())))
            .page_size(MOST as u32)
            .stream();
        // A platform that does not heed the filter has more rows than anybody can hold.
        let mut most = asks.len() + MOST;
        while let Some(row) = rows.next().await {
            self.add(row?, family, asks);
            most -= 1;
            if most == 0 {
                let why = "the platform answers with more requests than were asked for";
                self.unreadable = Some(ReadError::Unreadable(why.into()));
                break;
            }
        }
        Ok(())
    }

    fn doubt(&mut self, asks: &[ReadCall], error: ClientError) {
        let error = ReadError::Call(Arc::new(error));
        self.doubts.extend(asks.iter().map(|ask| (ask.id.clone(), error.clone())));
    }

    fn tell(&self, asks: Vec<ReadCall>) {
        for ReadCall { id, answer } in asks {
            // Whoever asked may have gone.
            let _ = answer.send(self.answer(&id));
        }
    }

    fn add(&mut self, raw: Box<RawValue>, family: &Family, asks: &[ReadCall]) {
        match Head::read(&raw, family) {
            // What is not said is not *somewhere else*.
            Ok(head) if head.status.is_unsaid() => {
                let why = format!("{} comes without a status", head.id);
                self.unreadable = Some(ReadError::Unreadable(why.into()));
            }
            Ok(head) if asks.iter().any(|ask| ask.id == head.id) => {
                self.rows.push(Arc::new(CurrentRequest { head, raw }));
            }
            Ok(_) => {}
            Err(error) => self.unreadable = Some(ReadError::Unreadable(error.to_string().into())),
        }
    }

    fn answer(&self, id: &str) -> Answer {
        if let Some(row) = self.rows.iter().find(|row| row.head.id == id) {
            return Ok(Some(Arc::clone(row)));
        }
        match self.doubts.get(id).or(self.unreadable.as_ref()) {
            Some(doubt) => Err(doubt.clone()),
            None => Ok(None),
        }
    }
}
