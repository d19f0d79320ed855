//! The address of the platform.

use std::net::IpAddr;

use http::Uri;
use reqwest::Url;

use crate::call::Call;
use crate::error::Error;

/// The base of every URL, without a slash at its end.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint(Url);

impl Endpoint {
    /// Reads an endpoint such as `https://api.connect.cloudblue.com/public/v1`, with or without a
    /// slash at its end.
    pub(crate) fn parse(text: &str, allow_plain_http: bool) -> Result<Self, Error> {
        let url = Url::parse(text.trim_end_matches('/'))
            .map_err(|error| not_an_endpoint(format!("`{text}` is not a URL: {error}")))?;
        check(&url, allow_plain_http)?;
        Ok(Self(url))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns scheme, host and port, for messages.
    pub(crate) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// Returns the address a call goes to.
    pub(crate) fn uri(&self, call: &Call) -> Result<Uri, Error> {
        check_path(&call.path)?;
        check_plain("query", &call.query)?;
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{}", call.path));
        url.set_query((!call.query.is_empty()).then_some(call.query.as_str()));
        Uri::try_from(url.as_str()).map_err(|error| {
            let remedy = "write what is no ASCII letter, digit or `-._~` percent-encoded";
            Error::config("path", format!("{}: {error}", call.name()), remedy)
        })
    }
}

fn check(url: &Url, allow_plain_http: bool) -> Result<(), Error> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(not_an_endpoint(format!("its scheme is `{}`", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(not_an_endpoint("it holds a user name or password".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(not_an_endpoint("it holds a query or a fragment".to_owned()));
    }
    if url.scheme() == "http" && !is_loopback(url) && !allow_plain_http {
        return Err(Error::config(
            "endpoint",
            "over plain http the API key would travel readable",
            "use https, or say allow-plain-http where you trust the network between",
        ));
    }
    Ok(())
}

/// Returns whether a URL is one of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Checks that a path names a place below the endpoint and nothing else.
fn check_path(path: &str) -> Result<(), Error> {
    check_plain("path", path)?;
    let climbs = |segment: &str| matches!(decoded_dots(segment).as_str(), "." | "..");
    let problem = if path.is_empty() {
        "it is empty"
    } else if path.contains(['?', '#', '\\']) {
        "it holds `?`, `#` or a backslash"
    } else if path.split('/').any(climbs) {
        "it holds `.` or `..`"
    } else {
        return Ok(());
    };
    let remedy = "name a place below the endpoint, such as `requests`; a query goes apart from it";
    Err(Error::config("path", format!("`{path}`: {problem}"), remedy))
}

/// Refuses control characters: addresses leave some of them out without a word, and something else would be
/// called.
fn check_plain(part: &'static str, text: &str) -> Result<(), Error> {
    if !text.contains(char::is_control) {
        return Ok(());
    }
    let problem = format!("`{}`: it holds control characters", text.escape_debug());
    Err(Error::config(part, problem, "write them percent-encoded"))
}

/// Decodes the dots of a segment: URLs treat an escaped one as a dot.
fn decoded_dots(segment: &str) -> String {
    segment.replace("%2e", ".").replace("%2E", ".")
}

/// Returns an id as one segment of a path. An empty id would name the whole collection, so it is
/// refused.
pub(crate) fn segment(id: &str) -> Result<String, Error> {
    if id.is_empty() {
        return Err(Error::config("id", "it is empty", "give the id of an object"));
    }
    Ok(escape_segment(id))
}

/// Returns a text percent-encoded, so that it is one segment of a path whatever it holds. Empty ones
/// and those that are only dots are left to the caller: they name other places.
#[must_use]
pub fn escape_segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => segment.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => segment.push(char::from(byte)),
            _ => segment.push_str(&format!("%{byte:02X}")),
        }
    }
    segment
}

fn not_an_endpoint(problem: String) -> Error {
    let remedy = "give it as `https://api.connect.cloudblue.com/public/v1`";
    Error::config("endpoint", problem, remedy)
}
