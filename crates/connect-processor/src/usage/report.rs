//! Carrying a report out: what its file needs next, until the distributor has it.

use std::sync::Arc;
use std::time::Duration;

use connect_model::{UsageFile, UsageFileStatus as Status, UsageSheet};
use tokio::sync::OwnedSemaphorePermit;

use crate::conclusion::Conclusion;
use crate::ending::Ending;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::limits::within_limits;
use crate::usage::context::UsageContext;
use crate::usage::files::{Files, is_submitted};
use crate::usage::task::UsageTask;

/// The time until a file whose records are being checked is looked at again.
const CHECKING: Duration = Duration::from_secs(5);

/// Carries a report as far as it goes now. The file's own status says what it needs next, so a life
/// that ended anywhere is taken up where it was.
pub(crate) async fn carry_out<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    task: &UsageTask,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<Conclusion, Failure> {
    let files = Files { client: &engine.client, lease, task };
    let file = match files.find().await? {
        Some(file) if is_open(&file.status) => {
            let sheet = collect(engine, lease, task, permit).await?;
            if sheet.records.is_empty() {
                return Err(Failure::park(format!(
                    "{} is {}, and nothing was used any more: delete it, then revive the run",
                    file.id, file.status
                )));
            }
            files.upload(&file, sheet).await?
        }
        Some(file) => file,
        None => {
            let sheet = collect(engine, lease, task, permit).await?;
            if sheet.records.is_empty() {
                return Ok(Conclusion::Ended(Ending::NothingUsed));
            }
            let file = files.create().await?;
            files.upload(&file, sheet).await?
        }
    };
    let file = match file.status {
        Status::Ready | Status::Uploaded => files.submit(&file).await?,
        _ => file,
    };
    match is_submitted(&file.status) {
        true if files.is_own(&file) => Ok(Conclusion::Ended(Ending::Submitted)),
        true => Ok(Conclusion::Ended(Ending::SettledElsewhere)),
        false => judge(&file),
    }
}

/// Whether a file still wants its sheet, or another one.
fn is_open(status: &Status) -> bool {
    matches!(status, Status::Draft | Status::Invalid | Status::Rejected)
}

/// Says what is to be done about a file that the distributor does not have.
fn judge(file: &UsageFile) -> Result<Conclusion, Failure> {
    match &file.status {
        Status::Uploading | Status::Uploaded | Status::Processing => Ok(Conclusion::Wait(CHECKING)),
        Status::Invalid => {
            let detail = file.error_detail.as_deref().unwrap_or("no reason given");
            Err(Failure::park(format!(
                "Connect finds records of {} wrong: {detail} Its processed file says which. See to \
                 it, then revive the run: the usage is collected anew",
                file.id
            )))
        }
        status => Err(Failure::retry(format!("{} is still {status}", file.id))),
    }
}

/// Calls the collector, within the limits of a handler; one that is slow gives its place to others.
async fn collect<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    task: &UsageTask,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<UsageSheet, Failure> {
    let Some(usage) = &engine.usage else {
        return Err(Failure::park("this processor reports no usage"));
    };
    let (client, state) = (engine.client.clone(), Arc::clone(&engine.state));
    let environments = engine.settings.environments.clone();
    let cx = UsageContext::new(task.clone(), environments, client, state, Arc::clone(lease));
    let (clock, limit) = (engine.clock.as_ref(), engine.settings.run_limit);
    let collecting = within_limits(clock, limit, "the collector", || usage(cx));
    let (sheet, _) = lease.guard(engine.places.during(lease, permit, collecting)).await?;
    if sheet.is_ok() {
        lease.decided();
    }
    sheet
}
