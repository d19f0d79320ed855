//! The one answer to whether a call is to this emulator, from its own machine, from its own pages.

use std::net::IpAddr;

use http::header::{HOST, HeaderName, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue};

/// The header by which a browser says where a call comes from.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The place of an emulator: the address it listens on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locality(IpAddr);

impl Locality {
    /// Returns the place of an emulator that listens on this address.
    pub(crate) fn at(listen: IpAddr) -> Self {
        Self(listen)
    }

    /// Whether an address is this machine's: who listens on one address calls itself from there.
    pub(crate) fn is_ours(self, ip: IpAddr) -> bool {
        ip.to_canonical().is_loopback() || ip == self.0
    }

    /// Whether a call says our name, and comes from no page of another site. A page elsewhere may
    /// give this machine a name of its own; the browser then says that name. An address is nobody's
    /// to give, so whoever listens on all of them answers to each.
    pub(crate) fn is_called(self, headers: &HeaderMap) -> bool {
        let Some(host) = text(headers, HOST) else { return false };
        let is_own_page = |origin: &str| origin.strip_prefix("http://") == Some(host);
        self.is_named(host) && text(headers, ORIGIN).is_none_or(is_own_page)
    }

    fn is_named(self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        match name.parse() {
            Ok(ip) => self.is_ours(ip) || self.0.is_unspecified(),
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// Whether the browser says that a call comes from a page of another site; a page of another port is
/// one.
pub(crate) fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    text(headers, SEC_FETCH_SITE).is_some_and(|site| site != "same-origin" && site != "none")
}

/// Returns the text of a header; an empty one when it is none.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default())
}
