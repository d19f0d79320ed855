//! Items of a subscription and their quantities.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::ItemId;
use crate::lenient;
use crate::parameter::Parameter;
use crate::renewal::Renewal;
use crate::rest::Rest;

/// A quantity of an item.
///
/// In assets and requests the platform writes quantities as text (`"12"`, `"1.5"`,
/// `"unlimited"`); bodies sent to it may carry numbers. Both are read; text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// So many units.
    Of(Decimal),
    /// Pay-as-you-go without a limit.
    Unlimited,
    /// The platform did not say how much; that is not *nothing*.
    Unsaid,
}

/// A text that is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a quantity: expected a number or `unlimited`")]
pub struct BadQuantity(pub String);

impl Quantity {
    /// No units at all.
    pub const ZERO: Self = Self::Of(Decimal::ZERO);

    /// Whether it is no units at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Returns the number of whole units, when it is a whole number that fits.
    #[must_use]
    pub fn whole(self) -> Option<u64> {
        match self {
            Self::Of(number) if number.is_integer() => number.try_into().ok(),
            _ => None,
        }
    }
}

impl Default for Quantity {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<u32> for Quantity {
    fn from(units: u32) -> Self {
        Self::Of(units.into())
    }
}

impl FromStr for Quantity {
    type Err = BadQuantity;

    fn from_str(text: &str) -> Result<Self, BadQuantity> {
        match text.trim() {
            "" => Ok(Self::ZERO),
            "unlimited" | "-1" => Ok(Self::Unlimited),
            // Decimals could be read with underscores, too.
            number if number.contains('_') => Err(BadQuantity(text.to_owned())),
            number => match Decimal::from_str(number) {
                Ok(number) if !number.is_sign_negative() || number.is_zero() => {
                    Ok(Self::Of(number.normalize()))
                }
                _ => Err(BadQuantity(text.to_owned())),
            },
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(number) => number.fmt(f),
            Self::Unlimited => f.pad("unlimited"),
            Self::Unsaid => Ok(()),
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |text: Option<&str>| text.map_or(Ok(Self::ZERO), str::parse);
        lenient::scalar(deserializer, "a quantity", read)
    }
}

/// One row of a subscription: an item of the product and how much of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The local id of the item.
    pub id: String,
    /// The id of the item in the product's catalog.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub global_id: ItemId,
    /// The vendor's part number.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub mpn: String,
    /// The quantity before the request.
    #[serde(default)]
    pub old_quantity: Quantity,
    /// The quantity the request asks for.
    #[serde(default = "unsaid", deserialize_with = "quantity_or_unsaid")]
    pub quantity: Quantity,
    /// The name of the unit.
    #[serde(rename = "type", default, deserialize_with = "lenient::null_default")]
    pub unit: String,
    /// The name people see.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub display_name: String,
    /// The billing period, such as `Monthly`.
    #[serde(default)]
    pub period: Option<String>,
    /// `Reservation` or `PPU`.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub item_type: String,
    /// The time it is renewed for; only in renewals.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub renewal: Option<Box<Renewal>>,
    /// Configuration parameters of the item.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub params: Vec<Parameter>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

fn unsaid() -> Quantity {
    Quantity::Unsaid
}

fn quantity_or_unsaid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
    lenient::scalar(deserializer, "a quantity", |text| match text {
        Some(text) if !text.trim().is_empty() => text.parse(),
        _ => Ok(Quantity::Unsaid),
    })
}

impl Item {
    /// Returns the configuration parameter of the item with a key.
    #[must_use]
    pub fn param(&self, key: &str) -> Option<&Parameter> {
        self.params.iter().find(|param| param.id == key)
    }

    /// Returns the value of the configuration parameter with a key, when it has one.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.param(key).and_then(Parameter::text)
    }

    /// Whether the item is asked for now and was absent before.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.old_quantity.is_zero() && !self.quantity.is_zero()
    }

    /// Whether the item was there before and is no longer asked for.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        !self.old_quantity.is_zero() && self.quantity.is_zero()
    }

    /// Whether the item is there before and after, in another quantity.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.is_new() && !self.is_removed() && self.quantity != self.old_quantity
    }
}
