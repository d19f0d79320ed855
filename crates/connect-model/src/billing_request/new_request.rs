//! The body that creates billing requests.

use serde::Serialize;
use serde_json::{Value, json};

use crate::billing::{BilledPeriod, BillingRequestType};
use crate::billing_request::BillingAttributes;
use crate::id::AssetId;
use crate::item::Quantity;

/// The body of `POST /subscriptions/requests`, in the form that clients send; the document's own is
/// flat.
///
/// ```
/// use connect_model::{
///     AssetId, BilledPeriod, BillingPeriod, BillingRequestType, NewBillingRequest,
/// };
///
/// let asset: AssetId = "AS-7986-6756-4144".parse()?;
/// let may = BilledPeriod {
///     from: "2024-05-01T00:00:00Z".parse().ok(),
///     to: "2024-06-01T00:00:00Z".parse().ok(),
///     delta: Some(1.into()),
///     uom: BillingPeriod::Monthly,
/// };
/// let body = NewBillingRequest::new(BillingRequestType::Vendor, &asset, may)
///     .item("SKU_A")
///     .quantity_of("SKU_B", 8.into())
///     .attribute("invoice", "N-17");
/// assert_eq!(
///     serde_json::to_value(body).unwrap(),
///     serde_json::json!({
///         "type": "vendor", "asset": {"id": asset},
///         "items": [{"id": "SKU_A"}, {"id": "SKU_B", "quantity": "8"}],
///         "attributes": {"vendor": {"invoice": "N-17"}},
///         "period": {"from": "2024-05-01T00:00:00+00:00", "to": "2024-06-01T00:00:00+00:00",
///                    "delta": 1, "uom": "monthly"},
///     })
/// );
/// # Ok::<(), connect_model::BadId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewBillingRequest {
    #[serde(rename = "type")]
    kind: BillingRequestType,
    asset: Value,
    items: Vec<Value>,
    #[serde(skip_serializing_if = "BillingAttributes::is_empty")]
    attributes: BillingAttributes,
    period: BilledPeriod,
}

impl NewBillingRequest {
    /// Returns a request of the caller's side for a subscription and a period. It needs an item.
    #[must_use]
    pub fn new(kind: BillingRequestType, asset: &AssetId, period: BilledPeriod) -> Self {
        let (asset, attributes) = (json!({"id": asset}), BillingAttributes::default());
        Self { kind, asset, items: Vec::new(), attributes, period }
    }

    /// Returns the same that also bills an item, as much as the subscription has of it. Local ids,
    /// global ids and part numbers are understood.
    #[must_use]
    pub fn item(mut self, id: &str) -> Self {
        self.items.push(json!({"id": id}));
        self
    }

    /// Returns the same that also bills so much of an item.
    #[must_use]
    pub fn quantity_of(mut self, id: &str, quantity: Quantity) -> Self {
        self.items.push(json!({"id": id, "quantity": quantity}));
        self
    }

    /// Returns the same with an attribute of the caller's side.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.attributes.of_mut(&self.kind).insert(name.to_owned(), value.into());
        self
    }
}
