//! The stage: acts are begun and watched through REST, the vendor's log and the platform's log
//! are read afterwards.

use std::time::Duration;

use connect_client::Client;
use connect_demo_vendor::{Call, Effect, Operation, Outcome};
use connect_model::{
    Asset, AssetRequest, AssetRequestType, AssetStatus, NewRequest, RequestId, RequestStatus,
};
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::evidence::check;
use crate::exit::Error;
use crate::local::Local;

/// How often the platform is asked.
const PACE: Duration = Duration::from_millis(50);

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// An act, and what it must come to.
pub(super) struct Act {
    pub(super) title: &'static str,
    /// What the customer does.
    pub(super) ask: String,
    pub(super) new: NewRequest,
    pub(super) ends: RequestStatus,
    pub(super) asset: AssetStatus,
    /// What the vendor does.
    pub(super) effects: &'static [Operation],
    /// What the vendor says instead, when it refuses.
    pub(super) refusal: &'static str,
}

/// An act that was played, as it was seen.
#[derive(Serialize)]
pub(super) struct Chapter {
    pub(super) title: &'static str,
    pub(super) request: RequestId,
    #[serde(rename = "type")]
    pub(super) kind: AssetRequestType,
    /// The statuses of the request, as REST showed them.
    pub(super) statuses: Vec<RequestStatus>,
    pub(super) reason: String,
    pub(super) asset_status: AssetStatus,
    pub(super) vendor_effects: Vec<Operation>,
    pub(super) timeline: Vec<Moment>,
}

/// Somebody did something.
#[derive(Serialize)]
pub(super) struct Moment {
    /// Milliseconds since the story began.
    pub(super) at_ms: i64,
    pub(super) who: Who,
    pub(super) what: String,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    Customer,
    Connect,
    Processor,
    Vendor,
}

/// What became of the request of an act.
struct Watched {
    request: AssetRequest,
    statuses: Vec<RequestStatus>,
    asset: Asset,
    at: Timestamp,
}

/// Where the story is played.
pub(super) struct Stage<'a> {
    pub(super) client: &'a Client,
    pub(super) emulator: &'a connect_emulator::Running,
    pub(super) vendor: &'a connect_demo_vendor::Running,
    began: Timestamp,
}

impl<'a> Stage<'a> {
    pub(super) fn new(local: &'a Local) -> Self {
        let Local { client, emulator, vendor, .. } = local;
        Self { client, emulator, vendor, began: Timestamp::now() }
    }

    /// Milliseconds since the story began.
    pub(super) fn millis(&self, at: Timestamp) -> i64 {
        i64::try_from(at.duration_since(self.began).as_millis()).unwrap_or(i64::MAX)
    }

    /// Plays an act, and checks all that will be told of it.
    pub(super) async fn play(&self, act: Act) -> Result<Chapter, Error> {
        let (effects, calls) = (self.vendor.log().len() as u64, self.vendor.calls().len() as u64);
        let asked = Timestamp::now();
        let created: AssetRequest = self.client.create(&act.new).await?;
        let created_at = Timestamp::now();
        check("the new request's status", &created.status, &RequestStatus::Pending)?;
        let watched = self.watch(&created).await?;
        let effects = self.vendor.log_after(effects);
        let refusals = refused(self.vendor.calls_after(calls));
        verify(&act, &watched, &effects, &refusals)?;
        let decided = self.decision(&watched.request)?;

        let mut timeline = vec![
            self.moment(asked, Who::Customer, act.ask),
            self.moment(created_at, Who::Connect, news(&created, &created.asset.status)),
        ];
        timeline.extend(effects.iter().map(|it| self.moment(it.at, Who::Vendor, deed(it))));
        timeline.extend(refusals.iter().map(|it| self.moment(it.at, Who::Vendor, no(act.refusal))));
        timeline.push(self.moment(decided, Who::Processor, decision(&watched.request)));
        let news = news(&watched.request, &watched.asset.status);
        timeline.push(self.moment(watched.at, Who::Connect, news));
        Ok(Chapter {
            title: act.title,
            request: watched.request.id,
            kind: watched.request.kind,
            statuses: watched.statuses,
            reason: watched.request.reason,
            asset_status: watched.asset.status,
            vendor_effects: effects.iter().map(|effect| effect.operation).collect(),
            timeline,
        })
    }

