//! Tells the platform what was decided: the only file that does.
//!
//! A lost answer is neither a success nor a failure, and a 2xx is no yes:
//! [`Client::settle`](connect_client::Client::settle) says what has happened. What has not,
//! although the request is still pending and nobody refused, is told again.

use connect_client::{Call, Client, ReadAfter, SettleError};
use connect_model::{Action, DateTime, ParameterUpdate, Request, TemplateId};
use futures::future::BoxFuture;
use tracing::{info, warn};

use crate::conclusion::Conclusion;
use crate::ending::Ending;
use crate::failure::Failure;
use crate::lease::Lease;
use crate::messages::Messages;
use crate::outcome::{Approval, Inquiry, Outcome};
use crate::proof::unwritten;
use crate::read_back::read_back;
use crate::standing::{CONFIRMING, FAILING, STANDING, standing_elsewhere};

/// The number of times that one outcome is told in one attempt.
const TELLINGS: u32 = 3;

/// Tells the platform an outcome in the words of the request's family.
pub(crate) type Deliver =
    for<'a> fn(Delivery<'a>, Outcome) -> BoxFuture<'a, Result<Conclusion, Failure>>;

/// The request to tell the platform about, and the means to tell it.
pub(crate) struct Delivery<'a> {
    pub(crate) client: &'a Client,
    pub(crate) lease: &'a Lease,
    pub(crate) messages: &'a Messages,
    pub(crate) id: &'a str,
    /// The template found before the handler was called.
    pub(crate) template: Option<TemplateId>,
}

