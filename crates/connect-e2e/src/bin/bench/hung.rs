//! 1,000 tenants with requests at all times, and the same with 50 of them at which every call of the
//! vendor hangs.

use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp};

use crate::account::approvals;
use crate::figure::Figure;
use crate::listening::Listening;
use crate::processor::acme;
use crate::programs::Programs;

/// The tenants, each with a new request as soon as its last was approved.
const TENANTS: &str = "1000";
/// The tenants that hang.
const HUNG: usize = 50;
/// How long each call takes at least, in milliseconds: as a vendor's does.
const DELAY: &str = "20";
/// The time for which approvals are counted, from the first one on. A call is given up after 20 s, so
/// those that hang are called again in it.
const SPAN: Duration = Duration::from_secs(40);
const SPAN_OF_A_TURN: Duration = Duration::from_secs(8);
/// The rate that the other tenants keep.
const KEPT: f64 = 0.9;

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let without = Flow::see(programs, 0, SPAN).await?;
    let with = Flow::see(programs, HUNG, SPAN).await?;
    ensure!(with.unanswered > 0.0, "no call of the vendor hung");
    let rate = |name, flow: &Flow| Figure::new(name, flow.rate, "requests/s");
    let busy = |name, busy| Figure::new(name, busy, "s");
    Ok(vec![
        rate("1,000 tenants", &without),
        rate("the others, when 50 of them hang", &with),
        Figure::new("with : without", with.rate / without.rate, "×").at_least(KEPT),
        Figure::new("calls that hung to their limit", with.unanswered, "calls"),
        Figure::new("processor's memory at most", without.peak, "MB"),
        Figure::new("… when 50 hang", with.peak, "MB"),
        busy("processor time per 1,000 requests", without.busy),
        busy("… when 50 hang", with.busy),
        busy("… of the emulator and vendor beside it", with.busy_stage),
    ])
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let with = Flow::see(programs, HUNG, SPAN_OF_A_TURN).await?;
    Ok(vec![Figure::new("950 tenants while 50 hang", with.rate, "requests/s")])
}

/// The approvals of a processor with the settings of its program for a time.
struct Flow {
    /// Approvals per second.
    rate: f64,
    /// Calls of the vendor that had no answer.
    unanswered: f64,
    /// The most memory of the processor, in MB.
    peak: f64,
    /// The time on processors for 1,000 approvals, in seconds.
    busy: f64,
    /// The same of the emulator and the vendor.
    busy_stage: f64,
}

impl Flow {
    async fn see(programs: &Programs, hung: usize, span: Duration) -> Result<Self> {
        let role = ["tenants", TENANTS, &hung.to_string(), DELAY];
        let (stage, place) = Programs::here()?.serve(&role)?;
        let before = stage.busy()?;
        let mut command = acme(programs, &place)?;
        command.args(["--poll", "1s"]);
        let processor = Listening::start(command).await?;
        tokio::time::sleep(span + Duration::from_secs(2)).await;
        let unanswered = "connect_vendor_call_seconds_count{outcome=\"unanswered\"}";
        let unanswered = processor.metric(unanswered).await?;
        let Listening { process, .. } = processor;
        let (busy, busy_stage) = (process.busy()?, stage.busy()? - before);
        let peak = process.peak()?;
        drop(process);
        let all = approvals(&place).await?;
        let thousands = all.len() as f64 / 1000.0;
        Ok(Self {
            rate: within(&all, span)? as f64 / span.as_secs_f64(),
            unanswered,
            peak,
            busy: busy.as_secs_f64() / thousands,
            busy_stage: busy_stage.as_secs_f64() / thousands,
        })
    }
}

/// Counts those that are no later after the first than this.
fn within(approvals: &[Timestamp], span: Duration) -> Result<usize> {
    let Some(first) = approvals.iter().min() else { return Ok(0) };
    let end = first.checked_add(SignedDuration::try_from(span)?)?;
    Ok(approvals.iter().filter(|at| **at <= end).count())
}
