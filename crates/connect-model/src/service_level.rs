//! How long a request has been waiting, as a service level agreement measures it.

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::rest::Rest;

/// The indicator of a service level, `sli`: how long a request has been in its status
/// (OpenAPI 37.0). A platform that shows none has no agreement about the request.
///
/// ```
/// use connect_model::AssetRequest;
///
/// let request: AssetRequest = serde_json::from_str(
///     r#"{"id": "PR-8027-7606-7082-001", "sli": {"zone": 3, "days": 2}}"#,
/// )?;
/// assert_eq!(request.sli.and_then(|sli| sli.zone), Some(3));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// The zone, from 1 to 7: the higher, the longer it has waited.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub zone: Option<u32>,
    /// The number of whole days that it has waited.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub days: Option<u32>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}
