//! The three classes of steps, in lives that end at the worst moment.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_journal::testing::{FaultMoment, Faulty, Fuse};
use connect_journal::{Finish, Journal, RunId, RunState};
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Backoff, Context, Failure, Outcome};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// The gap that no journal can close: the vendor has acted, the result is not written yet.
const THE_GAP: &str = "before journal record";

async fn keyed(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let nth: u32 = cx.step("enable").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Ok(Outcome::fail(format!("call {nth}")))
}

async fn probed(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let nth: u32 = cx
        .step("enable")
        .recover(|_| async { Ok::<_, Failure>(vendor.look()) })
        .run(|_| async { Ok::<_, Failure>(vendor.act()) })
        .await?;
    Ok(Outcome::fail(format!("call {nth}")))
}

async fn once(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let nth: u32 =
        cx.step("enable").once().run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Ok(Outcome::fail(format!("call {nth}")))
}

#[tokio::test]
async fn a_recorded_step_is_not_repeated() {
    let harness = Harness::start().await;
    harness.die_at("after journal record", keyed).await;
    harness.live(keyed).await;
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(
        harness.read().await.reason,
        "call 1",
        "the recorded value is what the handler gets"
    );
}

#[tokio::test]
async fn a_keyed_step_is_called_again_with_the_same_key() {
    async fn tells_its_key(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |key: connect_processor::StepKey| async move {
            vendor.act();
            Ok::<_, Failure>(key.to_string())
        };
        let key: String = cx.step("enable").run(work).await?;
        Ok(Outcome::fail(key))
    }
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, tells_its_key).await;
    harness.live(tells_its_key).await;
    assert_eq!(harness.vendor.calls(), 2);
    assert_eq!(harness.read().await.reason, format!("{}:enable", harness.request));
}

#[tokio::test]
async fn a_probed_step_asks_the_vendor_before_it_calls_again() {
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, probed).await;
    harness.live(probed).await;
    assert_eq!((harness.vendor.calls(), harness.vendor.looks()), (1, 1));
    assert_eq!(harness.read().await.reason, "call 1");
}

#[tokio::test]
async fn a_probed_step_that_did_not_happen_is_called() {
    let harness = Harness::start().await;
    harness.die_at("after journal intend", probed).await;
    harness.live(probed).await;
    assert_eq!((harness.vendor.calls(), harness.vendor.looks()), (1, 1));
}

#[tokio::test]
async fn a_probed_step_without_accident_asks_nothing() {
    let harness = Harness::start().await;
    harness.live(probed).await;
    assert_eq!((harness.vendor.calls(), harness.vendor.looks()), (1, 0));
}

#[tokio::test]
async fn a_once_step_in_doubt_waits_for_a_person() {
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, once).await;
    let report = harness.live(once).await;
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(harness.state().await, RunState::Parked);
    insta::assert_snapshot!(report.open[0].why, @"step `enable` must not be repeated and may have happened in an earlier attempt; look at what the vendor has: where it has not happened, revive the run to let it act again; where it has, finish the request by hand");

    revive(&harness).await;
    harness.live(once).await;
    assert_eq!(harness.vendor.calls(), 2, "a person forced it");
    assert_eq!(harness.read().await.status, RequestStatus::Failed);
}

/// A person lets the run go on.
async fn revive(harness: &Harness) {
    let run = RunId::from(harness.request.as_str());
    let now = harness.clock.now();
    harness.journal.revive(&run, now, "ines").await.unwrap();
}

/// Whoever revives a run that was parked for another reason has heard of no doubt.
#[tokio::test]
async fn a_revival_about_something_else_lets_no_once_step_act_again() {
    let missing = |_: Cx| async { Err::<Outcome, _>(Failure::park("a price is missing")) };
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, once).await;
    for round in 0..2 {
        let report = harness.live(missing).await;
        assert_eq!(report.open[0].why, "a price is missing", "round {round}");
        revive(&harness).await;
    }
    let report = harness.live(once).await;
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Parked));
    assert!(report.open[0].why.contains("step `enable` must not be repeated"));

    revive(&harness).await;
    harness.live(missing).await;
    revive(&harness).await;
    harness.live(once).await;
    assert_eq!(harness.vendor.calls(), 2, "the person who was asked has not taken it back");
}

