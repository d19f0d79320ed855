//! The bodies that create requests.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::asset_request::AssetRequestType;
use crate::datetime::DateTime;
use crate::id::{AssetId, ConnectionId, ProductId, TierAccountId};
use crate::item::Quantity;
use crate::parameter::ParameterUpdate;
use crate::renewal::RenewalTerm;
use crate::tier_account::TierAccount;

/// The body of `POST /requests`.
///
/// ```
/// use connect_model::AssetId;
/// use connect_model::asset_request::NewRequest;
///
/// let asset: AssetId = "AS-8027-7606-7082".parse()?;
/// let body = serde_json::to_value(NewRequest::resume(&asset)).unwrap();
/// assert_eq!(body, serde_json::json!({"type": "resume", "asset": {"id": asset}}));
/// # Ok::<(), connect_model::BadId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct NewRequest(Map<String, Value>);

/// The account at one level of a new subscription or set-up.
#[derive(Clone, Debug, PartialEq)]
pub enum NewTier {
    /// One the platform knows.
    Known(TierAccountId),
    /// One to be found by its external ids, or created.
    New(Box<TierAccount>),
}

impl Serialize for NewTier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(id) => json!({"id": id}).serialize(serializer),
            Self::New(account) => account.serialize(serializer),
        }
    }
}

impl NewRequest {
    fn on(asset: &AssetId, kind: &AssetRequestType) -> Self {
        Self::from_value(json!({"type": kind, "asset": {"id": asset}}))
    }

    fn from_value(value: Value) -> Self {
        match value {
            Value::Object(fields) => Self(fields),
            _ => Self(Map::new()),
        }
    }

    fn asset(&mut self) -> &mut Value {
        self.0.entry("asset").or_insert_with(|| json!({}))
    }

    /// Asks for a new preview subscription of a product.
    #[must_use]
    pub fn preview_purchase(product: &ProductId) -> Self {
        Self::from_value(json!({
            "type": AssetRequestType::Purchase,
            "asset": {
                "product": {"id": product},
                "connection": {"id": ConnectionId::from_number(0), "type": "preview"},
            },
        }))
    }

    /// Asks for a new subscription through a connection.
    #[must_use]
    pub fn purchase(product: &ProductId, connection: &ConnectionId) -> Self {
        Self::from_value(json!({
            "type": AssetRequestType::Purchase,
            "asset": {"product": {"id": product}, "connection": {"id": connection}},
        }))
    }

    /// Asks for other quantities or parameters.
    #[must_use]
    pub fn change(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Change)
    }

    /// Asks for an administrative hold.
    #[must_use]
    pub fn suspend(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Suspend)
    }

    /// Asks for the end of an administrative hold.
    #[must_use]
    pub fn resume(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Resume)
    }

    /// Asks for the end of the subscription.
    #[must_use]
    pub fn cancel(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Cancel)
    }

    /// Asks for a subscription that would expire to last longer: each item for the period that it is
    /// billed for, unless [`NewRequest::renewing`] says another.
    #[must_use]
    pub fn renew(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Renew)
    }

    /// Asks for the subscription to go to other accounts: those that [`NewRequest::tier`] names.
    #[must_use]
    pub fn transfer(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Transfer)
    }

    /// Asks for the vendor's own correction of parameters.
    #[must_use]
    pub fn adjustment(asset: &AssetId) -> Self {
        Self::on(asset, &AssetRequestType::Adjustment)
    }

    /// Returns the same request as a draft, to be validated before it is ordered.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.0.insert("status".to_owned(), json!("draft"));
        self
    }

    /// Returns the same request, planned for a later day.
    #[must_use]
    pub fn planned(mut self, day: DateTime) -> Self {
        self.0.insert("planned_date".to_owned(), json!(day));
        self
    }

    /// Returns the same request with one more item, named by its local id, global id or part
    /// number.
    #[must_use]
    pub fn item(mut self, item: &str, quantity: impl Into<Quantity>) -> Self {
        let row = json!({"id": item, "quantity": quantity.into()});
        self.push("items", row);
        self
    }

    /// Returns the same renewal, of one more item for a term of its own.
    #[must_use]
    pub fn renewing(mut self, item: &str, term: &RenewalTerm) -> Self {
        let renewal = json!({"period_delta": term.delta, "period_uom": term.unit});
        self.push("items", json!({"id": item, "renewal": renewal}));
        self
    }

    /// Returns the same request with one more parameter.
    #[must_use]
    pub fn param(mut self, param: &ParameterUpdate) -> Self {
        self.push("params", json!(param));
        self
    }

    /// Returns the same request with the hub's ids of the subscription.
    #[must_use]
    pub fn external(mut self, id: &str, uid: &str) -> Self {
        self.asset()["external_id"] = json!(id);
        self.asset()["external_uid"] = json!(uid);
        self
    }

    /// Returns the same request with the account at a level: `customer`, `tier1` or `tier2`.
    #[must_use]
    pub fn tier(mut self, level: &str, account: &NewTier) -> Self {
        self.asset()["tiers"][level] = json!(account);
        self
    }

    fn push(&mut self, list: &str, row: Value) {
        match &mut self.asset()[list] {
            Value::Array(rows) => rows.push(row),
            empty => *empty = Value::Array(vec![row]),
        }
    }
}
