//! Identifiers of the platform, each its own type.
//!
//! An id read from the platform is kept as it came, whatever its shape: ids are opaque to
//! everybody but the platform. [`FromStr`](std::str::FromStr) is for people: it checks the shape
//! and says what was expected. Shapes: OpenAPI 37.0 examples and recorded payloads.

use std::fmt;
use std::sync::Arc;

/// An id that a person typed does not have the shape of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {} {kind}: expected the shape {shape}", article(kind))]
pub struct BadId {
    /// The text that was given.
    pub text: String,
    /// The kind of id that was expected, such as `request id`.
    pub kind: &'static str,
    /// The expected shape, such as `PR-dddd-dddd-dddd-ddd`; `d` is a digit.
    pub shape: &'static str,
}

/// Returns the article before a noun.
fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("user") {
        "an"
    } else {
        "a"
    }
}

/// The word between the shapes of a kind that has several.
const OR: &str = " or ";

fn has_shape(text: &str, shapes: &str) -> bool {
    shapes.split(OR).any(|shape| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                literal => byte == literal,
            })
    })
}

/// Writes the decimal digits of `number`, right-aligned, into the `d` places of the first shape.
fn fill(shapes: &str, mut number: u64) -> String {
    let shape = shapes.split(OR).next().unwrap_or(shapes);
    let mut text: Vec<char> = shape.chars().collect();
    for place in text.iter_mut().rev().filter(|place| **place == 'd') {
        *place = char::from(b'0' + (number % 10) as u8);
        number /= 10;
    }
    text.into_iter().collect()
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident, $kind:literal, $shape:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the id whose digits are the last digits of `number`.
            #[must_use]
            pub fn from_number(number: u64) -> Self {
                Self(fill($shape, number).into())
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let text = text.trim();
                if has_shape(text, $shape) {
                    return Ok(Self(text.into()));
                }
                Err(BadId { text: text.to_owned(), kind: $kind, shape: $shape })
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Default for $name {
            /// Returns the empty id, for objects that came without one.
            fn default() -> Self {
                Self("".into())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A fulfillment request: the digits of its asset and a counter.
    RequestId, "request id", "PR-dddd-dddd-dddd-ddd";
    /// An asset, which the platform's pages call a subscription.
    AssetId, "asset id", "AS-dddd-dddd-dddd";
    /// A product.
    ProductId, "product id", "PRD-ddd-ddd-ddd";
    /// An item of a product (its global id).
    ItemId, "item id", "PRD-ddd-ddd-ddd-dddd";
    /// A parameter of a product. Requests name parameters by key, not by this id.
    ParameterId, "parameter id", "PRM-ddd-ddd-ddd-dddd";
    /// A template of a product.
    TemplateId, "template id", "TL-ddd-ddd-ddd";
    /// An action of a product.
    ActionId, "action id", "ACT-ddd-ddd-ddd";
    /// A customer or reseller.
    TierAccountId, "tier account id", "TA-dddd-dddd-dddd";
    /// A request about a changed account: the digits of the account, its version, and a counter.
    TierAccountRequestId, "tier account request id", "TAR-dddd-dddd-dddd-ddd-ddd";
    /// The configuration of a reseller for a product.
    TierConfigId, "tier config id", "TC-ddd-ddd-ddd";
    /// A request for a tier configuration: the digits of the configuration and a counter.
    TierConfigRequestId, "tier config request id", "TCR-ddd-ddd-ddd-ddd";
    /// A link of a product to a hub. Preview has the null one, `CT-0000-0000-0000`.
    ConnectionId, "connection id", "CT-dddd-dddd-dddd";
    /// A hub.
    HubId, "hub id", "HB-dddd-dddd";
    /// A marketplace.
    MarketplaceId, "marketplace id", "MP-ddddd";
    /// A distribution contract.
    ContractId, "contract id", "CRD-ddddd-ddddd-ddddd";
    /// A listing of a product on a marketplace.
    ListingId, "listing id", "LST-ddd-ddd-ddd";
    /// A vendor (`VA-…`) or distributor (`PA-…`) account.
    AccountId, "account id", "VA-ddd-ddd";
    /// A person or, with the prefix `SU`, an API token.
    UserId, "user id", "UR-ddd-ddd-ddd";
    /// A conversation.
    ConversationId, "conversation id", "CO-ddd-ddd-ddd";
    /// A usage file: the year and month of its creation, and a number.
    UsageFileId, "usage file id", "UF-dddd-dd-dddd-dddd";
    /// A record of a usage file: the digits of the file, and a counter.
    UsageRecordId, "usage record id", "UFR-dddd-dd-dddd-dddd-dddddd";
    /// A billing request: its side, the digits of its asset and a counter.
    BillingRequestId, "billing request id", "BRV-dddd-dddd-dddd-dddd or BRP-dddd-dddd-dddd-dddd";
    /// A message of a conversation.
    MessageId, "message id", "ME-ddd-ddd-ddd";
    /// A webhook.
    WebhookId, "webhook id", "WH-ddd-ddd-ddd";
}

impl ContractId {
    /// The contract of previews, which have no other (OpenAPI 37.0).
    pub const PREVIEW: &'static str = "CRD-00000-00000-00000";
}

impl RequestId {
    /// Returns the id of the `counter`-th request of an asset, counted from 1.
    #[must_use]
    pub fn of(asset: &AssetId, counter: u32) -> Self {
        let digits = asset.as_str().strip_prefix("AS-").unwrap_or(asset.as_str());
        Self(format!("PR-{digits}-{counter:03}").into())
    }
}

impl TierConfigRequestId {
    /// Returns the id of the `counter`-th request of a tier configuration, counted from 1.
    #[must_use]
    pub fn of(config: &TierConfigId, counter: u32) -> Self {
        let digits = config.as_str().strip_prefix("TC-").unwrap_or(config.as_str());
        Self(format!("TCR-{digits}-{counter:03}").into())
    }
}

impl TierAccountRequestId {
    /// Returns the id of the `counter`-th request about a version of an account, counted from 1.
    #[must_use]
    pub fn of(account: &TierAccountId, version: u32, counter: usize) -> Self {
        let digits = account.as_str().strip_prefix("TA-").unwrap_or(account.as_str());
        Self(format!("TAR-{digits}-{version:03}-{counter:03}").into())
    }
}

impl ItemId {
    /// Returns the id of the `counter`-th item of a product, counted from 1.
    #[must_use]
    pub fn of(product: &ProductId, counter: u32) -> Self {
        Self(format!("{product}-{counter:04}").into())
    }

    /// Returns the local id the platform gives an item by default: the global id with underscores.
    #[must_use]
    pub fn default_local_id(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl ParameterId {
    /// Returns the id of the `counter`-th parameter of a product, counted from 1.
    #[must_use]
    pub fn of(product: &ProductId, counter: u32) -> Self {
        let digits = product.as_str().strip_prefix("PRD-").unwrap_or(product.as_str());
        Self(format!("PRM-{digits}-{counter:04}").into())
    }
}

impl UsageRecordId {
    /// Returns the id of the `counter`-th record of a file, counted from 1.
    #[must_use]
    pub fn of(file: &UsageFileId, counter: usize) -> Self {
        let digits = file.as_str().strip_prefix("UF-").unwrap_or(file.as_str());
        Self(format!("UFR-{digits}-{counter:06}").into())
    }

    /// Returns the file of the record and its counter; none of an id that is not made so.
    #[must_use]
    pub fn parts(&self) -> Option<(UsageFileId, usize)> {
        let (digits, counter) = self.0.strip_prefix("UFR-")?.rsplit_once('-')?;
        let counter = counter.parse().ok()?;
        let file = UsageFileId(format!("UF-{digits}").into());
        (Self::of(&file, counter) == *self).then_some((file, counter))
    }
}

impl UsageFileId {
    /// Returns the id of a file made in a month, such as `(2024, 6)`, with the last digits of
    /// `number`.
    #[must_use]
    pub fn of((year, month): (i16, i8), number: u64) -> Self {
        Self(fill(&format!("UF-{year:04}-{month:02}-dddd-dddd"), number).into())
    }
}
