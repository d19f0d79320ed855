//! A contender's work as the platform and the vendor saw it: they keep the time, the same for all.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde::Deserialize;

use crate::place::Place;

/// A call as `GET /emulator/activity` tells it.
#[derive(Deserialize)]
struct Call {
    at: Timestamp,
    duration_us: i64,
    path: String,
    /// None, when its caller hung up.
    status: Option<u16>,
}

impl Call {
    fn is_approval(&self) -> bool {
        self.path.ends_with("/approve") && self.status == Some(200)
    }

    fn answered(&self) -> Result<Timestamp> {
        Ok(self.at.checked_add(jiff::SignedDuration::from_micros(self.duration_us))?)
    }
}

/// The work of one contender.
pub(crate) struct Account {
    /// The time from the arrival of its first call at the platform to the answer to its last.
    pub(crate) span: Duration,
    pub(crate) platform_calls: usize,
    pub(crate) vendor_calls: usize,
    /// The time that an approval took at the platform, on average.
    pub(crate) approval: Duration,
}

impl Account {
    /// Reads both logs of a stage that had this many pending requests.
    pub(crate) async fn read(stage: &Place, requests: usize) -> Result<Self> {
        let calls = calls(stage).await?;
        let approvals: Vec<_> = calls.iter().filter(|call| call.is_approval()).collect();
        let approved = approvals.len();
        ensure!(approved == requests, "{approved} of {requests} requests were approved");
        let log = format!("{}/_calls", stage.vendor);
        let vendor: Vec<serde_json::Value> = reqwest::get(log).await?.json().await?;
        let micros: i64 = approvals.iter().map(|call| call.duration_us).sum();
        let approval = Duration::from_secs_f64(micros as f64 / 1e6 / approved.max(1) as f64);
        let (platform_calls, vendor_calls) = (calls.len(), vendor.len());
        Ok(Self { span: span(&calls)?, platform_calls, vendor_calls, approval })
    }
}

/// Returns when requests were approved on a stage.
pub(crate) async fn approvals(stage: &Place) -> Result<Vec<Timestamp>> {
    calls(stage).await?.iter().filter(|call| call.is_approval()).map(Call::answered).collect()
}

async fn calls(stage: &Place) -> Result<Vec<Call>> {
    let log = format!("{}/emulator/activity?limit=1000000", stage.url);
    Ok(reqwest::get(log).await?.error_for_status()?.json().await?)
}

fn span(calls: &[Call]) -> Result<Duration> {
    let first = calls.iter().map(|call| call.at).min().context("there was a call")?;
    let answers = calls.iter().map(Call::answered).collect::<Result<Vec<_>>>()?;
    let last = answers.into_iter().max().context("there was an answer")?;
    Ok(last.duration_since(first).try_into()?)
}
