//! The calls about the file of one report, settled by reading.

use connect_client::{Call, Client, Error as ClientError};
use connect_journal::{StepName, StepResult};
use connect_model::rql::field;
use connect_model::{Resource, UsageFile, UsageFileStatus as Status, UsageSheet};
use futures::TryStreamExt;

use crate::failure::{Failure, chain};
use crate::lease::Lease;
use crate::read_back::read_back;
use crate::step::Step;
use crate::usage::task::UsageTask;

/// The most files that are made for one report: each after the one before was deleted.
const MOST_FILES: u32 = 9;
/// The most records whose workbook is written where everything else goes on, too: a thread of its own
/// would let a simulated clock run ahead of it.
const FEW: usize = 2_000;

/// The file of a report on the platform.
pub(crate) struct Files<'a> {
    pub(crate) client: &'a Client,
    pub(crate) lease: &'a Lease,
    pub(crate) task: &'a UsageTask,
}

impl Files<'_> {
    /// Returns the file that reports the month, unless there is none or it was deleted.
    pub(crate) async fn find(&self) -> Result<Option<UsageFile>, Failure> {
        match self.recorded().await? {
            Some(file) => Ok(Some(file)),
            None => self.listed().await,
        }
    }

    /// Returns the file that this run made.
    async fn recorded(&self) -> Result<Option<UsageFile>, Failure> {
        for round in 1..=MOST_FILES {
            let Some(StepResult::Done(id)) = self.lease.claim.result(&step(round)) else { break };
            let id: String = serde_json::from_slice(&id)?;
            match self.read(&id).await {
                Ok(file) if file.status != Status::Deleted => return Ok(Some(file)),
                Ok(_) => {}
                Err(Failure::Retry { source, .. }) if is_gone(&*source) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(None)
    }

    /// Returns the file of the month that has come furthest: one with the report's id, which an
    /// earlier life made, or one with another journal; or one of somebody else's that the distributor
    /// has.
    async fn listed(&self) -> Result<Option<UsageFile>, Failure> {
        let UsageTask { product, contract, .. } = self.task;
        let files = self.client.list::<UsageFile>();
        let files = files
            .filter(field("product.id").eq(product.as_str()))
            .filter(field("contract.id").eq(contract.as_str()));
        let files: Vec<UsageFile> = self.lease.guard(files.stream().try_collect()).await??;
        let reports = |file: &UsageFile| {
            self.is_own(file) && file.status != Status::Deleted
                || is_submitted(&file.status) && self.is_of_month(file)
        };
        let found = files.into_iter().filter(reports);
        Ok(found.max_by_key(|file| is_submitted(&file.status)))
    }

    /// Whether a file is this report's.
    pub(crate) fn is_own(&self, file: &UsageFile) -> bool {
        file.external_id == self.task.id().as_str()
    }

    /// Whether a file is about the same product, contract and month. Some vendors write times behind
    /// the days.
    fn is_of_month(&self, file: &UsageFile) -> bool {
        let (wanted, shown) = (self.task.month.period(), &file.period);
        let is_of = |id: Option<&str>, wanted: &str| id.is_some_and(|id| id == wanted);
        shown.from.starts_with(&wanted.from)
            && shown.to.starts_with(&wanted.to)
            && is_of(file.product.as_ref().map(|it| it.id.as_str()), self.task.product.as_str())
            && is_of(file.contract.as_ref().map(|it| it.id.as_str()), self.task.contract.as_str())
    }

    /// Makes the file. A life that ended meanwhile may have made it; then it is listed.
    pub(crate) async fn create(&self) -> Result<UsageFile, Failure> {
        let made = |round: &u32| self.lease.claim.result(&step(*round)).is_some();
        let round = (1..=MOST_FILES).find(|round| !made(round));
        let round = round.ok_or_else(|| {
            Failure::park(format!("{MOST_FILES} files of this month were deleted"))
        })?;
        let known = async |_| self.listed().await.map(|file| file.map(|file| file.id.to_string()));
        let create = async |_| {
            let file: UsageFile = self.client.create(&self.task.file()).await?;
            Ok::<_, Failure>(file.id.to_string())
        };
        let name = step(round);
        let id: String = Step::new(self.lease, name.as_str()).recover(known).run(create).await?;
        self.read(&id).await
    }

    /// Brings the file its sheet, in place of any that it has, and returns the file after that.
    pub(crate) async fn upload(
        &self,
        file: &UsageFile,
        sheet: UsageSheet,
    ) -> Result<UsageFile, Failure> {
        let workbook = workbook(sheet).await?;
        let path = format!("{}/{}/upload", UsageFile::COLLECTION, file.id);
        let call = Call::post(path).file("usage_file", "usage_file.xlsx", &workbook)?;
        let told = self.lease.guard(self.client.call(call)).await?;
        self.settled(file, told.map(drop)).await
    }

    /// Hands the file to the distributor, and returns it after that.
    pub(crate) async fn submit(&self, file: &UsageFile) -> Result<UsageFile, Failure> {
        let call = Call::post(format!("{}/{}/submit", UsageFile::COLLECTION, file.id));
        let told = self.lease.guard(self.client.call(call)).await?;
        self.settled(file, told.map(drop)).await
    }

    /// Reads what became of a file, whatever was answered: a refusal may mean that an earlier life has
    /// done it. Where nothing did, a refusal is for a person.
    async fn settled(
        &self,
        before: &UsageFile,
        told: Result<(), ClientError>,
    ) -> Result<UsageFile, Failure> {
        let file = self.read(before.id.as_str()).await?;
        match told {
            Err(error) if file.status == before.status && error.refusal().is_some() => {
                Err(Failure::park(format!("Connect refuses {}: {error}", file.id)))
            }
            Err(error) if file.status == before.status => Err(error.into()),
            _ => Ok(file),
        }
    }

    async fn read(&self, id: &str) -> Result<UsageFile, Failure> {
        read_back(self.client, self.lease, id).await
    }
}

/// Whether the distributor has a file.
pub(crate) fn is_submitted(status: &Status) -> bool {
    matches!(status, Status::Pending | Status::Accepted | Status::Closed)
}

/// Returns the name of the step that makes a file.
fn step(round: u32) -> StepName {
    StepName::from(if round == 1 {
        "create_file".to_owned()
    } else {
        format!("create_file.{round}")
    })
}

fn is_gone(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<ClientError>().is_some_and(ClientError::is_not_found)
}

async fn workbook(sheet: UsageSheet) -> Result<Vec<u8>, Failure> {
    let written = match sheet.records.len() {
        ..=FEW => usage_sheet::write(&sheet),
        _ => tokio::task::spawn_blocking(move || usage_sheet::write(&sheet)).await?,
    };
    written.map_err(|error| Failure::park(chain(&error)))
}
