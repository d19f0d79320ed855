//! Telling the platform what was decided: the only file that does.
//!
//! A lost answer is neither a success nor a failure, and a 2xx is no yes: a yes is a body that shows
//! this request in the wanted status. After any other answer the request is read: in the wanted
//! status it counts as done, still pending it is told again.

use std::time::Duration;

use connect_client::{Answer, Call, Client, Error as ClientError};
use connect_journal::StepName;
use connect_model::{
    Approve, Fail, Inquire, ParameterUpdate, RequestStatus, RequestUpdate, Schedule, TemplateId,
};
use serde::Serialize;
use tracing::warn;

use crate::lease::Held;
use crate::proof::{Shown, unwritten};
use crate::{Approval, Failure, Inquiry, Outcome};

/// How often one outcome is told in one attempt.
const TELLINGS: u32 = 3;

/// The mark in the journal that says: this run was about to fail its request. A later life that
/// finds the request failed then knows whose decision it was. No handler can take a step of this
/// name.
pub(crate) const FAILING: &str = "@fail";

/// The outcome of a request that is left alone until it changes.
pub(crate) const SKIPPED: &str = "skipped";

/// Where and about what to speak.
pub(crate) struct Conclude<'a> {
    pub(crate) client: &'a Client,
    pub(crate) held: &'a Held,
    pub(crate) collection: &'a str,
    pub(crate) id: &'a str,
    /// The template found before the handler was called.
    pub(crate) template: Option<TemplateId>,
}

/// What the run has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Conclusion {
    /// Over for good.
    Ended(&'static str),
    /// Nothing to do until the request changes.
    Idle(&'static str),
    /// To be looked at again.
    Wait(Duration),
}

impl Conclude<'_> {
    /// Delivers an outcome.
    pub(crate) async fn deliver(self, outcome: Outcome) -> Result<Conclusion, Failure> {
        match outcome {
            Outcome::Approve(approval) => self.approve(approval).await,
            Outcome::Fail { reason } => self.fail(reason).await,
            Outcome::Inquire(inquiry) => self.inquire(inquiry).await,
            Outcome::Schedule { on } => self.schedule(on).await,
            Outcome::Reschedule { after } => Ok(Conclusion::Wait(after)),
            Outcome::Skip => Ok(Conclusion::Idle(SKIPPED)),
        }
    }

    async fn approve(self, approval: Approval) -> Result<Conclusion, Failure> {
        self.write(approval.params).await?;
        let body = Approve {
            template_id: approval.template.or_else(|| self.template.clone()),
            effective_date: approval.effective_date,
            ..Approve::default()
        };
        self.tell("approve", &body, &RequestStatus::Approved).await?;
        Ok(Conclusion::Ended("approved"))
    }

    async fn fail(self, reason: String) -> Result<Conclusion, Failure> {
        let stated = !reason.trim().is_empty();
        let reason = if stated { reason } else { "The vendor gave no reason.".to_owned() };
        if self.held.has_steps() {
            let (journal, mark) = (&self.held.journal, StepName::from(FAILING));
            self.held.write(|| journal.intend(&self.held.claim, &mark)).await?;
        }
        self.tell("fail", &Fail { reason }, &RequestStatus::Failed).await?;
        Ok(Conclusion::Ended("failed"))
    }

    async fn inquire(self, inquiry: Inquiry) -> Result<Conclusion, Failure> {
        self.write(inquiry.params).await?;
        let body = Inquire { template_id: inquiry.template, activation_tile: None };
        self.tell("inquire", &body, &RequestStatus::Inquiring).await?;
        Ok(Conclusion::Idle("inquired"))
    }

    async fn schedule(self, on: connect_model::DateTime) -> Result<Conclusion, Failure> {
        let body = Schedule { planned_date: Some(on) };
        self.tell("schedule", &body, &RequestStatus::Scheduled).await?;
        Ok(Conclusion::Idle("scheduled"))
    }

    /// Writes parameters. A full write: the client may repeat it. It has happened when the request
    /// shows it, in the answer or when it is read.
    async fn write(&self, params: Vec<ParameterUpdate>) -> Result<(), Failure> {
        if params.is_empty() {
            return Ok(());
        }
        let call = Call::put(self.path("")).json(&RequestUpdate::params(params.clone()))?;
        let mut told = 0;
        loop {
            let answer = self.held.guard(self.client.call(call.clone())).await??;
            let shows = |shown| self.is_this(&shown) && unwritten(&params, &shown).is_none();
            if answer.json().is_ok_and(shows) {
                return Ok(());
            }
            told += 1;
            let Some(missing) = unwritten(&params, &self.read().await?) else { return Ok(()) };
            if told == TELLINGS {
                return Err(Failure::retry(NotWritten { missing }));
            }
        }
    }

    /// Tells the platform, until the request is in the wanted status.
    async fn tell(
        &self,
        verb: &str,
        body: &impl Serialize,
        wanted: &RequestStatus,
    ) -> Result<(), Failure> {
        let mut told = 0;
        loop {
            let call = Call::post(self.path(verb)).json(body)?;
            let answer = self.held.guard(self.client.call(call)).await?;
            let Err(error) = answer.and_then(|answer| self.yes(&answer, wanted)) else {
                return Ok(());
            };
            told += 1;
            warn!(request = self.id, verb, code = error.code(), %error, "reading the request to see");
            let status = self.read().await?.status;
            if status == *wanted {
                return Ok(());
            }
            if told == TELLINGS || status != RequestStatus::Pending || !error.may_have_happened() {
                return Err(error.into());
            }
        }
    }

    /// Anything on the way may answer 2xx; a yes shows the request in the wanted status.
    fn yes(&self, answer: &Answer, wanted: &RequestStatus) -> Result<(), ClientError> {
        let what = match answer.json::<Shown>() {
            Ok(shown) if self.is_this(&shown) && shown.status == *wanted => return Ok(()),
            Ok(shown) if self.is_this(&shown) => format!("the request still {}", shown.status),
            Ok(_) => "another request".to_owned(),
            Err(_) => "something else than the request".to_owned(),
        };
        Err(ClientError::Unexpected {
            status: answer.status,
            what,
            call: Box::new(answer.call.clone()),
        })
    }

    async fn read(&self) -> Result<Shown, Failure> {
        let path = self.path("");
        let shown: Shown = self.held.guard(self.client.get_at(&path)).await??;
        if self.is_this(&shown) {
            return Ok(shown);
        }
        Err(Failure::retry(format!("asked for {}, Connect answered with {}", self.id, shown.id)))
    }

    fn is_this(&self, shown: &Shown) -> bool {
        shown.id == self.id
    }

    fn path(&self, verb: &str) -> String {
        let slash = if verb.is_empty() { "" } else { "/" };
        format!("{}/{}{slash}{verb}", self.collection, self.id)
    }
}

/// A write that was answered and did not happen.
#[derive(Debug, thiserror::Error)]
#[error("Connect answered the writing of parameters, but {missing}")]
struct NotWritten {
    missing: String,
}
