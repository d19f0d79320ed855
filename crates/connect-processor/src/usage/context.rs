//! The month as a collector sees it.

use std::sync::Arc;

use connect_client::Client;
use connect_model::rql::field;
use connect_model::{Asset, ConnectionType, ContractId, ProductId, UsagePeriod, UsageRow};
use futures::TryStreamExt;

use crate::failure::Failure;
use crate::lease::Lease;
use crate::step::Step;
use crate::usage::task::UsageTask;

/// One month, for one product under one contract.
pub struct UsageContext<S> {
    task: UsageTask,
    period: UsagePeriod,
    environments: Vec<ConnectionType>,
    client: Client,
    state: Arc<S>,
    lease: Arc<Lease>,
}

impl<S> UsageContext<S> {
    pub(crate) fn new(
        task: UsageTask,
        environments: Vec<ConnectionType>,
        client: Client,
        state: Arc<S>,
        lease: Arc<Lease>,
    ) -> Self {
        let period = task.month.period();
        Self { task, period, environments, client, state, lease }
    }

    /// Returns the product.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.task.product
    }

    /// Returns the distribution contract.
    #[must_use]
    pub fn contract(&self) -> &ContractId {
        &self.task.contract
    }

    /// Returns the first and the last day, `YYYY-MM-DD`.
    #[must_use]
    pub fn period(&self) -> &UsagePeriod {
        &self.period
    }

    /// Returns what the processor was made with: the vendor's client, settings.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Lists the subscriptions of the product under the contract, of the environments that the
    /// processor works in, whatever their status now: one that has ended since was used before.
    ///
    /// # Errors
    ///
    /// When they cannot be listed, or one cannot be read: a report without it would be wrong.
    pub async fn assets(&self) -> Result<Vec<Asset>, Failure> {
        let assets = self
            .client
            .list::<Asset>()
            .filter(field("product.id").eq(self.product().as_str()))
            .filter(field("contract.id").eq(self.contract().as_str()))
            .order_by("created")
            .page_size(1_000);
        let types = self.environments.iter().map(ConnectionType::as_str);
        let assets = match self.environments.is_empty() {
            true => assets,
            false => assets.filter(field("connection.type").in_(types)),
        };
        let assets: Vec<Asset> = self.lease.guard(assets.stream().try_collect()).await??;
        match assets.iter().find(|asset| !self.is_wanted(asset)) {
            Some(asset) => Err(Failure::retry(format!(
                "{} is listed although it is of another environment than was asked for",
                asset.id
            ))),
            None => Ok(assets),
        }
    }

    /// Whether a subscription is of an environment that was asked for.
    fn is_wanted(&self, asset: &Asset) -> bool {
        let kind = asset.connection.as_ref().map(|connection| &connection.kind);
        self.environments.is_empty() || kind.is_some_and(|kind| self.environments.contains(kind))
    }

    /// Returns a record that was used from the first moment of the month to its last.
    #[must_use]
    pub fn in_period(&self, row: UsageRow) -> UsageRow {
        let UsagePeriod { from, to } = &self.period;
        row.between(format!("{from} 00:00:00"), format!("{to} 23:59:59"))
    }

    /// Begins a step: one named side effect on the vendor's system, such as closing the month's books.
    pub fn step(&self, name: impl AsRef<str>) -> Step<'_> {
        Step::new(&self.lease, name.as_ref())
    }
}
