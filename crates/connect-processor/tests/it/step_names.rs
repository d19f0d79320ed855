//! Programs that are replaced while runs are open: steps may have other names, or none any more.

use std::sync::Arc;

use connect_journal::RunState;
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Error, Failure, Outcome, Report, StepKey, StepNames};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// The gap that no journal can close: the vendor has acted, the result is not written yet.
const THE_GAP: &str = "before journal record";

/// Takes one step, and fails the request with its key.
async fn take(cx: Cx, name: &str) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let work = |key: StepKey| async move {
        vendor.act();
        Ok::<_, Failure>(key.to_string())
    };
    let key: String = cx.step(name).run(work).await?;
    Ok(Outcome::fail(key.split_once(':').unwrap().1))
}

/// The program as it was.
async fn old(cx: Cx) -> Result<Outcome, Failure> {
    take(cx, "create").await
}

/// The program as it is: its step is called otherwise.
async fn new(cx: Cx) -> Result<Outcome, Failure> {
    take(cx, "create_tenant").await
}

/// A life whose steps are declared.
async fn declared<H>(harness: &Harness, handler: H, names: StepNames) -> Result<Report, Error>
where
    H: connect_processor::Handler<AssetRequest, Arc<Vendor>>,
{
    let processor = harness.processor(Arc::clone(&harness.journal));
    processor.on(AssetRequestType::Resume, handler).steps::<AssetRequest>(names).drain().await
}

fn renamed() -> StepNames {
    StepNames::of(["create_tenant"]).renamed("create", "create_tenant")
}

#[tokio::test]
async fn a_version_without_a_step_that_was_taken_is_refused_at_the_start() {
    let harness = Harness::start().await;
    harness.die_at("after journal record", old).await;
    let refused = declared(&harness, new, StepNames::of(["create_tenant"])).await.unwrap_err();
    assert_eq!(refused.code(), "PRC_STEPS");
    let text = refused.to_string().replace(harness.request.as_str(), "PR-1");
    insta::assert_snapshot!(text, @"runs are open that have taken steps which no handler of requests declares: PR-1 (running): create. What they did would not be found, and might be done again. Declare the names with `Processor::steps`, say with `StepNames::renamed` what they are called now, or finish these runs with the version that began them");
    assert_eq!((harness.vendor.calls(), harness.read().await.status), (1, RequestStatus::Pending));
}

#[tokio::test]
async fn a_version_with_the_same_steps_and_more_goes_on() {
    let harness = Harness::start().await;
    harness.die_at("after journal record", old).await;
    let names = StepNames::of(["create", "set_limit"]);
    assert!(declared(&harness, old, names).await.unwrap().is_complete());
    assert_eq!((harness.vendor.calls(), harness.read().await.reason.as_str()), (1, "create"));
}

#[tokio::test]
async fn nothing_is_refused_where_nothing_is_declared() {
    let harness = Harness::start().await;
    harness.die_at("after journal record", old).await;
    harness.live(new).await;
    assert_eq!(harness.vendor.calls(), 2, "this is what a declaration keeps from happening");
}

#[tokio::test]
async fn runs_that_are_over_keep_no_version_from_starting() {
    let harness = Harness::start().await;
    harness.live(old).await;
    assert_eq!(harness.state().await, RunState::Done);
    declared(&harness, new, StepNames::of(["create_tenant"])).await.unwrap();
}

#[tokio::test]
async fn what_a_step_did_under_its_former_name_counts() {
    let harness = Harness::start().await;
    harness.die_at("after journal record", old).await;
    assert!(declared(&harness, new, renamed()).await.unwrap().is_complete());
    assert_eq!((harness.vendor.calls(), harness.read().await.reason.as_str()), (1, "create"));
}

/// The former version may have acted without a record: the vendor knows the call by the old key.
#[tokio::test]
async fn a_renamed_step_keeps_its_key_in_runs_that_were_begun_before() {
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, old).await;
    declared(&harness, new, renamed()).await.unwrap();
    assert_eq!((harness.vendor.calls(), harness.read().await.reason.as_str()), (2, "create"));
}

#[tokio::test]
async fn a_renamed_step_has_its_new_key_in_new_runs_whenever_a_life_ends() {
    for place in ["after journal intend", THE_GAP, "after journal record"] {
        let harness = Harness::start().await;
        let fuse =
            connect_journal::testing::Fuse::at(connect_journal::testing::Point::new(place, 1));
        let journal =
            connect_journal::testing::Faulty::new(Arc::clone(&harness.journal), fuse.clone());
        let processor = harness.processor(journal).on(AssetRequestType::Resume, new);
        tokio::select! {
            _ = processor.steps::<AssetRequest>(renamed()).drain() => panic!("not at {place}"),
            () = fuse.blown() => {}
        }
        harness.clock.advance(std::time::Duration::from_secs(120));
        declared(&harness, new, renamed()).await.unwrap();
        assert_eq!(harness.read().await.reason, "create_tenant", "{place}");
    }
}

#[tokio::test]
async fn a_step_that_is_not_declared_is_not_taken() {
    let harness = Harness::start().await;
    let report = declared(&harness, new, StepNames::of(["create"])).await.unwrap();
    insta::assert_snapshot!(report.open[0].why, @"step `create_tenant` is not declared, so nothing was done; add it to the names that `Processor::steps` is given");
    assert_eq!(harness.vendor.calls(), 0);
}

#[tokio::test]
async fn steps_of_a_loop_are_declared_by_their_beginning() {
    let harness = Harness::start().await;
    let each = |cx: Cx| async move { take(cx, "rename.AS-1").await };
    let report = declared(&harness, each, StepNames::of(["rename.*"])).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(harness.vendor.calls(), 1);
}
