//! Handlers, journals and platforms that break a promise.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_client::{BoxError, Call};
use connect_clock::Clock;
use connect_journal::{
    Claim, Group, Journal, JournalError, JournalLayer, StepName, StepResult, WorkerId,
};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Approval, Context, Failure, Handler, Outcome, Processor, StepKey};
use connect_testing::Life;
use connect_vendor::Api;
use futures::future::join;
use serde_json::json;

use crate::harness::{api, make, put_on};

type Cx = Context<AssetRequest, Api>;
type Made = Result<Processor<Api>, BoxError>;

/// A processor with one handler of resumes.
fn of(life: &Life, handler: impl Handler<AssetRequest, Api>) -> Made {
    let processor = Processor::new(api(life)?, life.client(), life.journal());
    Ok(processor.on(AssetRequestType::Resume, handler))
}

async fn enable(cx: &Cx) -> Result<(), Failure> {
    let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
    cx.step("enable").run(|key| put_on(api, tenant, "enable", key)).await
}

async fn sound(cx: Cx) -> Result<Outcome, Failure> {
    enable(&cx).await?;
    Ok(Outcome::approve())
}

/// A handler as it should be, for a vendor that honours keys.
pub(crate) fn sound_handler(life: &Life) -> Made {
    of(life, sound)
}

pub(crate) fn approves_although_refused(life: &Life) -> Made {
    of(life, async |cx: Cx| {
        let _ = enable(&cx).await;
        Ok(Outcome::approve())
    })
}

pub(crate) fn calls_outside_of_a_step(life: &Life) -> Made {
    of(life, async |cx: Cx| {
        let key = StepKey::new(cx.request().id.as_str(), "nothing");
        put_on(cx.state(), cx.parameter("subscription_id")?, "enable", key).await?;
        Ok(Outcome::approve())
    })
}

pub(crate) fn skips(life: &Life) -> Made {
    of(life, async |_: Cx| Ok(Outcome::Skip))
}

pub(crate) fn reads_for_ever(life: &Life) -> Made {
    of(life, async |cx: Cx| {
        while cx.client().call(Call::get("hubs")).await.is_ok() {}
        Ok(Outcome::Skip)
    })
}

pub(crate) fn uses_another_requests_key(life: &Life) -> Made {
    of(life, async |cx: Cx| {
        let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
        let key = StepKey::new("PR-0000-0000-0009-001", "enable");
        cx.step("enable").run(|_| put_on(api, tenant, "enable", key)).await?;
        Ok(Outcome::approve())
    })
}

pub(crate) fn overlaps(life: &Life) -> Made {
    of(life, async |cx: Cx| {
        let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
        let one = cx.step("enable").run(|key| put_on(api, tenant, "enable", key));
        let two = cx.step("greet").run(|key| put_on(api, tenant, "greet", key));
        let (one, two) = join(one, two).await;
        one.and(two)?;
        Ok(Outcome::approve())
    })
}

pub(crate) fn changes_its_mind_after_a_crash(life: &Life) -> Made {
    of(life, async |cx: Cx| {
        if cx.recorded::<()>("enable").await?.is_some() {
            return Ok(Outcome::fail("It was enabled before."));
        }
        enable(&cx).await?;
        Ok(Outcome::approve())
    })
}

pub(crate) fn approves_before_its_step(life: &Life) -> Made {
    let clock = life.clock();
    of(life, move |cx: Cx| {
        let clock = clock.clone();
        async move {
            let approve = format!("requests/{}/approve", cx.request().id);
            let approve = Call::post(approve).json(&json!({})).map_err(Failure::retry)?;
            // What it says to a second approval is nothing to this handler.
            let _ = cx.client().call(approve).await;
            let clock: &dyn Clock = &clock;
            clock.sleep(Duration::from_secs(1)).await;
            enable(&cx).await?;
            Ok(Outcome::approve())
        }
    })
}

/// A life remembers in its memory what was done, and believes that for all requests.
pub(crate) fn remembers_outside_of_the_journal() -> impl Fn(&Life) -> Made + Send {
    let done = Arc::new(AtomicBool::new(false));
    move |life| {
        let done = done.clone();
        of(life, move |cx: Cx| {
            let done = done.clone();
            async move {
                if !done.swap(true, Ordering::Relaxed) {
                    enable(&cx).await?;
                }
                Ok(Outcome::approve())
            }
        })
    }
}

async fn leaves(cx: Cx) -> Result<Outcome, Failure> {
    let api = cx.state();
    let tenant: String = cx.step("make").run(|key| make(api, key)).await?;
    // A refusal of the limit fails the request, and the tenant stays.
    cx.step("limit").run(|key| put_on(api, &tenant, "limit", key)).await?;
    Ok(Approval::default().parameter("subscription_id", tenant).into())
}

pub(crate) fn leaves_its_tenant(life: &Life) -> Made {
    let processor = Processor::new(api(life)?, life.client(), life.journal());
    Ok(processor.on(AssetRequestType::Purchase, leaves))
}

/// A journal that breaks a promise.
pub(crate) struct Broken {
    inner: Arc<dyn Journal>,
    how: Breach,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// A step is said to be recorded and is not.
    RecordsNothing,
    /// What is handed out to be worked on is lost on its way.
    LosesClaims,
    /// A run comes without the steps that it has recorded.
    ForgetsSteps,
}

/// The sound handler with a broken journal.
pub(crate) fn with_journal(how: Breach) -> impl Fn(&Life) -> Made + Send {
    move |life| {
        let journal = Arc::new(Broken { inner: life.journal(), how });
        let processor = Processor::new(api(life)?, life.client(), journal);
        Ok(processor.on(AssetRequestType::Resume, sound))
    }
}

#[async_trait]
impl JournalLayer for Broken {
    fn inner(&self) -> &dyn Journal {
        self.inner.as_ref()
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        let mut claims = self.inner().claim_except(worker, max, lease, except).await?;
        if self.how == Breach::LosesClaims {
            claims.clear();
        }
        if self.how == Breach::ForgetsSteps {
            claims.iter_mut().for_each(|claim| claim.steps.clear());
        }
        Ok(claims)
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        if self.how == Breach::RecordsNothing {
            return Ok(result);
        }
        self.inner().record(claim, step, result, next).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        if self.how == Breach::RecordsNothing {
            return Ok(result);
        }
        self.inner().record_noting(claim, step, result, note).await
    }
}