impl Delivery<'_> {
    /// Delivers an outcome to a request of a family.
    pub(crate) async fn deliver<R: Request>(self, outcome: Outcome) -> Result<Conclusion, Failure> {
        match outcome {
            Outcome::Approve(approval) => self.approve::<R>(approval).await,
            Outcome::Fail { reason } => self.fail::<R>(reason).await,
            Outcome::Inquire(inquiry) => self.inquire::<R>(inquiry).await,
            Outcome::Schedule { on } => self.schedule::<R>(on).await,
            Outcome::Reschedule { after } => Ok(Conclusion::Wait(after)),
            Outcome::Skip => Ok(Conclusion::Idle(Ending::Skipped)),
            Outcome::Confirm => Err(Failure::park(
                "the handler's outcome cannot be told: only a request that is being revoked can be \
                 confirmed",
            )),
            Outcome::Decided => Err(not_decided()),
        }
    }

    /// Delivers an outcome to a request that is to be taken back. It cannot be decided otherwise any
    /// more.
    pub(crate) async fn deliver_revocation<R: Request>(
        self,
        outcome: Outcome,
    ) -> Result<Conclusion, Failure> {
        match outcome {
            Outcome::Confirm => self.confirm::<R>().await,
            Outcome::Reschedule { after } => Ok(Conclusion::Wait(after)),
            Outcome::Skip => Ok(Conclusion::Idle(Ending::Skipped)),
            Outcome::Fail { reason } => {
                let why = format!(
                    "the request is being revoked, and what was done for it cannot be taken back: \
                     {reason}. See to it, confirm the request by hand, then revive the run to end it"
                );
                Err(Failure::Park { why, step: Some(STANDING.into()) })
            }
            Outcome::Decided => Err(not_decided()),
            Outcome::Approve(_) | Outcome::Inquire(_) | Outcome::Schedule { .. } => {
                Err(Failure::park(
                    "the handler's outcome cannot be told: a request that is being revoked can only \
                     be confirmed",
                ))
            }
        }
    }

    /// Ends the run of a request that somebody else rejected. The platform has nothing to be told.
    pub(crate) async fn deliver_elsewhere(self, outcome: Outcome) -> Result<Conclusion, Failure> {
        let trouble = match outcome {
            Outcome::Confirm => {
                self.lease.mark(CONFIRMING).await?;
                return Ok(Conclusion::Ended(Ending::SettledElsewhere));
            }
            Outcome::Reschedule { after } => return Ok(Conclusion::Wait(after)),
            Outcome::Fail { reason } => format!(", and it cannot be taken back: {reason}"),
            Outcome::Skip => ", and what takes it back has left it alone".to_owned(),
            Outcome::Approve(_)
            | Outcome::Inquire(_)
            | Outcome::Schedule { .. }
            | Outcome::Decided => ", and what takes it back can only confirm".to_owned(),
        };
        Err(standing_elsewhere(&self.lease.claim, "ended the request", &trouble))
    }

    async fn confirm<R: Request>(self) -> Result<Conclusion, Failure> {
        let confirm = R::confirm().ok_or_else(|| unknown::<R>("confirmed"))?;
        if self.lease.has_steps() {
            self.lease.mark(CONFIRMING).await?;
        }
        self.tell::<R, _>(&confirm).await?;
        Ok(Conclusion::Ended(Ending::Revoked))
    }

    async fn approve<R: Request>(self, approval: Approval) -> Result<Conclusion, Failure> {
        let template = approval.template.or_else(|| self.template.clone());
        let approve = R::approve(template, approval.effective_date)
            .ok_or_else(|| unknown::<R>("approved in this way"))?;
        self.write::<R>(approval.params).await?;
        self.tell::<R, _>(&approve).await?;
        self.messages.say_outcome(approval.message.as_deref()).await?;
        Ok(Conclusion::Ended(Ending::Approved))
    }

    async fn fail<R: Request>(self, reason: String) -> Result<Conclusion, Failure> {
        let stated = !reason.trim().is_empty();
        let reason = if stated { reason } else { "The vendor gave no reason.".to_owned() };
        if self.lease.has_steps() {
            self.lease.mark(FAILING).await?;
        }
        self.tell::<R, _>(&R::fail(reason)).await?;
        Ok(Conclusion::Ended(Ending::Failed))
    }

    async fn inquire<R: Request>(self, inquiry: Inquiry) -> Result<Conclusion, Failure> {
        let inquire =
            R::inquire(inquiry.template).ok_or_else(|| unknown::<R>("inquired in this way"))?;
        self.write::<R>(inquiry.params).await?;
        self.tell::<R, _>(&inquire).await?;
        self.messages.say_outcome(inquiry.message.as_deref()).await?;
        Ok(Conclusion::Idle(Ending::Inquired))
    }

    async fn schedule<R: Request>(self, on: DateTime) -> Result<Conclusion, Failure> {
        let schedule = R::schedule(on).ok_or_else(|| unknown::<R>("scheduled"))?;
        self.tell::<R, _>(&schedule).await?;
        Ok(Conclusion::Idle(Ending::Scheduled))
    }

    /// Writes parameters. A full write: the client may repeat it. It has happened when the request
    /// shows it, in the answer or when it is read.
    pub(crate) async fn write<R: Request>(
        &self,
        params: Vec<ParameterUpdate>,
    ) -> Result<(), Failure> {
        if params.is_empty() {
            return Ok(());
        }
        let path = format!("{}/{}", R::COLLECTION, self.id);
        let call = match R::update(params.clone()) {
            Some(body) => Call::put(path).json(&body)?,
            None => return Err(unknown::<R>("given parameters")),
        };
        let mut told = 0;
        loop {
            let answer = self.lease.guard(self.client.call(call.clone())).await??;
            let shows = |shown: R| shown.id() == self.id && unwritten(&params, &shown).is_none();
            if answer.json().is_ok_and(shows) {
                return Ok(());
            }
            told += 1;
            let shown: R = read_back(self.client, self.lease, self.id).await?;
            let Some(missing) = unwritten(&params, &shown) else { return Ok(()) };
            if told == TELLINGS {
                return Err(Failure::retry(NotWritten { missing }));
            }
        }
    }

    /// Tells the platform, until the request is in the wanted status.
    async fn tell<R: Request, A: Action<R>>(&self, action: &A) -> Result<(), Failure> {
        let (request, verb) = (self.id, A::OPERATION.verb());
        let mut told = 0;
        loop {
            let settling = self.client.settle::<R, A>(self.id, action, ReadAfter::AnyFailure);
            let unsettled = match self.lease.guard(settling).await? {
                Ok(settled) => {
                    if let Some(doubt) = settled.doubt {
                        let code = doubt.code();
                        info!(request, verb, code, error = %doubt, "reading the request shows that it is done");
                    }
                    return Ok(());
                }
                Err(unsettled) => unsettled,
            };
            told += 1;
            match unsettled {
                SettleError::NotHappened { error, status }
                    if told < TELLINGS
                        && R::WAITS_IN.contains(&status)
                        && error.may_have_happened() =>
                {
                    warn!(request, verb, code = error.code(), %error, "reading the request shows that it is not done");
                }
                SettleError::NotHappened { error, .. } => return Err((*error).into()),
                SettleError::Unread { reading, .. } => return Err((*reading).into()),
                SettleError::Failed(error) => return Err(error.into()),
            }
        }
    }
}

/// The handler says that the platform was told, and it was not.
fn not_decided() -> Failure {
    Failure::park("the handler's outcome is that it has decided, and it has not")
}

/// A person has to decide what no call can say; the handler is at fault.
fn unknown<R: Request>(what: &str) -> Failure {
    let collection = R::COLLECTION;
    Failure::park(format!("the handler's outcome cannot be told: {collection} cannot be {what}"))
}

/// A write that was answered and did not happen.
#[derive(Debug, thiserror::Error)]
#[error("Connect answered the writing of parameters, but {missing}")]
struct NotWritten {
    missing: String,
}
