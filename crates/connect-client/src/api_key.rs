//! The secret the platform knows an account by.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::secret::Secret;

const PREFIX: &str = "ApiKey ";

/// An API key: the whole text the platform shows for a token, `ApiKey SU-…:…`.
///
/// It travels as the `Authorization` header, prefix included (OpenAPI 37.0, security scheme). No
/// message, log line or `Debug` output ever shows it.
///
/// ```
/// use connect_client::ApiKey;
///
/// let key: ApiKey = "ApiKey SU-123-456-789:4f9c0e".parse()?;
/// assert_eq!(format!("{key:?}"), "ApiKey([redacted])");
/// # Ok::<(), connect_client::Error>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Takes a key as the platform shows it.
    ///
    /// # Errors
    /// [`Error::Config`] when the text is not `ApiKey`, one space, the token's id, a colon and the
    /// secret. The error does not repeat the text.
    pub fn new(text: &str) -> Result<Self, Error> {
        match problem(text) {
            Some(problem) => Err(Error::config(
                "API key",
                problem,
                "paste the whole value the platform shows for the token: `ApiKey SU-…:…`",
            )),
            None => Ok(Self(text.into())),
        }
    }

    /// Returns the key, to be found where others repeat it.
    pub(crate) fn secret(&self) -> Secret {
        Secret::of(self.0.expose_secret())
    }

    /// Returns the value of the `Authorization` header, marked so that HTTP libraries do not print
    /// it.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::from_str(self.0.expose_secret()).map_err(|_| {
            Error::config("API key", "it does not fit into a header", "paste it again")
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl PartialEq for ApiKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for ApiKey {}

fn problem(text: &str) -> Option<&'static str> {
    if text.contains(['\n', '\r']) {
        return Some("it holds a line break");
    }
    let Some(token) = text.strip_prefix(PREFIX) else {
        return Some("it does not start with `ApiKey` and one space");
    };
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("it holds white space or characters that are not plain ASCII");
    }
    match token.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() => None,
        _ => Some("it has no token id and secret with a colon between them"),
    }
}

impl FromStr for ApiKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_whole_key_and_does_not_print() {
        let text = "ApiKey SU-123-456-789:4f9c0e";
        let header = ApiKey::new(text).unwrap().header().unwrap();
        assert_eq!(header, text);
        assert_eq!(format!("{header:?}"), "Sensitive");
    }
}
