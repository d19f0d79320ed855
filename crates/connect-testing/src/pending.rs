//! Requests that a test wants pending, in words.

use connect_model::{AssetRequestType, TierAccountRequestType, TierConfigRequestType};

/// A type of requests, of any family.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PendingType {
    /// For a subscription.
    Asset(AssetRequestType),
    /// For a reseller's configuration.
    TierConfig(TierConfigRequestType),
    /// About a changed account.
    TierAccount(TierAccountRequestType),
}

impl PendingType {
    /// Returns the type as the platform spells it, with the family where that is not subscriptions:
    /// `resume`, `tier config setup`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Asset(kind) => kind.to_string(),
            Self::TierConfig(kind) => format!("tier config {kind}"),
            Self::TierAccount(kind) => format!("tier account {kind}"),
        }
    }
}

impl From<AssetRequestType> for PendingType {
    fn from(kind: AssetRequestType) -> Self {
        Self::Asset(kind)
    }
}

impl From<TierConfigRequestType> for PendingType {
    fn from(kind: TierConfigRequestType) -> Self {
        Self::TierConfig(kind)
    }
}

impl From<TierAccountRequestType> for PendingType {
    fn from(kind: TierAccountRequestType) -> Self {
        Self::TierAccount(kind)
    }
}

/// A request that waits for the vendor, with all that has to be there before: made by
/// [`pending`], and put into a world by [`TestWorld::add`](crate::TestWorld::add).
#[derive(Clone, Debug)]
pub struct PendingRequest {
    pub(crate) kind: PendingType,
    pub(crate) name: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) quantity: u32,
    pub(crate) planned_in_days: Option<i64>,
    pub(crate) revoked: bool,
}

/// Asks for a request of a type: everything else is as a customer of the demo's product has it.
///
/// A purchase is new. Any other request for a subscription is about one that was bought and
/// approved before, for a resume also suspended; neither is among the calls that a test sees.
///
/// ```
/// use connect_model::{AssetRequestType, TierConfigRequestType};
/// use connect_testing::pending;
///
/// let resume = pending(AssetRequestType::Resume).parameter("subscription_id", "t-1");
/// let purchase = pending(AssetRequestType::Purchase).quantity(25);
/// let setup = pending(TierConfigRequestType::Setup);
/// # drop((resume, purchase, setup));
/// ```
#[must_use]
pub fn pending(kind: impl Into<PendingType>) -> PendingRequest {
    let kind = kind.into();
    PendingRequest {
        name: kind.name(),
        kind,
        parameters: Vec::new(),
        quantity: 10,
        planned_in_days: None,
        revoked: false,
    }
}

impl PendingRequest {
    /// Gives a parameter a value. One that the product lacks is added to it: an ordering parameter
    /// for a purchase, a fulfillment parameter for all that is about what was bought before.
    #[must_use]
    pub fn parameter(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((key.into(), value.into()));
        self
    }

    /// Orders this many of the item: 10 unless set. A change orders twice as many.
    #[must_use]
    pub fn quantity(mut self, units: u32) -> Self {
        self.quantity = units;
        self
    }

    /// Plans a purchase or a change for a day that is still to come, where its handler may schedule
    /// it.
    #[must_use]
    pub fn planned_in_days(mut self, days: i64) -> Self {
        self.planned_in_days = Some(days);
        self
    }

    /// Takes a purchase or a change back that was scheduled for a day: the request is being revoked.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self.planned_in_days.get_or_insert(30);
        self.name = format!("revoked {}", self.name);
        self
    }

    /// Returns what it is called in reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Calls it something else in reports: the type, unless set.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}
