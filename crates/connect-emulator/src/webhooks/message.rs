//! A call of a webhook as HTTP, signed.

use bytes::Bytes;
use connect_world::WebhookCall;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Request};

use crate::answer::JSON;
use crate::token;

/// The header in which one official processor looks for the token.
const AUTHENTICATION: HeaderName = HeaderName::from_static("authentication");

/// Returns the request that makes a call.
///
/// # Errors
///
/// The reason why no request can be made of it, in words.
pub(super) fn request(call: &WebhookCall) -> Result<Request<Bytes>, String> {
    let token = token::signed(&call.claims, &call.secret);
    let token = token.map_err(|_| "The call cannot be signed.")?;
    let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| "The call cannot be signed.")?;
    bearer.set_sensitive(true);
    let body = serde_json::to_vec(&call.body).map_err(|_| "The call cannot be written.")?;
    let mut request = Request::post(&call.url)
        .header(CONTENT_TYPE, JSON)
        .header(AUTHORIZATION, bearer.clone())
        .header(AUTHENTICATION, bearer);
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    request.body(body.into()).map_err(|_| "The address is not a valid URL.".to_owned())
}
