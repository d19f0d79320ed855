//! One exchange with the platform, as plain values.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;

use crate::call_name::CallName;
use crate::error::Error;

/// A call that has not been sent yet.
///
/// ```
/// use connect_client::Call;
///
/// let call = Call::post("requests/PR-8027-7606-7082-003/fail")
///     .json(&serde_json::json!({"reason": "sold out"}))?;
/// assert_eq!(call.name().to_string(), "POST requests/PR-8027-7606-7082-003/fail");
/// # Ok::<(), connect_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The HTTP method. It decides whether the call may be repeated.
    pub method: Method,
    /// The path below the endpoint, without a slash before it.
    pub path: String,
    /// The query behind the `?`, percent-encoded; empty for none.
    pub query: String,
    /// Headers besides those of the client.
    pub headers: HeaderMap,
    /// The body; sharing it between attempts costs nothing.
    pub body: Option<Bytes>,
}

impl Call {
    /// Returns a call with neither query, headers nor body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        let path = path.into();
        let path = path.strip_prefix('/').map(str::to_owned).unwrap_or(path);
        Self { method, path, query: String::new(), headers: HeaderMap::new(), body: None }
    }

    /// Returns the call `GET path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Returns the call `POST path`.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// Returns the call `PUT path`.
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// Returns the call `DELETE path`.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// Returns the same call with a query, already percent-encoded.
    #[must_use]
    pub fn query(mut self, encoded: impl Into<String>) -> Self {
        self.query = encoded.into();
        self
    }

    /// Returns the same call with one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Returns the same call with a JSON body. An empty one (`{}`, `[]`, `null`) is not sent at
    /// all, as CloudBlue's Python client does.
    ///
    /// # Errors
    /// [`Error::Config`] when the value cannot be written as JSON, such as a map whose keys are
    /// not texts.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Result<Self, Error> {
        let body = serde_json::to_vec(value).map_err(|error| {
            let remedy = "give a value that can be written as JSON";
            Error::config("body", format!("{}: {error}", self.name()), remedy)
        })?;
        if matches!(body.as_slice(), b"{}" | b"[]" | b"null") {
            return Ok(self);
        }
        let mut call = self.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        call.body = Some(body.into());
        Ok(call)
    }

    /// Returns the name of the call in messages.
    #[must_use]
    pub fn name(&self) -> CallName {
        CallName { method: self.method.clone(), path: self.path.clone() }
    }
}
