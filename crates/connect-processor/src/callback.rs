//! Links by which a vendor's system says that a request should look again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::failure::BoxError;

/// The place where the vendor's system calls back about one request, with what proves to the
/// processor that it may.
///
/// A call says nothing but *look again*: a link that others get to know of lets them ask for that,
/// and for nothing else. It does not print.
///
/// ```
/// use connect_processor::Callback;
///
/// let callback = Callback::new("https://processor.example/callback", "eyJ0…");
/// assert_eq!(callback.link(), "https://processor.example/callback?token=eyJ0…");
/// assert!(!format!("{callback:?}").contains("eyJ0"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    url: String,
    token: String,
}

impl Callback {
    /// Makes one of the address that is called and a token, which stands in a query as it is.
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> Self {
        Self { url: url.into(), token: token.into() }
    }

    /// Returns the address without the token, for systems that send a header of their own:
    /// `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the address with the token in it.
    #[must_use]
    pub fn link(&self) -> String {
        let sign = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{sign}token={}", self.url, self.token)
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("url", &self.url).finish_non_exhaustive()
    }
}

type Sign = dyn Fn(&str, Timestamp) -> Result<Callback, BoxError> + Send + Sync;

/// The way in which callbacks are made.
#[derive(Clone)]
pub(crate) struct Callbacks {
    pub(crate) good_for: Duration,
    pub(crate) sign: Arc<Sign>,
}
