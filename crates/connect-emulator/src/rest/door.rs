//! The parts of a call that a route needs.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bytes::Bytes;
use connect_model::{ProductId, RequestId, TemplateId};
use http::Uri;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::action_link;
use crate::answer::{self, Answer, Rejection, Reply};
use crate::json_text::{self, DEEPEST, fits};
use crate::platform::Platform;
use connect_world::{ActionSubject, Actor, Collection, Command, Denial, Download};

/// A caller the platform knows, at the platform's door.
pub(super) struct Door {
    platform: Platform,
    who: Actor,
    uri: Uri,
}

impl FromRequestParts<Platform> for Door {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, platform: &Platform) -> Result<Self, Rejection> {
        let who = parts.extensions.remove::<Actor>().ok_or_else(answer::unauthorized)?;
        Ok(Self { platform: platform.clone(), who, uri: parts.uri.clone() })
    }
}

impl Door {
    pub(super) fn who(&self) -> &Actor {
        &self.who
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns a page of a collection, as the query asks for it.
    pub(super) async fn list(&self, collection: &Collection) -> Reply {
        Ok(self.platform.list(&self.who, collection, self.query()).await?.into())
    }

    /// Reads one object of a collection.
    pub(super) async fn read(&self, collection: &Collection, id: &str) -> Reply {
        Ok(Answer::ok(self.platform.read(&self.who, collection, id, self.query()).await?))
    }

    /// Returns the text an object shows to people.
    pub(super) async fn render(
        &self,
        collection: &Collection,
        id: &str,
    ) -> Result<String, Rejection> {
        Ok(self.platform.render(&self.who, collection, id).await?)
    }

    /// Returns a template with the values of a request.
    pub(super) async fn render_template(
        &self,
        template: &TemplateId,
        request: &RequestId,
    ) -> Reply {
        let request = request.as_str();
        let text = self.platform.render_template(&self.who, template, request, &[]).await?;
        Ok(Answer::markdown(text))
    }

    /// Returns the link to the empty sheet of usage that a product offers.
    pub(super) fn usage_template(&self, product: &ProductId) -> Result<String, Denial> {
        self.platform.with_world(|world| world.usage_template(&self.who, product))
    }

    /// Returns the sheet of a chunk.
    pub(super) fn usage_chunk_sheet(&self, id: &str) -> Result<Download, Denial> {
        self.platform.with_world(|world| world.usage_chunk_sheet(&self.who, id))
    }

    /// Returns the rows of a reconciliation.
    pub(super) fn usage_reconciliation_sheet(&self, id: &str) -> Result<Download, Denial> {
        self.platform.with_world(|world| world.usage_reconciliation_sheet(&self.who, id))
    }

    /// Returns the link of a product's action to what the query names.
    pub(super) async fn action_link(&self, product: &ProductId, action: &str) -> Reply {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&self.uri).ok();
        let Query(pairs) = query.unwrap_or_default();
        let named = |name: &str| {
            let found = pairs.iter().find(|(its, value)| its == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let of = match (named("asset_id"), named("tier_config_id")) {
            (Some(id), None) => ActionSubject::Asset(id),
            (None, Some(id)) => ActionSubject::TierConfig(id),
            _ => {
                let text = "Either asset_id or tier_config_id has to be given.";
                return Err(Denial::invalid(text).into());
            }
        };
        let link = action_link::signed(&self.platform, &self.who, product, action, of).await?;
        Answer::json(&json!({ "link": link }))
    }

    /// Has a command carried out; what it changed is durable when this returns.
    pub(super) async fn apply(self, command: impl Into<Command> + Send) -> Reply {
        Ok(self.platform.apply(self.who, command).await?.into())
    }

    fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }
}

/// The ids in the path.
pub(super) struct Ids<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Platform> for Ids<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, platform: &Platform) -> Result<Self, Rejection> {
        let ids = Path::<T>::from_request_parts(parts, platform).await;
        ids.map(|Path(ids)| Self(ids)).map_err(|_| Denial::not_found().into())
    }
}

/// The body as JSON; `null` when there is none, which every action accepts.
pub(super) struct Payload(pub(super) Value);

impl FromRequest<Platform> for Payload {
    type Rejection = Rejection;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, Rejection> {
        let is_form = is_multipart(&request);
        let body = Bytes::from_request(request, platform)
            .await
            .map_err(|_: BytesRejection| answer::unreadable())?;
        match body.trim_ascii() {
            [] => Ok(Self(Value::Null)),
            _ if is_form => Err(Denial::not_emulated("a multipart body").into()),
            json => shallow(json_text::parse(json, "body")?),
        }
    }
}

/// The body of a call that writes an object, or none.
pub(super) struct ObjectPayload(pub(super) Value);

impl FromRequest<Platform> for ObjectPayload {
    type Rejection = Rejection;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, Rejection> {
        match Payload::from_request(request, platform).await? {
            Payload(body @ (Value::Null | Value::Object(_))) => Ok(Self(body)),
            Payload(other) => Err(Denial::not_an_object(&other).into()),
        }
    }
}

/// Refuses a body that nests too deep: it would become part of a record that cannot be read from
/// the file.
fn shallow(body: Value) -> Result<Payload, Rejection> {
    if fits(&body, DEEPEST) { Ok(Payload(body)) } else { Err(answer::too_deep(DEEPEST)) }
}

/// Whether the body is a form: Connect takes files in them, such as a product's icon.
fn is_multipart(request: &Request) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"))
}
