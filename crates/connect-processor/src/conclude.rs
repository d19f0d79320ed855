//! Has the handler decide about a request, and the platform told.

use connect_journal::Claim;
use tokio::sync::OwnedSemaphorePermit;

use crate::attempt::Attempt;
use crate::conclusion::Conclusion;
use crate::decide::decide;
use crate::dispatch::PreparedRequest;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::layer::{self, RequestFacts};
use crate::lease::Lease;
use crate::read::CurrentRequest;
use crate::telling::Means;
use crate::undo;

/// Calls the handler of a request in a place, and delivers what it decides.
pub(crate) async fn conclude<S: Send + Sync + 'static>(
    engine: &Engine<S>,
    attempt: &Attempt,
    current: &CurrentRequest,
    prepared: PreparedRequest,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> Result<Conclusion, Failure> {
    let lease = &attempt.lease;
    let template = match prepared.product.as_ref().zip(prepared.scope.as_ref()) {
        Some((product, scope)) => Some(lease.guard(engine.templates.find(product, scope)).await??),
        None => None,
    };
    let (id, deliver) = (current.head.id.clone(), prepared.deliver);
    let means = attempt.tell_by(Means { id, template, deliver });
    let facts = facts(lease, current, &prepared);
    let handler = layer::wrapped(&engine.settings.layers, &facts, prepared.decide);
    let limits = (engine.clock.as_ref(), engine.settings.run_limit);
    let decision = Box::pin(async {
        // It was claimed before there was a place for it.
        if let Some(shut) = lease.shut() {
            return Ok(Err(shut));
        }
        match prepared.may_reject {
            true => undo::decide(attempt, limits, handler).await.map(Ok),
            false => decide(limits, handler).await.map(Ok),
        }
    });
    let deciding = engine.places.during(lease, permit, decision);
    let (outcome, mut seat) = lease.guard(deciding).await?;
    let outcome = match outcome? {
        Ok(outcome) => outcome,
        Err(shut) => return Ok(Conclusion::Shut(shut)),
    };
    lease.decided();
    // Connect is told from a place among the quick ones: it is not there to be called by more.
    lease.guard(engine.places.make_quick(&mut seat)).await?;
    lease.check().await?;
    attempt.conclude(means, outcome).await
}

fn facts(lease: &Lease, current: &CurrentRequest, prepared: &PreparedRequest) -> RequestFacts {
    let Claim { attempt, failures, .. } = lease.claim;
    RequestFacts {
        request: current.head.id.clone(),
        collection: prepared.collection.to_owned(),
        kind: current.head.kind.clone(),
        product: prepared.product.clone(),
        asset: current.head.subject().to_owned(),
        attempt,
        failures,
    }
}
