//! Carrying the job of a month out.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use crate::conclusion::Conclusion;
use crate::ending::Ending;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::limits::within_limits;
use crate::monthly::context::MonthlyContext;
use crate::monthly::task::MonthlyTask;

/// Calls the job, within the limits of a handler; one that is slow gives its place to others.
pub(crate) async fn carry_out<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    lease: &Arc<Lease>,
    task: &MonthlyTask,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<Conclusion, Failure> {
    let Some(job) = &engine.monthly else { return Ok(Conclusion::Idle(Ending::NoHandler)) };
    let (client, state) = (engine.client.clone(), Arc::clone(&engine.state));
    let cx = MonthlyContext::new(task.clone(), client, state, Arc::clone(lease));
    let (clock, limit) = (engine.clock.as_ref(), engine.settings.run_limit);
    let working = within_limits(clock, limit, "the monthly job", || job(cx));
    let (done, _) = lease.guard(engine.places.during(lease, permit, working)).await?;
    done?;
    lease.decided();
    Ok(Conclusion::Ended(Ending::Reported))
}
