//! Finds the reports that are due.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;

use async_trait::async_trait;
use connect_client::{Client, Error as ClientError};
use connect_clock::Clock;
use connect_journal::{JournalError, NewRun, RunId};
use connect_model::rql::field;
use connect_model::{
    ConnectionType, ContractId, Product, ProductId, Reference, Resource, UsageFile, UsageFileStatus,
};
use futures::TryStreamExt;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::error::Error;
use crate::failure::chain;
use crate::gate::group;
use crate::intake::Intake;
use crate::look::Look;
use crate::payload::Payload;
use crate::settings::Settings;
use crate::source::Source;
use crate::usage::months_due::{self, SHORTEST_REST};
use crate::usage::schedule::UsageSchedule;
use crate::usage::task::UsageTask;

/// Finds the reports that are due: one for each product under each contract it is listed by.
pub(crate) struct UsageSource {
    pub(crate) schedule: UsageSchedule,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
}

/// A product that is sold under a contract.
#[derive(Deserialize)]
struct Listing {
    product: Reference<ProductId>,
    contract: Reference<ContractId>,
}

#[async_trait]
impl Source for UsageSource {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        loop {
            match self.look(intake).await {
                Err(error) if error.ends_processor() => return Err(error),
                Err(error) => {
                    warn!(code = error.code(), %error, "reports of usage are looked for later");
                }
                Ok(_) => {}
            }
            if stop.run_until_cancelled(self.rest(intake)).await.is_none() {
                return Ok(());
            }
        }
    }

    async fn look(&self, intake: &Intake) -> Result<Look, Error> {
        intake.confirm().await?;
        let mut look = Look::default();
        for (product, contract) in self.sales(&intake.client).await? {
            self.offer(intake, product, contract, &mut look).await?;
        }
        self.reopen_rejected(intake).await?;
        Ok(look)
    }
}

impl UsageSource {
    /// Rests until the next month is due, or long enough, or until there is a hint that a file may
    /// have been sent back. Two looks are a second apart.
    async fn rest(&self, intake: &Intake) {
        let rest = months_due::rest(self.schedule, self.clock.now());
        let news = async {
            match &intake.usage_news {
                Some(news) => news.notified().await,
                None => pending().await,
            }
        };
        self.clock.sleep(SHORTEST_REST).await;
        let _ = self.clock.limit(rest.saturating_sub(SHORTEST_REST), news).await;
    }

    /// Returns the products that report usage, each with a contract it is sold under.
    async fn sales(&self, client: &Client) -> Result<Vec<(ProductId, ContractId)>, ClientError> {
        let environments = &self.settings.environments;
        let mut sales = Vec::new();
        if environments.is_empty() || environments.contains(&ConnectionType::Production) {
            // What is listed no more was sold before, and is used.
            let listings = client.list_at::<Listing>("listings").stream();
            let listings: Vec<Listing> = listings.try_collect().await?;
            for Listing { product, contract } in listings {
                let sale = (product.id, contract.id);
                if !sales.contains(&sale) {
                    sales.push(sale);
                }
            }
        }
        if environments.contains(&ConnectionType::Preview) {
            let products = self.tried(client).await?;
            sales.extend(products.into_iter().map(|id| (id, ContractId::PREVIEW.into())));
        }
        let wanted = &self.settings.products;
        sales.retain(|(product, _)| wanted.is_empty() || wanted.contains(product));
        // A product is read once, however many contracts it is sold under.
        let mut metered = HashMap::new();
        for (product, _) in &sales {
            if !metered.contains_key(product) {
                metered.insert(product.clone(), reports_usage(client, product).await?);
            }
        }
        sales.retain(|(product, _)| metered.get(product) == Some(&true));
        Ok(sales)
    }

    /// Returns the products whose trials are reported: all that the vendor has, unless some are named.
    async fn tried(&self, client: &Client) -> Result<Vec<ProductId>, ClientError> {
        let named = &self.settings.products;
        if !named.is_empty() {
            return Ok(named.clone());
        }
        let all = client.list::<Product>().stream();
        all.map_ok(|product| product.id).try_collect().await
    }

    /// Offers the months that are due: the last, and those since the last that is known.
    async fn offer(
        &self,
        intake: &Intake,
        product: ProductId,
        contract: ContractId,
        look: &mut Look,
    ) -> Result<(), Error> {
        let journal = intake.offers.journal.as_ref();
        let task =
            |month| UsageTask { product: product.clone(), contract: contract.clone(), month };
        let last = self.schedule.last(self.clock.now());
        for month in months_due::since_known(journal, last, |month| task(month).id()).await? {
            let run = |back_after| run(&task(month), back_after);
            look.news += u32::from(months_due::offer(journal, run).await?);
        }
        Ok(())
    }

    /// Parks the runs whose file the distributor sent back: a person has to see to the reason.
    async fn reopen_rejected(&self, intake: &Intake) -> Result<(), Error> {
        let files = intake.client.list::<UsageFile>();
        let files = files.filter(field("status").eq(UsageFileStatus::Rejected.as_str()));
        let files: Vec<UsageFile> = files.stream().try_collect().await?;
        let is_ours = |file: &&UsageFile| {
            file.status == UsageFileStatus::Rejected && file.external_id.starts_with("usage-")
        };
        for file in files.iter().filter(is_ours) {
            let run = RunId::from(file.external_id.as_str());
            let reason = file.rejection_note.as_deref().unwrap_or("no reason given");
            let why = format!(
                "the distributor sent {} back with the note \"{reason}\". See to it, then revive the \
                 run: the usage is collected and submitted anew",
                file.id
            );
            match intake.offers.journal.reopen(&run, &why).await {
                Ok(true) => warn!(%run, why, "the run is parked for a person"),
                // It is of another journal, which cares for it.
                Ok(false) | Err(JournalError::NoSuchRun { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Returns the run of a report; after how many attempts it is woken, if it is.
fn run(task: &UsageTask, back_after: Option<u32>) -> NewRun {
    let collection = UsageFile::COLLECTION.to_owned();
    let payload = Payload {
        collection,
        version: None,
        back_after,
        is_revoking: false,
        usage: Some(task.clone()),
        monthly: None,
    };
    NewRun::new(task.id(), task.lane(), payload.write()).group(group(Some(&task.product)))
}

/// Whether usage of a product is reported at all.
async fn reports_usage(client: &Client, product: &ProductId) -> Result<bool, ClientError> {
    match client.get::<Product>(product.as_str()).await {
        Ok(Product { capabilities, .. }) => Ok(capabilities.usage_schema().is_some()),
        Err(error) if error.is_not_found() => {
            warn!(%product, error = chain(&error), "its usage is not reported");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
