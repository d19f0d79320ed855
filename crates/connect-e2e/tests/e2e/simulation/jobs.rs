//! A vendor that takes an hour for a tenant, and what its calls are worth: whether they come
//! doubled, early, late, forged or not at all, the end is the same.

use std::time::Duration;

use async_trait::async_trait;
use connect_clock::{Clock, VirtualClock};
use connect_e2e::Simulation;
use connect_model::asset_request::NewRequest;
use connect_model::{RequestId, RequestStatus};
use connect_processor::{CancellationToken, Error, Intake, Source};
use tokio::sync::{Mutex, mpsc};

use super::{in_memory, noon};

const MINUTE: Duration = Duration::from_secs(60);

/// What becomes of the vendor's calls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Lost,
    InTime,
    Doubled,
    Early,
    Late,
    AboutAnother,
}

/// The requests that calls are about, as they come in.
struct Calls(Mutex<mpsc::UnboundedReceiver<String>>);

#[async_trait]
impl Source for Calls {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let mut calls = self.0.lock().await;
        while let Some(Some(request)) = stop.run_until_cancelled(calls.recv()).await {
            intake.wake(&request);
        }
        Ok(())
    }
}

/// Buys a tenant that takes an hour; returns what became of it, and when it was approved.
async fn buy(fate: Fate) -> (String, Duration) {
    let clock = noon();
    let simulation = Simulation::start(&clock, 1).await.unwrap();
    simulation.vendor.prepare_for(MINUTE * 60 + MINUTE / 2);
    let journal = in_memory(&clock);
    let (calls, heard) = mpsc::unbounded_channel();
    let processor = simulation.processor(journal.clone()).unwrap().source(Calls(Mutex::new(heard)));
    let mut bought = None;
    let story = async {
        let order = NewRequest::preview_purchase(&simulation.emulator.product());
        let id = simulation.request(&order.item("MPN-A", 5)).await.unwrap();
        let start = clock.monotonic();
        let call = |times| (0..times).for_each(|_| calls.send(id.to_string()).unwrap());
        pass(&clock, MINUTE * 30).await;
        match fate {
            Fate::Early => call(3),
            Fate::AboutAnother => calls.send("PR-1234-5678-9012-001".to_owned()).unwrap(),
            _ => {}
        }
        pass(&clock, MINUTE * 31).await;
        match fate {
            Fate::InTime => call(1),
            Fate::Doubled => call(100),
            _ => {}
        }
        while simulation.read(&id).await.unwrap().status != RequestStatus::Approved {
            pass(&clock, Duration::from_secs(1)).await;
        }
        let took = clock.monotonic() - start;
        if fate == Fate::Late {
            call(3);
        }
        pass(&clock, MINUTE).await;
        bought = Some((id, took));
    };
    let report = clock.play(processor.poll_every(MINUTE / 2).run(story)).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    let (id, took): (RequestId, Duration) = bought.unwrap();
    simulation.must_hold(journal.as_ref(), std::slice::from_ref(&id)).await.unwrap();
    let effects = simulation.vendor.log();
    let effects = effects.iter().map(|effect| effect.operation.as_str()).collect::<Vec<_>>();
    let status = simulation.read(&id).await.unwrap().status;
    (format!("{status}: {}", effects.join(", ")), took)
}

async fn pass(clock: &VirtualClock, time: Duration) {
    let clock: &dyn Clock = clock;
    clock.sleep(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_of_an_hour_ends_the_same_whatever_becomes_of_the_calls() {
    for fate in
        [Fate::Lost, Fate::InTime, Fate::Doubled, Fate::Early, Fate::Late, Fate::AboutAnother]
    {
        let (end, took) = Box::pin(buy(fate)).await;
        assert_eq!(end, "approved: create, set_limit", "{fate:?}");
        assert!(took < MINUTE * 63, "{fate:?}: {took:?}");
    }
}
