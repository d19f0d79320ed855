//! Status marks: an icon and a word, never colour alone.

use askama::Template;
use askama::filters::HtmlSafe;
use connect_model::{
    AssetStatus, DeliveryStatus, ItemStatus, ProductStatus, RequestStatus, TierConfigStatus,
    UsageFileStatus, UsageRecordStatus,
};
use http::StatusCode;

/// A status as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "fragments/mark.html")]
pub(super) struct Mark {
    pub(super) text: String,
    /// A symbol of `icons.svg`.
    pub(super) icon: &'static str,
    /// A class of `ui.css`.
    pub(super) tone: &'static str,
}

impl HtmlSafe for Mark {}

impl Mark {
    fn new(status: &str, (icon, tone): (&'static str, &'static str)) -> Self {
        Self { text: title(status), icon, tone }
    }

    /// Marks whether something is active.
    pub(super) fn of_active(active: bool) -> Self {
        if active { Self::new("active", GOOD) } else { Self::new("inactive", HELD) }
    }

    /// Marks how a call ended; without a status its caller was told nothing.
    pub(super) fn of_answer(status: Option<StatusCode>) -> Self {
        match status {
            None => Self::new("no answer", ("forbidden", "bad")),
            Some(status) if status.is_success() => Self::new(status.as_str(), GOOD),
            Some(status) => Self::new(status.as_str(), BAD),
        }
    }
}

const GOOD: (&str, &str) = ("check", "good");
const WORKING: (&str, &str) = ("clock", "working");
const HELD: (&str, &str) = ("pause", "held");
const BAD: (&str, &str) = ("cross", "bad");
const QUIET: (&str, &str) = ("pencil", "quiet");

impl From<&AssetStatus> for Mark {
    fn from(status: &AssetStatus) -> Self {
        let sign = match status {
            AssetStatus::Active => GOOD,
            AssetStatus::Processing => WORKING,
            AssetStatus::Suspended => HELD,
            AssetStatus::Terminating => ("clock", "bad"),
            AssetStatus::Terminated => BAD,
            _ => QUIET,
        };
        Self::new(status.as_str(), sign)
    }
}

impl From<&RequestStatus> for Mark {
    fn from(status: &RequestStatus) -> Self {
        let sign = match status {
            RequestStatus::Approved | RequestStatus::Accepted => GOOD,
            RequestStatus::Pending => WORKING,
            RequestStatus::Inquiring => ("letter", "held"),
            RequestStatus::TiersSetup => HELD,
            RequestStatus::Scheduled => ("alarm", "working"),
            RequestStatus::Revoking => ("back", "held"),
            RequestStatus::Ignored => ("forbidden", "quiet"),
            RequestStatus::Revoked => ("forbidden", "bad"),
            RequestStatus::Failed => BAD,
            _ => QUIET,
        };
        Self::new(status.as_str(), sign)
    }
}

impl From<&TierConfigStatus> for Mark {
    fn from(status: &TierConfigStatus) -> Self {
        let sign = match status {
            TierConfigStatus::Active => GOOD,
            TierConfigStatus::Processing => WORKING,
            _ => QUIET,
        };
        Self::new(status.as_str(), sign)
    }
}

impl From<&DeliveryStatus> for Mark {
    fn from(status: &DeliveryStatus) -> Self {
        let sign = match status {
            DeliveryStatus::Success => GOOD,
            DeliveryStatus::Failure => BAD,
            _ => QUIET,
        };
        Self::new(status.as_str(), sign)
    }
}

impl From<&UsageFileStatus> for Mark {
    fn from(status: &UsageFileStatus) -> Self {
        use UsageFileStatus::{
            Accepted, Closed, Invalid, Pending, Processing, Ready, Rejected, Uploaded, Uploading,
        };
        let sign = match status {
            Ready | Accepted | Closed => GOOD,
            Uploading | Uploaded | Processing | Pending => WORKING,
            Invalid | Rejected => BAD,
            _ => QUIET,
        };
        Self::new(status.as_str(), sign)
    }
}

impl From<&UsageRecordStatus> for Mark {
    fn from(status: &UsageRecordStatus) -> Self {
        let sign = match status {
            UsageRecordStatus::Valid | UsageRecordStatus::Approved | UsageRecordStatus::Closed => {
                GOOD
            }
            UsageRecordStatus::Invalid | UsageRecordStatus::Rejected => BAD,
            _ => QUIET,
        };
        Self::new(status.as_str(), sign)
    }
}

impl From<&ProductStatus> for Mark {
    fn from(status: &ProductStatus) -> Self {
        match status {
            ProductStatus::Published => Self::new(status.as_str(), GOOD),
            ProductStatus::EndOfSale => Self::new(status.as_str(), HELD),
            other => Self::new(other.as_str(), QUIET),
        }
    }
}

impl From<&ItemStatus> for Mark {
    fn from(status: &ItemStatus) -> Self {
        match status {
            ItemStatus::Published => Self::new(status.as_str(), GOOD),
            ItemStatus::EndOfSale => Self::new(status.as_str(), HELD),
            other => Self::new(other.as_str(), QUIET),
        }
    }
}

/// Writes `tiers_setup` as `Tiers setup`, and one word of the platform as the three that it is.
pub(super) fn title(word: &str) -> String {
    let word = if word == ProductStatus::EndOfSale.as_str() { "end of sale" } else { word };
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().replace('_', " ")
}
