//! Values of steps that another version of the program has recorded.

use std::sync::Arc;

use connect_journal::{RunState, StepResult};
use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

#[derive(Serialize, Deserialize)]
struct Tenant {
    number: u32,
}

/// The program as it was: its value is a number.
async fn first(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let _: u32 = cx.step("create").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Err(Failure::retry("not yet"))
}

async fn create(vendor: &Vendor) -> Result<Tenant, Failure> {
    Ok(Tenant { number: vendor.act() })
}

/// The program as it is: its value is an object.
async fn second(cx: Cx) -> Result<Outcome, Failure> {
    let from_number = |version: u32, old: Value| match version {
        1 => Ok(json!({"number": old})),
        other => Err(Failure::retry(format!("there was no version {other}"))),
    };
    let step = cx.step("create").version(2).upgrade(from_number);
    let tenant: Tenant = step.run(|_| create(cx.state())).await?;
    Err(Failure::retry(format!("tenant {}", tenant.number)))
}

/// The same, without a word of how it was.
async fn forgetful(cx: Cx) -> Result<Outcome, Failure> {
    let _: Tenant = cx.step("create").version(2).run(|_| create(cx.state())).await?;
    Ok(Outcome::approve())
}

async fn why(harness: &Harness) -> String {
    format!("{:?}", harness.run().await.note)
}

#[tokio::test]
async fn a_value_of_an_earlier_version_is_converted() {
    let harness = Harness::start().await;
    harness.live(first).await;
    harness.wait();
    harness.live(second).await;
    assert!(why(&harness).await.contains("tenant 1"), "{}", why(&harness).await);
    assert_eq!(harness.vendor.calls(), 1);
}

#[tokio::test]
async fn a_value_is_recorded_with_its_version_and_read_again() {
    let harness = Harness::start().await;
    harness.live(second).await;
    let recorded = harness.run().await.steps[0].result();
    let shape = br#"{"@version":2,"value":{"number":1}}"#;
    assert_eq!(recorded, Some(StepResult::Done(shape.as_slice().into())));
    harness.wait();
    harness.live(second).await;
    assert!(why(&harness).await.contains("tenant 1"), "{}", why(&harness).await);
    assert_eq!(harness.vendor.calls(), 1);
}

#[tokio::test]
async fn a_value_of_the_first_version_is_recorded_as_ever() {
    let harness = Harness::start().await;
    harness.live(first).await;
    let recorded = harness.run().await.steps[0].result();
    assert_eq!(recorded, Some(StepResult::Done("1".into())));
}

#[tokio::test]
async fn a_value_that_nobody_can_convert_is_left_to_a_person() {
    let harness = Harness::start().await;
    harness.live(first).await;
    harness.wait();
    let report = harness.live(forgetful).await;
    insta::assert_snapshot!(report.open[0].why, @"the recorded value of step `create` is of version 1, and this program expects version 2 without saying how to convert it; add an `upgrade` to the step, or finish the run with the program that recorded it");
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Parked));
}

#[tokio::test]
async fn a_value_of_a_later_version_is_left_to_a_person() {
    let harness = Harness::start().await;
    harness.live(second).await;
    harness.wait();
    let report = harness.live(first).await;
    insta::assert_snapshot!(report.open[0].why, @"the recorded value of step `create` is of version 2, and this program expects version 1 without saying how to convert it; add an `upgrade` to the step, or finish the run with the program that recorded it");
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Parked));
}

#[tokio::test]
async fn a_conversion_that_fails_is_left_to_a_person() {
    let harness = Harness::start().await;
    harness.live(first).await;
    harness.wait();
    let report = harness
        .live(|cx: Cx| async move {
            let refuses = |_, _| Err(Failure::retry("the number says nothing"));
            let step = cx.step("create").version(2).upgrade(refuses);
            let _: Tenant = step.run(|_| create(cx.state())).await?;
            Ok(Outcome::approve())
        })
        .await;
    insta::assert_snapshot!(report.open[0].why, @"the recorded value of step `create` cannot be converted from version 1 to 2: the number says nothing");
}

/// Whoever only asks what was done reads whichever version it is.
#[tokio::test]
async fn what_is_asked_for_comes_without_its_version() {
    let harness = Harness::start().await;
    harness.live(second).await;
    harness.wait();
    harness
        .live(|cx: Cx| async move {
            let tenant = cx.recorded::<Tenant>("create").await?;
            Err(Failure::retry(format!("it was {}", tenant.map_or(0, |tenant| tenant.number))))
        })
        .await;
    assert!(why(&harness).await.contains("it was 1"), "{}", why(&harness).await);
}
