//! What there is to know of the bills for a subscription.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::datetime::DateTime;
use crate::id::BillingRequestId;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::product_item::BillingPeriod;
use crate::rest::Rest;

open_enum! {
    /// The side that bills (OpenAPI 37.0).
    BillingRequestType {
        /// The vendor bills the distributor.
        Vendor = "vendor",
        /// The distributor bills on.
        Provider = "provider",
    }
}

/// When a subscription is billed, and how often it was (OpenAPI 37.0). The platform shows it under
/// `/subscriptions/assets`.
///
/// ```
/// use connect_model::{BillingPeriod, Subscription};
///
/// let subscription: Subscription = serde_json::from_str(
///     r#"{"id": "AS-7986-6756-4144", "billing": {
///         "period": {"delta": 1.0, "uom": "monthly"},
///         "next_date": "2024-07-25T15:37:46+00:00", "anniversary": {"day": 25},
///         "stats": {"vendor": {"count": 2}}}}"#,
/// )?;
/// let billing = subscription.0.billing.unwrap_or_default();
/// assert_eq!(billing.period.map(|period| period.uom), Some(BillingPeriod::Monthly));
/// assert_eq!(billing.stats.vendor.map(|billed| billed.count), Some(2));
/// assert_eq!(billing.stats.provider, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Billing {
    /// The time from one bill to the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<BillingCycle>,
    /// The date of the next bill.
    #[serde(
        default,
        deserialize_with = "crate::datetime::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub next_date: Option<DateTime>,
    /// The day that bills fall on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anniversary: Option<Anniversary>,
    /// The billing requests so far; only where the subscription is read by its id.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub stats: BillingStats,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The time from one bill to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BillingCycle {
    /// The number of units.
    #[serde(default)]
    pub delta: Option<Number>,
    /// The unit.
    #[serde(default, skip_serializing_if = "BillingPeriod::is_unsaid")]
    pub uom: BillingPeriod,
}

/// The day that bills fall on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anniversary {
    /// The day of the month; in a month that is shorter, its last.
    #[serde(default)]
    pub day: Option<u8>,
    /// The month, where the period is of years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
}

/// The billing requests of each side. A side that made none is not there, nor one that the caller
/// does not see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BillingStats {
    /// The vendor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Billed>,
    /// The distributor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Billed>,
}

/// The billing requests of one side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Billed {
    /// Their number.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub count: u64,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_request: Option<LastBill>,
}

/// A billing request in short.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastBill {
    /// The id.
    pub id: BillingRequestId,
    /// The side that made it.
    #[serde(rename = "type", default, skip_serializing_if = "BillingRequestType::is_unsaid")]
    pub kind: BillingRequestType,
    /// The time it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<BilledPeriod>,
}

/// The time that is billed for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BilledPeriod {
    /// Its beginning.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub from: Option<DateTime>,
    /// Its end.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub to: Option<DateTime>,
    /// The number of units.
    #[serde(default)]
    pub delta: Option<Number>,
    /// The unit.
    #[serde(default, skip_serializing_if = "BillingPeriod::is_unsaid")]
    pub uom: BillingPeriod,
}
