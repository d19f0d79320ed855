//! The items that a product's catalog offers.

use serde::{Deserialize, Serialize};

use crate::id::ItemId;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::rest::Rest;

open_enum! {
    /// The way in which an item is paid for.
    ItemType {
        /// A quantity is ordered.
        Reservation = "reservation",
        /// Usage is reported: pay as you go.
        Ppu = "ppu",
    }
}

open_enum! {
    /// How far an item of a catalog has come.
    ItemStatus {
        /// Not yet in a published version.
        Draft = "draft",
        /// Offered.
        Published = "published",
        /// No longer sold.
        EndOfSale = "endofsale",
    }
}

open_enum! {
    /// The time that a quantity is billed for.
    BillingPeriod {
        /// A month.
        Monthly = "monthly",
        /// A year.
        Yearly = "yearly",
        /// Two years.
        TwoYears = "years_2",
        /// Three years.
        ThreeYears = "years_3",
        /// Four years.
        FourYears = "years_4",
        /// Five years.
        FiveYears = "years_5",
        /// Six years.
        SixYears = "years_6",
        /// All time: billed once.
        OneTime = "onetime",
        /// A trial of a week.
        SevenDaysTrial = "days_7_trial",
        /// A trial of two weeks.
        FourteenDaysTrial = "days_14_trial",
        /// A trial of thirty days.
        ThirtyDaysTrial = "days_30_trial",
        /// A trial of a month.
        MonthlyTrial = "monthly_trial",
    }
}

open_enum! {
    /// The number of decimal places that quantities of an item have.
    Precision {
        /// Whole units.
        Integer = "integer",
        /// One place.
        One = "decimal(1)",
        /// Two places.
        Two = "decimal(2)",
        /// Four places.
        Four = "decimal(4)",
        /// Eight places.
        Eight = "decimal(8)",
    }
}

impl BillingPeriod {
    /// The words for what is billed again and again (OpenAPI 37.0).
    pub const RECURRING: &'static [&'static str] =
        &["monthly", "yearly", "years_2", "years_3", "years_4", "years_5", "years_6"];

    /// Returns the months from one bill to the next; none of what is billed once, or not at all.
    #[must_use]
    pub fn months(&self) -> Option<u16> {
        match self {
            Self::Monthly => Some(1),
            Self::Yearly => Some(12),
            Self::TwoYears => Some(24),
            Self::ThreeYears => Some(36),
            Self::FourYears => Some(48),
            Self::FiveYears => Some(60),
            Self::SixYears => Some(72),
            _ => None,
        }
    }
}

impl Precision {
    /// Returns the number of decimal places; none of a word that is not known. Capitals do not
    /// matter.
    #[must_use]
    pub fn places(&self) -> Option<u32> {
        let small = self.as_str().to_ascii_lowercase();
        if small == Self::Integer.as_str() {
            return Some(0);
        }
        small.strip_prefix("decimal(")?.strip_suffix(')')?.parse().ok()
    }
}

// The platform spells these words in two ways (OpenAPI 37.0): the catalog without capitals; items
// of orders, and the filters of the catalog, with.
macro_rules! spelled_in_orders {
    ($($name:ident { $($variant:ident = $text:literal,)+ })+) => {
        $(impl $name {
            /// Returns the word as items of orders and the filters of the catalog spell it.
            #[must_use]
            pub fn in_orders(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    other => other.as_str(),
                }
            }
        })+
    };
}

spelled_in_orders! {
    ItemType { Reservation = "Reservation", Ppu = "PPU", }
    BillingPeriod { Monthly = "Monthly", Yearly = "Yearly", OneTime = "OneTime", }
    Precision {
        Integer = "Integer",
        One = "Decimal(1)",
        Two = "Decimal(2)",
        Four = "Decimal(4)",
        Eight = "Decimal(8)",
    }
}

/// An item of a product's catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductItem {
    /// The global id.
    pub id: ItemId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The vendor's part number.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub mpn: String,
    /// The id that subscriptions carry.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub local_id: String,
    /// The name that subscriptions carry, where it is another.
    #[serde(default, deserialize_with = "lenient::text_or_nothing")]
    pub display_name: Option<String>,
    /// The way in which it is paid for.
    #[serde(rename = "type", default, skip_serializing_if = "ItemType::is_unsaid")]
    pub kind: ItemType,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "ItemStatus::is_unsaid")]
    pub status: ItemStatus,
    /// The time that a quantity is billed for.
    #[serde(default, skip_serializing_if = "BillingPeriod::is_unsaid")]
    pub period: BillingPeriod,
    /// The number of decimal places that its quantities have.
    #[serde(default, skip_serializing_if = "Precision::is_unsaid")]
    pub precision: Precision,
    /// The unit of its quantities.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub unit: Option<Unit>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl ProductItem {
    /// Whether usage is reported and no quantity is ordered.
    #[must_use]
    pub fn is_metered(&self) -> bool {
        self.kind == ItemType::Ppu
    }

    /// Returns the name that subscriptions carry.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        self.display_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.name)
    }

    /// Returns the unit's name for people, such as `Devices`; empty where none is said.
    #[must_use]
    pub fn unit_title(&self) -> &str {
        self.unit.as_ref().map_or("", |unit| &unit.title)
    }
}

/// The unit that quantities of an item are counted in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// The id.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub id: String,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The name for people.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub title: String,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}