/// Two steps that may both have happened are two questions.
#[tokio::test]
async fn consent_to_one_once_step_is_none_to_another() {
    async fn side_by_side(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let both_act = tokio::sync::Barrier::new(2);
        let work = |_| async {
            vendor.act();
            both_act.wait().await;
            Ok::<_, Failure>(())
        };
        let (first, second) =
            tokio::join!(cx.step("a").once().run(work), cx.step("b").once().run(work));
        first.and(second)?;
        Ok(Outcome::fail("done"))
    }
    async fn in_turn(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        for name in ["a", "b"] {
            let _: u32 =
                cx.step(name).once().run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        }
        Ok(Outcome::fail("done"))
    }
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, side_by_side).await;
    assert_eq!(harness.vendor.calls(), 2);
    for (name, calls) in [("a", 2), ("b", 3)] {
        let report = harness.live(in_turn).await;
        assert!(report.open[0].why.starts_with(&format!("step `{name}` must not")));
        assert_eq!((harness.vendor.calls(), harness.state().await), (calls, RunState::Parked));
        revive(&harness).await;
    }
    harness.live(in_turn).await;
    assert_eq!(harness.vendor.calls(), 4);
    assert_eq!(harness.read().await.status, RequestStatus::Failed);
}

/// What a person allowed has been done once more, and may have happened again.
#[tokio::test]
async fn consent_to_a_once_step_is_good_for_one_time() {
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, once).await;
    for calls in 1..4 {
        harness.live(once).await;
        assert_eq!((harness.vendor.calls(), harness.state().await), (calls, RunState::Parked));
        revive(&harness).await;
        harness.die_at(THE_GAP, once).await;
    }
}

/// A journal of an earlier version does not say what a run was parked for.
#[tokio::test]
async fn a_park_about_no_step_asks_about_none() {
    let harness = Harness::start().await;
    harness.die_at(THE_GAP, once).await;
    let lease = Duration::from_secs(60);
    let claims = harness.journal.claim(&"w".into(), NonZeroUsize::MIN, lease).await.unwrap();
    let why = "step `enable` must not be repeated and may have happened".to_owned();
    let park = Finish::Park { why, hold_lane: false, step: None };
    harness.journal.finish(&claims[0], park).await.unwrap();
    revive(&harness).await;
    harness.live(once).await;
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Parked));
}

#[tokio::test]
async fn a_once_step_without_a_definite_answer_waits_for_a_person() {
    async fn breaks_off(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |_| async {
            vendor.act();
            Err::<(), _>(std::io::Error::other("connection reset"))
        };
        cx.step("enable").once().run(work).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    let report = harness.live(breaks_off).await;
    insta::assert_snapshot!(report.open[0].why, @"step `enable` must not be repeated and ended without a definite answer (connection reset); look at what the vendor has: where it has not happened, revive the run to let it act again; where it has, finish the request by hand");
    harness.live(breaks_off).await;
    assert_eq!(harness.vendor.calls(), 1);
    revive(&harness).await;
    harness.live(breaks_off).await;
    assert_eq!(harness.vendor.calls(), 2, "a person who was asked let it act again");
}

#[tokio::test]
async fn a_refusal_is_remembered_like_a_value() {
    async fn refused(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |_| async {
            vendor.act();
            Err::<(), _>(Failure::give_up("The last invoice is overdue."))
        };
        cx.step("enable").run(work).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    harness.die_at("after journal record", refused).await;
    harness.live(refused).await;
    assert_eq!(harness.vendor.calls(), 1);
    let request = harness.read().await;
    assert_eq!(
        (request.status, request.reason.as_str()),
        (RequestStatus::Failed, "The last invoice is overdue.")
    );
}

#[tokio::test]
async fn a_later_failure_repeats_no_earlier_step() {
    async fn second_step_fails_twice(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        cx.step("first").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        let look = || vendor.look();
        let work = |_| async {
            look();
            if vendor.looks() < 3 { Err(std::io::Error::other("not yet")) } else { Ok(()) }
        };
        cx.step("second").run(work).await?;
        Ok(Outcome::fail("at last"))
    }
    let harness = Harness::start().await;
    for _ in 0..3 {
        harness.live(second_step_fails_twice).await;
        harness.wait();
    }
    assert_eq!((harness.vendor.calls(), harness.vendor.looks()), (1, 3));
    assert_eq!(harness.read().await.status, RequestStatus::Failed);
}

#[tokio::test]
async fn a_name_that_cannot_be_a_key_is_refused_before_anything_happens() {
    const NAME: &str = "enable tenant";
    async fn keyed(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        cx.step(NAME).run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::approve())
    }
    async fn probed(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let step = cx.step(NAME).recover(|_| async { Ok::<_, Failure>(vendor.look()) });
        step.run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::approve())
    }
    async fn once(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        cx.step(NAME).once().run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::approve())
    }
    for class in 0..3 {
        let harness = Harness::start().await;
        let report = match class {
            0 => harness.live(keyed).await,
            1 => harness.live(probed).await,
            _ => harness.live(once).await,
        };
        insta::allow_duplicates! {
            insta::assert_snapshot!(report.open[0].why, @"`enable tenant` is no name for a step: use 1 to 64 letters, digits, `_`, `-` or `.`");
        }
        assert_eq!(harness.vendor.calls(), 0);
        assert_eq!(harness.run().await.steps, [], "not even an intent");
    }
}

