//! The tenant API.

use std::sync::Arc;

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serve::Caller;

use super::read_json;
use crate::answer::Refusal;
use crate::keys::Fingerprint;
use crate::operation::{Change, Command};
use crate::vendor::{Delivery, Incoming, Vendor};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key that is kept, in bytes.
const LONGEST_KEY: usize = 255;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExternalId {
    external_id: Option<Arc<str>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewTenant {
    external_id: Option<Arc<str>>,
    callback_url: Option<Arc<str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Adoption {
    external_id: Arc<str>,
}

#[derive(Deserialize)]
struct Limits {
    licences: Licences,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expiry {
    expires_at: Arc<str>,
}

#[derive(Deserialize)]
struct Ownership {
    owner: Arc<str>,
}

#[derive(Deserialize)]
struct Licences {
    limit: u64,
}

pub(super) async fn create(
    vendor: State<Arc<Vendor>>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let NewTenant { external_id, callback_url } = match envelope.body.is_empty() {
        true => NewTenant::default(),
        false => read_json(&envelope.body)?,
    };
    let create = Command::Create { external_id, callback: callback_url };
    Ok(envelope.deliver(vendor, create).await)
}

pub(super) async fn find(
    vendor: State<Arc<Vendor>>,
    query: Result<Query<ExternalId>, QueryRejection>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let Query(ExternalId { external_id }) = query?;
    Ok(envelope.deliver(vendor, Command::Find { external_id }).await)
}

pub(super) async fn read(vendor: State<Arc<Vendor>>, envelope: Envelope) -> Response {
    let tenant = envelope.tenant.clone();
    envelope.deliver(vendor, Command::Read { tenant }).await
}

pub(super) async fn set_limit(
    vendor: State<Arc<Vendor>>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let Limits { licences: Licences { limit } } = read_json(&envelope.body)?;
    Ok(envelope.change(vendor, Change::SetLimit(limit)).await)
}

pub(super) async fn adopt(
    vendor: State<Arc<Vendor>>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let Adoption { external_id } = read_json(&envelope.body)?;
    Ok(envelope.change(vendor, Change::Adopt(external_id)).await)
}

pub(super) async fn extend(
    vendor: State<Arc<Vendor>>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let Expiry { expires_at } = read_json(&envelope.body)?;
    Ok(envelope.change(vendor, Change::Extend(expires_at)).await)
}

pub(super) async fn hand_over(
    vendor: State<Arc<Vendor>>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let Ownership { owner } = read_json(&envelope.body)?;
    Ok(envelope.change(vendor, Change::HandOver(owner)).await)
}

pub(super) async fn set_contact(
    vendor: State<Arc<Vendor>>,
    envelope: Envelope,
) -> Result<Response, Refusal> {
    let contact = read_json(&envelope.body)?;
    Ok(envelope.change(vendor, Change::SetContact(contact)).await)
}

pub(super) async fn enable(vendor: State<Arc<Vendor>>, envelope: Envelope) -> Response {
    envelope.change(vendor, Change::Enable).await
}

pub(super) async fn disable(vendor: State<Arc<Vendor>>, envelope: Envelope) -> Response {
    envelope.change(vendor, Change::Disable).await
}

pub(super) async fn delete(vendor: State<Arc<Vendor>>, envelope: Envelope) -> Response {
    envelope.change(vendor, Change::Delete).await
}

/// The parts that every call to the tenant API carries, whatever it asks for.
pub(super) struct Envelope {
    tenant: Arc<str>,
    key: Option<Arc<str>>,
    fingerprint: Fingerprint,
    caller: Caller,
    body: Bytes,
}

impl Envelope {
    async fn change(self, vendor: State<Arc<Vendor>>, change: Change) -> Response {
        let tenant = self.tenant.clone();
        self.deliver(vendor, Command::Change { tenant, change }).await
    }

    async fn deliver(self, State(vendor): State<Arc<Vendor>>, command: Command) -> Response {
        let call = Incoming { command, key: self.key, fingerprint: self.fingerprint };
        match vendor.serve(call).await {
            Delivery::Whole(answer) => answer.into_response(),
            Delivery::Lost => {
                self.caller.hang_up();
                ().into_response()
            }
        }
    }
}

impl FromRequest<Arc<Vendor>> for Envelope {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, vendor: &Arc<Vendor>) -> Result<Self, Refusal> {
        let tenant = tenant(&mut request).await?;
        let ConnectInfo(caller) = request
            .extract_parts::<ConnectInfo<Caller>>()
            .await
            .map_err(|missing| Refusal::bad_request(missing.body_text()))?;
        let key = key(request.headers())?;
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let body = Bytes::from_request(request, vendor).await?;
        let fingerprint = Fingerprint::of(method.as_str(), &path, &body);
        Ok(Self { tenant, key, fingerprint, caller, body })
    }
}

/// Returns the id in the path; empty where the path has none.
async fn tenant(request: &mut Request) -> Result<Arc<str>, Refusal> {
    match request.extract_parts::<Option<Path<String>>>().await {
        Ok(path) => Ok(path.map_or_else(Arc::default, |Path(id)| id.into())),
        Err(unreadable) => Err(Refusal::bad_request(unreadable.body_text())),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<Arc<str>>, Refusal> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= LONGEST_KEY => Ok(Some(key.into())),
        _ => Err(Refusal::bad_request(format!(
            "Idempotency-Key must be 1 to {LONGEST_KEY} visible ASCII characters."
        ))),
    }
}