    fn moment(&self, at: Timestamp, who: Who, what: String) -> Moment {
        Moment { at_ms: self.millis(at), who, what }
    }

    /// Reads the request until it is final, then its asset.
    async fn watch(&self, created: &AssetRequest) -> Result<Watched, Error> {
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
                return Ok(Watched { request, statuses, asset, at });
            }
            if begun.elapsed() > PATIENCE {
                let (id, status) = (&request.id, &request.status);
                return Err(Error::Story(format!("{id} is still {status} after {PATIENCE:?}")));
            }
            sleep(PACE).await;
        }
    }

    /// When the processor told the platform its decision, which it must have done once.
    fn decision(&self, request: &AssetRequest) -> Result<Timestamp, Error> {
        let calls = self.emulator.activity().since(0);
        let mut decisions = calls.iter().filter(|call| {
            let path = call.uri.path();
            call.method == connect_client::Method::POST
                && ["approve", "fail"]
                    .iter()
                    .any(|verb| path.ends_with(&format!("/requests/{}/{verb}", request.id)))
        });
        match (decisions.next(), decisions.next()) {
            (Some(only), None) => Ok(only.at),
            (None, _) => Err(Error::Story(format!("nobody decided {}", request.id))),
            (Some(_), Some(_)) => {
                Err(Error::Story(format!("{} was decided more than once", request.id)))
            }
        }
    }
}

fn refused(calls: Vec<Call>) -> Vec<Call> {
    calls.into_iter().filter(|call| call.outcome == Outcome::Refused).collect()
}

fn verify(
    act: &Act,
    watched: &Watched,
    effects: &[Effect],
    refusals: &[Call],
) -> Result<(), Error> {
    let id = &watched.request.id;
    check(format_args!("the status of {id}"), &watched.request.status, &act.ends)?;
    check(format_args!("the reason of {id}"), watched.request.reason.as_str(), act.refusal)?;
    check(format_args!("the subscription after {id}"), &watched.asset.status, &act.asset)?;
    let done = names(effects.iter().map(|effect| effect.operation));
    let told = names(act.effects.iter().copied());
    check(format_args!("what the vendor did for {id}"), done.as_str(), told.as_str())?;
    let told = usize::from(!act.refusal.is_empty());
    check(format_args!("how often the vendor refused {id}"), refusals.len(), told)
}

fn names(operations: impl Iterator<Item = Operation>) -> String {
    operations.map(name).collect::<Vec<_>>().join(", ")
}

/// The vendor's word for an operation.
pub(super) fn name(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "create",
        Operation::Find => "find",
        Operation::Read => "read",
        Operation::SetLimit => "set_limit",
        Operation::Enable => "enable",
        Operation::Disable => "disable",
        Operation::Delete => "delete",
    }
}

fn deed(effect: &Effect) -> String {
    let tenant = &effect.tenant;
    match effect.operation {
        Operation::Create => format!("creates tenant {tenant}"),
        Operation::SetLimit => format!("sets the limit of {tenant}"),
        Operation::Enable => format!("enables {tenant}"),
        Operation::Disable => format!("disables {tenant}"),
        other => format!("{}s {tenant}", name(other)),
    }
}

fn no(refusal: &str) -> String {
    format!("refuses: “{refusal}”")
}

fn decision(request: &AssetRequest) -> String {
    match request.status {
        RequestStatus::Approved => "approves the request".to_owned(),
        _ => "fails the request, with the vendor's words".to_owned(),
    }
}

fn news(request: &AssetRequest, asset: &AssetStatus) -> String {
    format!("request {}, subscription {asset}", request.status)
}
