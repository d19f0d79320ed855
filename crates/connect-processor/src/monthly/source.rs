//! Finds the jobs that are due.

use std::sync::Arc;

use async_trait::async_trait;
use connect_clock::Clock;
use connect_journal::{Journal, NewRun};
use connect_model::{Resource, UsageFile};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::error::Error;
use crate::gate::group;
use crate::intake::Intake;
use crate::look::Look;
use crate::monthly::task::{LANE, MonthlyTask};
use crate::payload::Payload;
use crate::source::Source;
use crate::usage::months_due;
use crate::usage::schedule::UsageSchedule;

/// Finds the jobs that are due: one for each month.
pub(crate) struct MonthlySource {
    pub(crate) schedule: UsageSchedule,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Source for MonthlySource {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        loop {
            match self.look(intake).await {
                Err(error) if error.ends_processor() => return Err(error),
                Err(error) => {
                    warn!(code = error.code(), %error, "the monthly job is looked for later");
                }
                Ok(_) => {}
            }
            let rest = self.clock.sleep(months_due::rest(self.schedule, self.clock.now()));
            if stop.run_until_cancelled(rest).await.is_none() {
                return Ok(());
            }
        }
    }

    async fn look(&self, intake: &Intake) -> Result<Look, Error> {
        intake.confirm().await?;
        let journal = intake.offers.journal.as_ref();
        let last = self.schedule.last(self.clock.now());
        let mut look = Look::default();
        for month in months_due::since_known(journal, last, MonthlyTask::id_of).await? {
            let task = MonthlyTask { month, due: self.schedule.due(month).into() };
            let task = known(journal, &task).await?.unwrap_or(task);
            let run = |back_after| run(&task, back_after);
            look.news += u32::from(months_due::offer(journal, run).await?);
        }
        Ok(look)
    }
}

/// Returns a job as the journal has it.
async fn known(journal: &dyn Journal, task: &MonthlyTask) -> Result<Option<MonthlyTask>, Error> {
    let run = journal.run(&task.id()).await?;
    Ok(run.and_then(|run| Payload::read(&run.payload).ok()?.monthly))
}

/// Returns the run of a job; after how many attempts it is woken, if it is.
fn run(task: &MonthlyTask, back_after: Option<u32>) -> NewRun {
    let payload = Payload {
        collection: UsageFile::COLLECTION.to_owned(),
        version: None,
        back_after,
        is_revoking: false,
        usage: None,
        monthly: Some(task.clone()),
    };
    NewRun::new(task.id(), LANE, payload.write()).group(group(None))
}
