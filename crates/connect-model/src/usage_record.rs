//! Records of usage: the rows of the sheet of a usage file, as the platform shows them.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::datetime::DateTime;
use crate::id::{AssetId, ItemId, UsageFileId, UsageRecordId};
use crate::lenient;
use crate::reference::Reference;
use crate::resource::Resource;
use crate::rest::Rest;
use crate::usage_file::UsageRecordStatus;

/// How much of an item one subscription used in a time (OpenAPI 37.0).
///
/// Only the id is indispensable.
///
/// ```
/// use connect_model::{UsageRecord, UsageRecordStatus};
///
/// let record: UsageRecord = serde_json::from_str(
///     r#"{"id": "UFR-2024-06-4471-0093-000001", "status": "valid", "usage": 12.5}"#,
/// )?;
/// assert_eq!(record.status, UsageRecordStatus::Valid);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// The id.
    pub id: UsageRecordId,
    /// The status.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "UsageRecordStatus::is_unsaid"
    )]
    pub status: UsageRecordStatus,
    /// The file that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usagefile: Option<Reference<UsageFileId>>,
    /// The item; none of a wrong record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Reference<ItemId>>,
    /// The subscription; none of a wrong record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<Reference<AssetId>>,
    /// The beginning of the use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<DateTime>,
    /// Its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<DateTime>,
    /// How much was used, in the item's unit.
    #[serde(default)]
    pub usage: Option<Number>,
    /// The amount of money, in the file's currency.
    #[serde(default)]
    pub amount: Option<Number>,
    /// The distributor's id of the bill.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub external_billing_id: String,
    /// What the distributor noted of it.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub external_billing_note: String,
    /// When it was closed.
    #[serde(default)]
    pub closed_at: Option<DateTime>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for UsageRecord {
    const COLLECTION: &'static str = "usage/records";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
