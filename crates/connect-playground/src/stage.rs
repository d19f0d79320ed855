//! The stage: an act is begun and watched through REST; what everybody did for it is read from
//! the vendor's log and the platform's.

use std::time::Duration;

use connect_client::{Client, Method};
use connect_demo_vendor::{CallResult, Effect, LoggedCall, TenantOperation};
use connect_model::asset_request::NewRequest;
use connect_model::{Asset, AssetRequest, AssetStatus, RequestStatus};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::chapter::{self, Chapter, Moment, Who};
use crate::error::Error;
use crate::evidence::check;
use crate::playground::Playground;

/// The pause between questions to the platform.
const PACE: Duration = Duration::from_millis(50);

/// The time that one request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// An act, and what it must come to.
pub(crate) struct Act {
    pub(crate) title: &'static str,
    /// The customer's act, in words.
    pub(crate) ask: String,
    pub(crate) new: NewRequest,
    pub(crate) ends: RequestStatus,
    pub(crate) asset: AssetStatus,
    /// The vendor's operations.
    pub(crate) effects: &'static [TenantOperation],
    /// The vendor's words instead, when it refuses.
    pub(crate) refusal: &'static str,
}

/// A request as it was when it was created.
struct CreatedRequest {
    at: Timestamp,
    request: AssetRequest,
    created_at: Timestamp,
}

/// The same request once it was final.
struct FinalRequest {
    request: AssetRequest,
    statuses: Vec<RequestStatus>,
    asset: Asset,
    at: Timestamp,
}

/// The work of others in between.
struct Work {
    effects: Vec<Effect>,
    refusals: Vec<LoggedCall>,
    decided: Timestamp,
}

/// The place where the story is played.
pub(crate) struct Stage<'a> {
    pub(crate) client: &'a Client,
    pub(crate) emulator: &'a connect_emulator::Running,
    pub(crate) vendor: &'a connect_demo_vendor::Running,
    began: Timestamp,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(playground: &'a Playground) -> Self {
        let Playground { client, emulator, vendor, .. } = playground;
        Self { client, emulator, vendor, began: Timestamp::now() }
    }

    /// Milliseconds since the story began.
    pub(crate) fn millis(&self, at: Timestamp) -> i64 {
        i64::try_from(at.duration_since(self.began).as_millis()).unwrap_or(i64::MAX)
    }

    /// Plays an act, and checks all that will be told of it.
    pub(crate) async fn play(&self, act: Act) -> Result<Chapter, Error> {
        let (effects, calls) = (self.vendor.log().len(), self.vendor.calls().len());
        let created = self.ask(&act.new).await?;
        let last = self.watch(&created.request).await?;
        let work = Work {
            effects: self.vendor.log_after(effects as u64),
            refusals: refused(self.vendor.calls_after(calls as u64)),
            decided: self.decision(&last.request)?,
        };
        verify(&act, &last, &work)?;
        Ok(Chapter {
            title: act.title,
            timeline: self.timeline(act, &created, &work, &last),
            request: last.request.id,
            kind: last.request.kind,
            statuses: last.statuses,
            reason: last.request.reason,
            asset_status: last.asset.status,
            vendor_effects: work.effects.iter().map(|effect| effect.operation).collect(),
        })
    }

    async fn ask(&self, new: &NewRequest) -> Result<CreatedRequest, Error> {
        let at = Timestamp::now();
        let request: AssetRequest = self.client.create(new).await?;
        check("the new request's status", &request.status, &RequestStatus::Pending)?;
        Ok(CreatedRequest { at, request, created_at: Timestamp::now() })
    }

    /// Reads the request until it is final, then its asset.
    async fn watch(&self, created: &AssetRequest) -> Result<FinalRequest, Error> {
        let begun = Instant::now();
        let mut statuses = vec![created.status.clone()];
        loop {
            let request: AssetRequest = self.client.get(created.id.as_str()).await?;
            if statuses.last() != Some(&request.status) {
                statuses.push(request.status.clone());
            }
            if request.status.is_final() {
                let at = Timestamp::now();
                let asset = self.client.get(request.asset.id.as_str()).await?;
                return Ok(FinalRequest { request, statuses, asset, at });
            }
            if begun.elapsed() > PATIENCE {
                let (id, status) = (&request.id, &request.status);
                return Err(Error::Story(format!("{id} is still {status} after {PATIENCE:?}")));
            }
            sleep(PACE).await;
        }
    }

    /// Returns when the processor told the platform its decision, which it must have done once.
    fn decision(&self, request: &AssetRequest) -> Result<Timestamp, Error> {
        let decides = |path: &str| {
            let verbs = ["approve", "fail"].into_iter();
            verbs
                .map(|verb| format!("/requests/{}/{verb}", request.id))
                .any(|it| path.ends_with(&it))
        };
        let calls = self.emulator.activity().since(0);
        let mut decisions =
            calls.iter().filter(|call| call.method == Method::POST && decides(call.uri.path()));
        match (decisions.next(), decisions.next()) {
            (Some(only), None) => Ok(only.at),
            (None, _) => Err(Error::Story(format!("nobody decided {}", request.id))),
            _ => Err(Error::Story(format!("{} was decided more than once", request.id))),
        }
    }

    fn timeline(
        &self,
        act: Act,
        created: &CreatedRequest,
        work: &Work,
        last: &FinalRequest,
    ) -> Vec<Moment> {
        let moment = |at, who, what| Moment { at_ms: self.millis(at), who, what };
        let news = chapter::news(&created.request, &created.request.asset.status);
        let mut moments = vec![
            moment(created.at, Who::Customer, act.ask),
            moment(created.created_at, Who::Connect, news),
        ];
        let deed = |effect: &Effect| moment(effect.at, Who::Vendor, chapter::deed(effect));
        moments.extend(work.effects.iter().map(deed));
        let refusal =
            |call: &LoggedCall| moment(call.at, Who::Vendor, chapter::refusal(act.refusal));
        moments.extend(work.refusals.iter().map(refusal));
        let decision = chapter::decision(&last.request).to_owned();
        moments.push(moment(work.decided, Who::Processor, decision));
        let news = chapter::news(&last.request, &last.asset.status);
        moments.push(moment(last.at, Who::Connect, news));
        moments
    }
}

fn refused(calls: Vec<LoggedCall>) -> Vec<LoggedCall> {
    calls.into_iter().filter(|call| call.outcome == CallResult::Refused).collect()
}

fn verify(act: &Act, last: &FinalRequest, work: &Work) -> Result<(), Error> {
    let id = &last.request.id;
    check(format_args!("the status of {id}"), &last.request.status, &act.ends)?;
    check(format_args!("the reason of {id}"), last.request.reason.as_str(), act.refusal)?;
    check(format_args!("the subscription after {id}"), &last.asset.status, &act.asset)?;
    let done = names(work.effects.iter().map(|effect| effect.operation));
    let told = names(act.effects.iter().copied());
    check(format_args!("what the vendor did for {id}"), done.as_str(), told.as_str())?;
    let told = usize::from(!act.refusal.is_empty());
    check(format_args!("how often the vendor refused {id}"), work.refusals.len(), told)
}

fn names(operations: impl Iterator<Item = TenantOperation>) -> String {
    operations.map(TenantOperation::as_str).collect::<Vec<_>>().join(", ")
}
