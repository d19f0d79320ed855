//! The client: one method for each thing the platform lets one do.

use std::fmt;
use std::sync::Arc;

use connect_model::{Action, Request, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::api_key::ApiKey;
use crate::builder::ClientBuilder;
use crate::call::Call;
use crate::endpoint::segment;
use crate::error::Error;
use crate::judge::judge;
use crate::list::List;
use crate::retry::RetryPolicy;
use crate::send::Sender;

/// A client of one Connect account. Clones share its connections.
///
/// Every method may fail with any [`Error`] but those its documentation rules out; the errors say
/// what the caller can do.
///
/// ```
/// use connect_client::{ApiKey, Client, ServiceTransport};
/// use connect_model::asset_request::action::Approve;
/// use connect_model::rql::field;
/// use connect_model::{AssetRequest, RequestStatus};
///
/// # use axum::{Json, Router, routing::{get, post}};
/// # use serde_json::{Value, json};
/// # fn request(status: &str) -> Value { json!({"id": "PR-8027-7606-7082-003", "status": status}) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), connect_client::Error> {
/// # let platform = Router::new()
/// #     .route("/public/v1/requests", get(|| async { Json(json!([request("pending")])) }))
/// #     .route("/public/v1/requests/{id}", get(|| async { Json(request("pending")) }))
/// #     .route("/public/v1/requests/{id}/approve", post(|| async { Json(request("approved")) }));
/// let key = ApiKey::new("ApiKey SU-123-456-789:4f9c0e")?;
/// let client = Client::builder("http://localhost/public/v1", key)
///     // A platform in this process; without it, the client goes over the network.
///     .transport(ServiceTransport::new(platform))
///     .build()?;
///
/// let pending = client.list::<AssetRequest>().filter(field("status").eq("pending"));
/// if let Some(oldest) = pending.order_by("created").first().await? {
///     let request: AssetRequest = client.get(oldest.id.as_str()).await?;
///     let request = client.act(request.id.as_str(), &Approve::default()).await?;
///     assert_eq!(request.status, RequestStatus::Approved);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Sender>);

impl Client {
    /// Starts a client for an endpoint such as `https://api.connect.cloudblue.com/public/v1`, with
    /// or without a slash at its end.
    ///
    /// ```
    /// use connect_client::{ApiKey, Client};
    ///
    /// let key = ApiKey::new("ApiKey SU-123-456-789:4f9c0e")?;
    /// let client = Client::builder("https://api.connect.cloudblue.com/public/v1", key).build()?;
    /// # Ok::<(), connect_client::Error>(())
    /// ```
    pub fn builder(endpoint: &str, key: ApiKey) -> ClientBuilder {
        ClientBuilder::new(endpoint, key)
    }

    pub(crate) fn new(sender: Sender) -> Self {
        Self(Arc::new(sender))
    }

    /// Returns the same client, sharing its connections, with another patience.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self(Arc::new(self.0.with_retry(policy)))
    }

    /// Returns how often calls have come to be made with another key since the client was made,
    /// where there is a [source](crate::ClientBuilder::key_source) of keys. All clones have the same.
    #[must_use]
    pub fn key_changes(&self) -> u64 {
        self.0.keys.changes()
    }

    /// Returns the base of every address, without a slash at its end.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.0.endpoint.as_str()
    }

    /// Reads an object: `GET /{collection}/{id}`.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when the platform does not have it or hides it.
    pub async fn get<R: Resource>(&self, id: &str) -> Result<R, Error> {
        self.get_at(&object::<R>(id)?).await
    }

    /// Reads whatever is at a path below the endpoint: `GET /{path}`.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn get_at<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.call(Call::get(path)).await?.json()
    }

    /// Returns a collection to list; nothing is sent before the list is asked for rows.
    #[must_use]
    pub fn list<R: Resource>(&self) -> List<R> {
        self.list_at(R::COLLECTION)
    }

    /// Returns a collection at a path below the endpoint, such as
    /// `products/PRD-111-222-333/templates`.
    #[must_use]
    pub fn list_at<T: DeserializeOwned>(&self, path: &str) -> List<T> {
        List::new(self.clone(), path)
    }

    /// Carries out an action: `POST /{collection}/{id}/{verb}`. It is repeated only when it has
    /// surely not happened.
    ///
    /// # Errors
    /// [`Error::NoAnswer`] when it may have happened: read the request, then decide, as
    /// [`Client::settle`] does.
    pub async fn act<R, A>(&self, id: &str, action: &A) -> Result<A::Output, Error>
    where
        R: Request,
        A: Action<R>,
    {
        let path = format!("{}/{}", object::<R>(id)?, A::OPERATION.verb());
        self.call(Call::post(path).json(action)?).await?.json()
    }

    /// Changes an object: `PUT /{collection}/{id}`. The body gives values, never differences, so
    /// the call is repeated when its answer is lost.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn update<R: Resource>(
        &self,
        id: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<R, Error> {
        self.call(Call::put(object::<R>(id)?).json(body)?).await?.json()
    }

    /// Creates an object: `POST /{collection}`. It is repeated only when it has surely not
    /// happened.
    ///
    /// # Errors
    /// [`Error::NoAnswer`] when it may have happened: list the collection, then decide.
    pub async fn create<R: Resource>(&self, body: &(impl Serialize + ?Sized)) -> Result<R, Error> {
        self.create_at(R::COLLECTION, body).await
    }

    /// Creates an object in the collection at a path, such as `conversations/CO-111-222-333/messages`.
    ///
    /// # Errors
    /// As [`Client::create`].
    pub async fn create_at<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, Error> {
        self.call(Call::post(path).json(body)?).await?.json()
    }

    /// Sends any call: the way in for everything that has no method here. The answer is one with
    /// a status of 2xx.
    ///
    /// # Errors
    /// Any but [`Error::Decode`].
    pub async fn call(&self, call: Call) -> Result<Answer, Error> {
        self.0.send(call).await
    }

    /// Sends any call once, and gives back whatever was answered, whatever its status:
    /// [`Client::judge`] says what the status means.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::NoAnswer`] without a status, [`Error::TooLarge`] or
    /// [`Error::Config`].
    pub async fn exchange(&self, call: &Call) -> Result<Answer, Error> {
        self.0.exchange(call).await
    }

    /// Passes on an answer with a status of 2xx, and makes of any other the error that
    /// [`Client::call`] makes of it.
    ///
    /// # Errors
    /// As [`Client::call`], but those of the connection.
    pub fn judge(&self, answer: Answer) -> Result<Answer, Error> {
        judge(answer, self.0.clock.now())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.endpoint.origin()).finish()
    }
}

pub(crate) fn object<R: Resource>(id: &str) -> Result<String, Error> {
    Ok(format!("{}/{}", R::COLLECTION, segment(id)?))
}
