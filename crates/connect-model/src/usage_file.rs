//! Usage files: reports of what was used in a period, from a vendor to a distributor.

use serde::{Deserialize, Serialize};

use crate::connection::ConnectionType;
use crate::id::{AccountId, ContractId, MarketplaceId, ProductId, UsageFileId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;

mod new_file;

pub use new_file::{NewUsageFile, UsageFileUpdate};

open_enum! {
    /// How far a usage file has come (OpenAPI 37.0).
    UsageFileStatus {
        /// Without a sheet.
        Draft = "draft",
        /// Its sheet is on its way.
        Uploading = "uploading",
        /// Its sheet is there.
        Uploaded = "uploaded",
        /// Some of its records are wrong; the processed file says which.
        Invalid = "invalid",
        /// Its records are being checked.
        Processing = "processing",
        /// All its records are right: it can be submitted.
        Ready = "ready",
        /// The distributor sent it back.
        Rejected = "rejected",
        /// Waits for the distributor.
        Pending = "pending",
        /// The distributor bills it.
        Accepted = "accepted",
        /// All is billed. Final.
        Closed = "closed",
        /// Taken back. Final.
        Deleted = "deleted",
    }
}

open_enum! {
    /// What the records of a usage file say (OpenAPI 37.0). Products and sheets write the same words
    /// in capitals.
    UsageSchema {
        /// Tier rated: an amount for each tier of the sale.
        TierRated = "tr",
        /// Price rated: the customer's price.
        PriceRated = "pr",
        /// Quantities, which the distributor prices.
        Quantity = "qt",
        /// Cost rated: the distributor's cost.
        CostRated = "cr",
    }
}

open_enum! {
    /// How far a record of usage has come (OpenAPI 37.0).
    UsageRecordStatus {
        /// Found right.
        Valid = "valid",
        /// Found wrong.
        Invalid = "invalid",
        /// Accepted by the distributor.
        Approved = "approved",
        /// Sent back by the distributor.
        Rejected = "rejected",
        /// Billed. Final.
        Closed = "closed",
    }
}

/// The first and the last day of a report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsagePeriod {
    /// The first day, `YYYY-MM-DD`; some vendors write a time, too.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub from: String,
    /// The last day.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub to: String,
}

/// The number of records of a file that have come so far, by how far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsageStats {
    /// In the sheet.
    pub uploaded: u64,
    /// Found right.
    pub validated: u64,
    /// Waiting for the distributor.
    pub pending: u64,
    /// Accepted by it.
    pub accepted: u64,
    /// Closed.
    pub closed: u64,
    /// Billed.
    pub billed: u64,
}

/// A report of usage for one product under one contract.
///
/// Only the id is indispensable.
///
/// ```
/// use connect_model::{UsageFile, UsageFileStatus, UsageSchema};
///
/// let file: UsageFile = serde_json::from_str(
///     r#"{"id": "UF-2024-06-4471-0093", "status": "ready", "schema": "qt",
///         "period": {"from": "2024-05-01", "to": "2024-05-31"}}"#,
/// )?;
/// assert_eq!(file.status, UsageFileStatus::Ready);
/// assert_eq!(file.schema, UsageSchema::Quantity);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsageFile {
    /// The id.
    pub id: UsageFileId,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The vendor's own id.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub external_id: String,
    /// The status; old payloads write it in capitals.
    #[serde(
        default,
        deserialize_with = "status",
        skip_serializing_if = "UsageFileStatus::is_unsaid"
    )]
    pub status: UsageFileStatus,
    /// Who reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Reference<AccountId>>,
    /// Who is reported to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Reference<AccountId>>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Reference<ProductId>>,
    /// The distribution contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Reference<ContractId>>,
    /// The marketplace of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<Reference<MarketplaceId>>,
    /// The environment. Previews are the vendor's alone.
    #[serde(default, skip_serializing_if = "ConnectionType::is_unsaid")]
    pub environment: ConnectionType,
    /// What the records say.
    #[serde(default, skip_serializing_if = "UsageSchema::is_unsaid")]
    pub schema: UsageSchema,
    /// The currency of the amounts, such as `EUR`.
    #[serde(default)]
    pub currency: Option<String>,
    /// The days that are reported.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub period: UsagePeriod,
    /// The reason why the file is invalid.
    #[serde(default)]
    pub error_detail: Option<String>,
    /// What the distributor said when it sent the file back.
    #[serde(default)]
    pub rejection_note: Option<String>,
    /// The records, by how far they have come.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub stats: UsageStats,
    /// The dates of what happened to it.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Reads a status in small letters or capitals.
fn status<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<UsageFileStatus, D::Error> {
    let read: UsageFileStatus = lenient::null_default(deserializer)?;
    let small = UsageFileStatus::from(read.as_str().to_ascii_lowercase().as_str());
    Ok(if UsageFileStatus::ALL.contains(&small) { small } else { read })
}

impl Resource for UsageFile {
    const COLLECTION: &'static str = "usage/files";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
