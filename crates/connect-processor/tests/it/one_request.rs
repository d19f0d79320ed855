//! Work on one request alone, by its id.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use connect_journal::{Journal, NewRun, RunFilter, RunState};
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Ending, Error, Failure, Handler, Outcome, RequestReport, Scope};
use connect_world::Fixture;

use crate::harness::{Harness, Vendor};

const HOUR: Duration = Duration::from_secs(3600);

type Cx = Context<AssetRequest, Arc<Vendor>>;

async fn approve(cx: Cx) -> Result<Outcome, Failure> {
    cx.state().act();
    Ok(Outcome::approve())
}

async fn postpone(_: Cx) -> Result<Outcome, Failure> {
    Ok(Outcome::reschedule(HOUR))
}

async fn work_on<H: Handler<AssetRequest, Arc<Vendor>>>(
    harness: &Harness,
    request: &str,
    handler: H,
) -> Result<RequestReport, Error> {
    let processor = harness.processor(Arc::clone(&harness.journal));
    processor.on(AssetRequestType::Resume, handler).work_on(request).await
}

/// Time passes until the work is done.
async fn while_time_passes<T>(harness: &Harness, work: impl Future<Output = T>) -> T {
    let passing = async {
        loop {
            harness.pass(Duration::from_millis(250)).await;
        }
    };
    tokio::select! {
        done = work => done,
        never = passing => never,
    }
}

/// The reason for which the request of the harness is not begun, and whether all is well.
fn waiting(report: RequestReport) -> (String, bool) {
    let is_well = report.is_well();
    match report {
        RequestReport::Waiting { why, .. } => (why, is_well),
        other => (format!("does not wait: {other}"), is_well),
    }
}

#[tokio::test]
async fn one_request_is_worked_on_and_no_other() {
    let harness = Harness::start().await;
    let pending = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    let seeded = harness.emulator.platform().seed(|world, at| world.seed_request(at, &pending));
    let other = seeded.await.unwrap().unwrap();
    // It waits in the journal, too, and longer.
    let run = NewRun::new(other.as_str(), "AS-1", "").due(jiff::Timestamp::UNIX_EPOCH);
    harness.journal.offer(&[run]).await.unwrap();
    let report = work_on(&harness, harness.request.as_str(), approve).await.unwrap();
    assert_eq!(report, RequestReport::Ended(Ending::Approved));
    assert!(report.is_well());
    assert_eq!(harness.vendor.calls(), 1);
    let runs = harness.journal.runs(&RunFilter::default()).await.unwrap();
    let attempts: Vec<_> = runs.iter().map(|run| (run.id.as_str(), run.attempt)).collect();
    assert!(attempts.contains(&(other.as_str(), 0)) && attempts.len() == 2, "{attempts:?}");
}

#[tokio::test]
async fn one_that_waits_for_a_later_time_is_brought_forward() {
    let harness = Harness::start().await;
    let report = work_on(&harness, harness.request.as_str(), postpone).await.unwrap();
    assert!(matches!(report, RequestReport::Waiting { due: Some(_), .. }), "{report:?}");
    assert!(report.is_well(), "it waits as planned");
    let report = work_on(&harness, harness.request.as_str(), approve).await.unwrap();
    assert_eq!(report, RequestReport::Ended(Ending::Approved));
}

#[tokio::test]
async fn one_that_fails_waits_and_all_is_not_well() {
    let harness = Harness::start().await;
    let fails = async |_: Cx| Err::<Outcome, _>(Failure::retry(std::io::Error::other("no answer")));
    let report = work_on(&harness, harness.request.as_str(), fails).await.unwrap();
    assert_eq!(waiting(report), ("no answer".to_owned(), false));
    let report = work_on(&harness, harness.request.as_str(), approve).await.unwrap();
    assert_eq!(report, RequestReport::Ended(Ending::Approved));
}

#[tokio::test]
async fn one_that_is_parked_is_named_and_stays_parked() {
    let harness = Harness::start().await;
    let park = async |_: Cx| Err::<Outcome, _>(Failure::park("somebody should look"));
    for handler in [true, false] {
        let report = match handler {
            true => work_on(&harness, harness.request.as_str(), park).await.unwrap(),
            false => work_on(&harness, harness.request.as_str(), approve).await.unwrap(),
        };
        assert_eq!(report, RequestReport::Parked { why: "somebody should look".to_owned() });
        assert!(!report.is_well());
        assert!(report.to_string().contains("`cnct run revive`"), "{report}");
    }
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Parked, 0));
}

#[tokio::test]
async fn one_that_is_not_pending_is_left_alone() {
    let harness = Harness::start().await;
    harness.live(approve).await;
    let report = work_on(&harness, harness.request.as_str(), approve).await.unwrap();
    assert_eq!(report, RequestReport::NotPending(RequestStatus::Approved));
    assert_eq!(report.to_string(), "it is approved on the platform, so nothing is to be done");
    assert_eq!((harness.vendor.calls(), harness.run().await.attempt), (1, 1));
}

#[tokio::test]
async fn one_of_another_type_or_product_is_not_taken() {
    let harness = Harness::start().await;
    let processor = || harness.processor(Arc::clone(&harness.journal));
    let cancels = processor().on(AssetRequestType::Cancel, approve);
    let report = cancels.work_on(harness.request.as_str()).await.unwrap();
    assert_eq!(report, RequestReport::NotTaken(Ending::NoHandler));
    assert!(!report.is_well());
}

#[tokio::test]
async fn one_that_is_not_there_is_an_error() {
    let harness = Harness::start().await;
    for id in ["PR-0000-0000-0000-000", "no/id", ""] {
        let error = work_on(&harness, id, approve).await.unwrap_err();
        assert_eq!(error.code(), "PRC_NO_REQUEST");
        assert!(error.to_string().contains(&format!("{id:?}")), "{error}");
    }
    assert!(harness.journal.runs(&RunFilter::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_whose_subscription_is_at_work_elsewhere_names_who_is() {
    let harness = Harness::start().await;
    let asset = harness.read().await.asset.id;
    let first = NewRun::new("PR-first", asset.as_str(), "");
    harness.journal.offer(&[first]).await.unwrap();
    let one = std::num::NonZeroUsize::MIN;
    harness.journal.claim(&"elsewhere".into(), one, HOUR).await.unwrap();
    let work = work_on(&harness, harness.request.as_str(), approve);
    let (why, is_well) = waiting(while_time_passes(&harness, work).await.unwrap());
    assert_eq!(
        why,
        format!("PR-first is at work on {asset}, and only one request at a time can be")
    );
    assert!(!is_well);
    assert_eq!(harness.vendor.calls(), 0);
}

#[tokio::test]
async fn one_that_is_paused_is_not_begun() {
    let harness = Harness::start().await;
    Scope::Everything.pause(&*harness.journal, "ines").await.unwrap();
    let work = work_on(&harness, harness.request.as_str(), approve);
    let report = while_time_passes(&harness, work).await.unwrap();
    assert_eq!(waiting(report), ("it is paused".to_owned(), false));
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Ready, 0));
}
