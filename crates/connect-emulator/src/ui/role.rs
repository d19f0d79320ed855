//! The side a visitor plays.

use connect_model::lifecycle::Caller;
use http::HeaderMap;
use http::header::COOKIE;

/// The side a visitor plays. The emulator stands for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Vendor,
    Distributor,
}

impl Role {
    pub(super) const ALL: [Self; 2] = [Self::Vendor, Self::Distributor];

    /// Returns the word in cookies and forms.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Distributor => "distributor",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Vendor => "Vendor",
            Self::Distributor => "Distributor",
        }
    }

    /// Returns the other side.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Vendor => Self::Distributor,
            Self::Distributor => Self::Vendor,
        }
    }

    /// Returns the role in the words of the lifecycle; on previews the vendor sells, too.
    pub(super) fn caller(self, is_preview: bool) -> Caller {
        match self {
            Self::Vendor => Caller::Vendor { preview: is_preview },
            Self::Distributor => Caller::Distributor,
        }
    }

    /// Returns the role of whoever sends these headers.
    pub(super) fn acting(headers: &HeaderMap) -> Self {
        match cookie(headers, "role") {
            Some("distributor") => Self::Distributor,
            _ => Self::Vendor,
        }
    }
}

/// Returns the value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(its, _)| *its == name).map(|(_, value)| value)
}
