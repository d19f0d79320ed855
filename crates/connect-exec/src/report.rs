//! The report of a month: no request, but work that is due by the calendar.

use std::sync::Arc;

use connect_model::{DateTime, Resource, UsageFile, UsagePeriod};
use connect_processor::{Failure, MonthlyContext, Outage, Processor, Step, UsageSchedule};
use futures::FutureExt;
use serde::{Deserialize, Serialize};

use crate::ask;
use crate::attempt::Attempt;
use crate::connect_call::{self, connect_call};
use crate::handler::converse;
use crate::message::{Answer, CallError};
use crate::protocol::{DeclaredHandler, Handle, HandlerKind, Hello, Recorded, code, failure};
use crate::work::{Asking, Work};
use crate::workers::{Purpose, Workers};

/// The type of what a report's handler is for.
const TYPE: &str = "report";

/// The month, as a worker is told of it.
#[derive(Serialize)]
struct ReportData<'a> {
    id: &'a str,
    period: &'a UsagePeriod,
    now: DateTime,
}

/// What a worker answers once a report has come to its end.
#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Reported {
    Done,
}

/// Looks whether what a worker says of its report can be meant.
pub(crate) fn check(hello: &Hello) -> Result<(), String> {
    let mut reports = hello.handlers.iter().filter(|it| it.kind == HandlerKind::Report);
    let Some(DeclaredHandler { collection, request_type, day, hour, .. }) = reports.next() else {
        return Ok(());
    };
    if collection != UsageFile::COLLECTION || request_type != TYPE {
        return Err(format!(
            "a report is of `{}`, and its type is `{TYPE}`",
            UsageFile::COLLECTION
        ));
    }
    if !day.is_some_and(|day| (1..=31).contains(&day)) {
        return Err("a report has a `day` of the month, 1 to 31".to_owned());
    }
    if hour.is_some_and(|hour| hour > 23) {
        return Err("a report's `hour` is 0 to 23".to_owned());
    }
    match reports.next() {
        Some(_) => Err("it has more than one report".to_owned()),
        None => Ok(()),
    }
}

/// Registers what a worker declares as its report.
pub(crate) fn register(
    processor: Processor<Workers>,
    declared: &DeclaredHandler,
) -> Processor<Workers> {
    let schedule = UsageSchedule::monthly(declared.day.unwrap_or(1));
    processor.monthly(schedule.hour(declared.hour.unwrap_or(0)), report)
}

/// Has a worker report a month.
async fn report(cx: MonthlyContext<Workers>) -> Result<(), Failure> {
    // That no worker can be had says nothing about the report.
    let (place, run) = cx.state().place(Purpose::Request, cx.id()).await.map_err(Outage::new)?;
    let attempt = Arc::new(Attempt::new(place, run));
    let params = Handle {
        run: &attempt.run,
        collection: UsageFile::COLLECTION,
        request_type: TYPE,
        kind: HandlerKind::Report,
        failures: cx.failures(),
        visit: 1,
        request: &ReportData { id: cx.id(), period: cx.period(), now: cx.due() },
        migration: None,
    };
    converse(&cx, (&attempt, cx.state().clock()), &params, reported).await
}

fn reported(answer: Answer) -> Result<(), Failure> {
    let written = answer.map_err(failure)?;
    let Reported::Done = serde_json::from_str(written.get()).map_err(|error| {
        Failure::retry(format!("the end of the report cannot be read: {error}"))
    })?;
    Ok(())
}

impl Work for MonthlyContext<Workers> {
    fn step(&self, name: &str) -> Step<'_> {
        self.step(name)
    }

    fn ask<'a>(&'a self, method: &str, params: &str) -> Result<Asking<'a>, CallError> {
        match method {
            "step.recorded" => {
                let what: Recorded = ask::read(params)?;
                Ok(ask::recorded(what.doubt, self.recorded(what.step)).boxed())
            }
            "connect.get" => {
                ask::read(params).map(|what| ask::connect_get(self.client(), what).boxed())
            }
            "connect.call" => {
                let call = connect_call::read(&ask::read(params)?)?;
                Ok(connect_call(self.client(), call).boxed())
            }
            other => {
                let message = format!("there is no method `{}` in a report", plain::text(other));
                Err(CallError::new(code::NO_METHOD, message))
            }
        }
    }
}
