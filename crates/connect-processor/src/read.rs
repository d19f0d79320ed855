//! Reading requests as they are now, many in one call.

use std::sync::Arc;

use connect_client::{Client, Error as ClientError};
use connect_model::{ConnectionType, DateTime, ProductId, RequestStatus, rql};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

/// The most requests read in one call; bounds the length of the address.
const MOST: usize = 64;

/// What every kind of request says about itself.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Head {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: RequestStatus,
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    pub(crate) updated: Option<String>,
    #[serde(default)]
    asset: Option<Subject>,
    #[serde(default)]
    configuration: Option<Subject>,
}

/// An asset or a tier configuration, as far as it says whose it is.
#[derive(Clone, Debug, Deserialize)]
struct Subject {
    id: String,
    #[serde(default)]
    product: Option<Product>,
    #[serde(default)]
    connection: Option<Connection>,
}

#[derive(Clone, Debug, Deserialize)]
struct Product {
    id: ProductId,
}

#[derive(Clone, Debug, Deserialize)]
struct Connection {
    #[serde(rename = "type", default)]
    kind: ConnectionType,
}

impl Head {
    /// When the request was created, if it says so in a way that is understood.
    pub(crate) fn created(&self) -> Option<DateTime> {
        self.created.as_ref()?.parse().ok()
    }

    /// What the request changes: its asset or tier configuration, or else only itself.
    pub(crate) fn subject(&self) -> &str {
        self.about().map_or(self.id.as_str(), |subject| &subject.id)
    }

    /// The product it is about, when it says so.
    pub(crate) fn product(&self) -> Option<&ProductId> {
        self.about()?.product.as_ref().map(|product| &product.id)
    }

    /// The environment it comes from, when it says so.
    pub(crate) fn environment(&self) -> Option<&ConnectionType> {
        let kind = &self.about()?.connection.as_ref()?.kind;
        (!kind.is_unsaid()).then_some(kind)
    }

    fn about(&self) -> Option<&Subject> {
        self.asset.as_ref().or(self.configuration.as_ref())
    }
}

/// A request as it is now.
#[derive(Clone)]
pub(crate) struct Current {
    pub(crate) head: Head,
    pub(crate) raw: Box<RawValue>,
}

/// Why nobody knows how a request is now.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the request cannot be read: {0}")]
    Call(#[source] Arc<ClientError>),
    #[error("the platform's answer has no row that is understood as this request: {0}")]
    Unreadable(Arc<str>),
    #[error("the processor is ending")]
    Ending,
}

/// `None` when the platform does not show the request.
type Answer = Result<Option<Current>, ReadError>;

struct Ask {
    id: String,
    answer: oneshot::Sender<Answer>,
}

/// Reads the requests of one collection. Whoever asks while a call is under way is served by the
/// next one, together with all others: reading costs a fraction of a call per request when many
/// are worked on.
pub(crate) struct Reader {
    asks: mpsc::Sender<Ask>,
}

impl Reader {
    pub(crate) fn start(client: Client, collection: &'static str) -> Self {
        let (asks, inbox) = mpsc::channel(1024);
        tokio::spawn(serve(client, collection, inbox));
        Self { asks }
    }

    /// The request as it is now.
    pub(crate) async fn read(&self, id: &str) -> Answer {
        let (answer, reply) = oneshot::channel();
        let asked = self.asks.send(Ask { id: id.to_owned(), answer }).await;
        asked.map_err(|_| ReadError::Ending)?;
        reply.await.unwrap_or(Err(ReadError::Ending))
    }
}

async fn serve(client: Client, collection: &'static str, mut inbox: mpsc::Receiver<Ask>) {
    let mut asks = Vec::with_capacity(MOST);
    while inbox.recv_many(&mut asks, MOST).await > 0 {
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
        let seen = Seen::look(&client, collection, &asks).await;
        for Ask { id, answer } in asks.drain(..) {
            // Whoever asked may have gone.
            let _ = answer.send(seen.answer(&id));
        }
    }
}

/// What one call has shown.
struct Seen {
    rows: Vec<Current>,
    /// Why the requests that are not among the rows may still be there.
    doubt: Option<ReadError>,
}

impl Seen {
    async fn look(client: &Client, collection: &str, asks: &[Ask]) -> Self {
        let mut rows = client
            .list_at::<Box<RawValue>>(collection)
            .filter(rql::field("id").in_(asks.iter().map(|ask| ask.id.as_str())))
            .page_size(MOST as u32)
            .stream();
        let mut seen = Self { rows: Vec::with_capacity(asks.len()), doubt: None };
        while let Some(row) = rows.next().await {
            match row {
                Ok(raw) => seen.add(raw),
                Err(error) => seen.doubt = Some(ReadError::Call(Arc::new(error))),
            }
        }
        seen
    }

    fn add(&mut self, raw: Box<RawValue>) {
        match serde_json::from_str::<Head>(raw.get()) {
            // What is not said is not *somewhere else*.
            Ok(head) if head.status.is_unsaid() => {
                let why = format!("{} comes without a status", head.id);
                self.doubt = Some(ReadError::Unreadable(why.into()));
            }
            Ok(head) => self.rows.push(Current { head, raw }),
            Err(error) => self.doubt = Some(ReadError::Unreadable(error.to_string().into())),
        }
    }

    fn answer(&self, id: &str) -> Answer {
        match (self.rows.iter().find(|row| row.head.id == id), &self.doubt) {
            (Some(row), _) => Ok(Some(row.clone())),
            (None, Some(doubt)) => Err(doubt.clone()),
            (None, None) => Ok(None),
        }
    }
}
