//! Reading requests as they are now, many in one call.

use std::sync::Arc;

use connect_client::{Client, Error as ClientError};
use connect_model::{DateTime, RequestStatus, rql};
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

#[derive(Clone, Debug, Deserialize)]
struct Subject {
    id: String,
}

impl Head {
    /// When the request was created, if it says so in a way that is understood.
    pub(crate) fn created(&self) -> Option<DateTime> {
        self.created.as_ref()?.parse().ok()
    }

    /// What the request changes: its asset or tier configuration, or else only itself.
    pub(crate) fn subject(&self) -> &str {
        let subject = self.asset.as_ref().or(self.configuration.as_ref());
        subject.map_or(self.id.as_str(), |subject| &subject.id)
    }
}

/// A request as it is now.
pub(crate) struct Current {
    pub(crate) head: Head,
    pub(crate) raw: Box<RawValue>,
}

/// `None` when the platform no longer shows the request.
type Answer = Result<Option<Current>, Arc<ClientError>>;

struct Ask {
    id: String,
    answer: oneshot::Sender<Answer>,
}

/// Reads the requests of one collection. Whoever asks while a call is under way is served by the
/// next one, together with all others: reading costs a fraction of a call per request when many
/// are worked on, and no time is spent waiting for company.
#[derive(Clone)]
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
        match (asked, reply.await) {
            (Ok(()), Ok(answer)) => answer,
            _ => Ok(None),
        }
    }
}

async fn serve(client: Client, collection: &'static str, mut inbox: mpsc::Receiver<Ask>) {
    let mut asks = Vec::with_capacity(MOST);
    while inbox.recv_many(&mut asks, MOST).await > 0 {
        let ids: Vec<String> = asks.iter().map(|ask| ask.id.clone()).collect();
        let found = read_all(&client, collection, &ids).await.map_err(Arc::new);
        match found {
            Ok(mut found) => {
                for ask in asks.drain(..) {
                    let at = found.iter().position(|current| current.head.id == ask.id);
                    let _ = ask.answer.send(Ok(at.map(|at| found.swap_remove(at))));
                }
            }
            Err(error) => {
                for ask in asks.drain(..) {
                    let _ = ask.answer.send(Err(Arc::clone(&error)));
                }
            }
        }
    }
}

async fn read_all(
    client: &Client,
    collection: &'static str,
    ids: &[String],
) -> Result<Vec<Current>, ClientError> {
    let page = client
        .list_at::<Box<RawValue>>(collection)
        .filter(rql::field("id").in_(ids.iter().map(String::as_str)))
        .page_size(MOST as u32)
        .page(0)
        .await?;
    let current =
        |raw: Box<RawValue>| serde_json::from_str(raw.get()).ok().map(|head| Current { head, raw });
    Ok(page.items.into_iter().flatten().filter_map(current).collect())
}
