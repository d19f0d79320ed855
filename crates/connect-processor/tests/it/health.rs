//! The signs of life of a processor.

use std::sync::Arc;
use std::time::Duration;

use connect_emulator::{Canned, Fault, FaultEffect};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Ending, Failure, Outcome, Vitals};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const POLL: Duration = Duration::from_secs(30);

#[tokio::test]
async fn whoever_watches_sees_what_ended_and_since_when_the_platform_refuses() {
    let harness = Harness::start().await;
    let refuse = async |_: Cx| Ok::<_, Failure>(Outcome::fail("no"));
    let processor = harness.processor(harness.journal.clone()).poll_every(POLL);
    let processor = processor.on(AssetRequestType::Resume, refuse);
    let health = processor.health();
    let until = async |holds: fn(&Vitals) -> bool| {
        while !holds(&health.vitals()) {
            tokio::task::yield_now().await;
        }
        health.vitals()
    };
    let shutdown = async {
        let vitals = until(|vitals| vitals.ended.contains_key(&Ending::Failed)).await;
        assert_eq!((vitals.since_look, vitals.platform), (Duration::ZERO, None));

        let refused = Fault::new(FaultEffect::Answer(Canned::status(http::StatusCode::FORBIDDEN)));
        harness.emulator.faults().add(refused);
        harness.pass(POLL).await;
        let vitals = until(|vitals| vitals.platform.is_some()).await;
        assert_eq!((vitals.since_look, vitals.platform), (POLL, Some("CLT_REFUSED")));
        assert_eq!(vitals.journal, None);

        harness.emulator.faults().clear();
        harness.pass(2 * POLL).await;
        let vitals = until(|vitals| vitals.platform.is_none()).await;
        assert_eq!(vitals.since_look, Duration::ZERO);
    };
    processor.run(shutdown).await.unwrap();
}