/// A handler that loops over items and forgets to tell its steps apart.
#[tokio::test]
async fn a_name_that_is_taken_twice_stops_the_run_before_the_second_effect() {
    async fn loops(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        for _item in 0..2 {
            cx.step("provision").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        }
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    let report = harness.live(loops).await;
    insta::assert_snapshot!(report.open[0].why, @"step `provision` is taken twice in one attempt; give each effect its own name");
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_once_step_that_fails_is_not_repeated_by_its_own_handler() {
    async fn insists(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |_| async {
            vendor.act();
            Err::<(), _>(std::io::Error::other("connection reset"))
        };
        let _ = cx.step("enable").once().run(work).await;
        cx.step("enable").once().run(work).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    harness.live(insists).await;
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(harness.state().await, RunState::Parked);
}

/// Bringing a waiting run forward says nothing about a doubt that nobody was told of.
#[tokio::test]
async fn hurrying_a_waiting_run_forces_no_once_step() {
    async fn panics_while_acting(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |_| async {
            vendor.act();
            assert!(vendor.looks() > 0, "a defect in a handler");
            Ok::<_, Failure>(())
        };
        cx.step("enable").once().run(work).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    let slow = Backoff { base: Duration::from_secs(3600), cap: Duration::from_secs(3600) };
    let processor = harness.processor(Arc::clone(&harness.journal)).backoff(slow);
    processor.on(AssetRequestType::Resume, panics_while_acting).drain().await.unwrap();
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Ready));

    revive(&harness).await;
    harness.live(panics_while_acting).await;
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Parked));
}

#[tokio::test]
async fn a_value_that_cannot_be_written_repeats_no_effect() {
    async fn unwritable(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |_| async { Ok::<_, Failure>(BTreeMap::from([((1, 2), vendor.act())])) };
        cx.step("enable").run(work).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    let report = harness.live(unwritable).await;
    insta::assert_snapshot!(report.open[0].why, @"step `enable` happened, but its value cannot be written: key must be a string");
    harness.wait();
    harness.live(unwritable).await;
    assert_eq!(harness.vendor.calls(), 1);
}

#[tokio::test]
async fn an_intent_whose_answer_was_lost_is_written_again() {
    let harness = Harness::start().await;
    let journal = Arc::new(Faulty::new(Arc::clone(&harness.journal), Fuse::never()));
    let unreliable = Arc::clone(&journal);
    let handler = move |cx: Cx| {
        unreliable.fail_next(1, FaultMoment::After);
        once(cx)
    };
    let life = harness.processor(journal).on(AssetRequestType::Resume, handler).drain();
    let (report, ()) = tokio::join!(life, harness.pass(Duration::from_millis(50)));
    assert!(report.unwrap().is_complete());
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(harness.read().await.reason, "call 1");
}

/// A new version of the handler expects another value than the old one recorded.
#[tokio::test]
async fn a_recorded_value_of_another_shape_is_not_acted_on_again() {
    async fn expects_text(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        let work = |_| async { Ok::<_, Failure>(vendor.act().to_string()) };
        let _: String = cx.step("enable").run(work).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    harness.die_at("after journal record", keyed).await;
    let report = harness.live(expects_text).await;
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(harness.state().await, RunState::Parked);
    assert!(report.open[0].why.contains("does not have the shape"), "{report:?}");
}
