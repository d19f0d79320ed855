//! What was done for a request is undone before it is rejected.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use connect_clock::Clock;
use connect_emulator::{Canned, Fault, FaultEffect};
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, RunState};
use connect_model::asset_request::action::Fail;
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Failure, Outcome, Processor, Report, StepKey};

use crate::harness::Harness;

type Cx = Context<AssetRequest, Arc<Shop>>;

/// A vendor with tenants and mailboxes, which does what it is told.
#[derive(Default)]
struct Shop {
    /// What stands, and each call with its key.
    things: Mutex<Vec<String>>,
    calls: Mutex<Vec<String>>,
    refuses_to_delete: AtomicBool,
    fails_to_delete: AtomicBool,
    has_room: AtomicBool,
}

impl Shop {
    fn create(&self, thing: &str, key: &StepKey) -> String {
        self.calls.lock().unwrap().push(format!("create {}", told(key)));
        let mut things = self.things.lock().unwrap();
        if !things.iter().any(|it| it == thing) {
            things.push(thing.to_owned());
        }
        thing.to_owned()
    }

    fn delete(&self, thing: &str, key: &StepKey) -> Result<(), Failure> {
        self.calls.lock().unwrap().push(format!("delete {}", told(key)));
        if self.refuses_to_delete.load(Ordering::SeqCst) {
            return Err(Failure::give_up("it is in use"));
        }
        if self.fails_to_delete.swap(false, Ordering::SeqCst) {
            return Err(Failure::retry("no answer"));
        }
        self.things.lock().unwrap().retain(|it| it != thing);
        Ok(())
    }

    fn things(&self) -> Vec<String> {
        self.things.lock().unwrap().clone()
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

fn told(key: &StepKey) -> &str {
    key.as_str().split_once(':').unwrap().1
}

/// Creates a tenant and a mailbox, and has no room for a third thing.
async fn purchase(cx: Cx) -> Result<Outcome, Failure> {
    let shop = cx.state();
    for thing in ["tenant", "mailbox"] {
        cx.undo(thing, |shop: Arc<Arc<Shop>>, key, thing: String| async move {
            shop.delete(&thing, &key)
        });
        let create = |key: StepKey| async move { Ok::<_, Failure>(shop.create(thing, &key)) };
        let _: String = cx.step(thing).run(create).await?;
    }
    if shop.has_room.load(Ordering::SeqCst) {
        return Ok(Outcome::approve());
    }
    Err(Failure::give_up("sold out"))
}

struct Story {
    harness: Harness,
    shop: Arc<Shop>,
}

impl Story {
    async fn start() -> Self {
        Self { harness: Harness::start().await, shop: Arc::default() }
    }

    fn processor(&self, journal: impl Journal) -> Processor<Arc<Shop>> {
        let minute = std::time::Duration::from_secs(60);
        Processor::new(Arc::clone(&self.shop), self.harness.client(), Arc::new(journal))
            .clock(self.harness.clock.clone())
            .backoff(connect_processor::Backoff { base: minute, cap: minute })
            .patience(std::time::Duration::from_secs(1))
    }

    async fn live(&self) -> Report {
        let processor = self.processor(Arc::clone(&self.harness.journal));
        processor.on(AssetRequestType::Resume, purchase).drain().await.unwrap()
    }

    async fn revive(&self) {
        let now = self.harness.clock.now();
        let run = self.harness.request.as_str().into();
        self.harness.journal.revive(&run, now, "a person").await.unwrap();
    }

    async fn steps(&self) -> Vec<String> {
        let run = self.harness.run().await;
        run.steps.iter().map(|record| record.step.to_string()).collect()
    }
}

#[tokio::test]
async fn what_was_done_is_undone_backwards_before_the_request_is_rejected() {
    let story = Story::start().await;
    let report = story.live().await;
    assert!(report.is_complete(), "{report:?}");
    let request = story.harness.read().await;
    assert_eq!((request.status, request.reason.as_str()), (RequestStatus::Failed, "sold out"));
    assert_eq!(
        story.shop.calls(),
        ["create tenant", "create mailbox", "delete @undo.mailbox", "delete @undo.tenant"]
    );
    assert_eq!(
        story.steps().await,
        ["tenant", "mailbox", "@reject", "@undo.mailbox", "@undo.tenant", "@fail"]
    );
    assert!(story.shop.things().is_empty());
}

#[tokio::test]
async fn what_is_approved_is_not_undone() {
    let story = Story::start().await;
    story.shop.has_room.store(true, Ordering::SeqCst);
    story.live().await;
    assert_eq!(story.shop.things(), ["tenant", "mailbox"]);
    assert_eq!(story.steps().await, ["tenant", "mailbox"]);
}

#[tokio::test]
async fn undoing_that_fails_is_tried_again_and_the_platform_is_told_after_it() {
    let story = Story::start().await;
    story.shop.fails_to_delete.store(true, Ordering::SeqCst);
    story.live().await;
    assert_eq!(story.harness.read().await.status, RequestStatus::Pending);
    assert_eq!(story.shop.things(), ["tenant", "mailbox"]);
    // The vendor has room by now, but the decision was taken.
    story.shop.has_room.store(true, Ordering::SeqCst);
    story.harness.wait();
    story.live().await;
    let request = story.harness.read().await;
    assert_eq!((request.status, request.reason.as_str()), (RequestStatus::Failed, "sold out"));
    assert!(story.shop.things().is_empty());
}

/// Wherever a life ends, the next one is through with it: nothing stands, and the request is rejected.
#[tokio::test]
async fn a_life_may_end_anywhere() {
    let fuse = Fuse::never();
    let story = Story::start().await;
    let journal = Faulty::new(Arc::clone(&story.harness.journal), fuse.clone());
    let processor = story.processor(journal).on(AssetRequestType::Resume, purchase);
    processor.drain().await.unwrap();
    let written = ["record", "intend", "finish"];
    let points: Vec<Point> = fuse.points().into_iter().collect();
    let points = points.iter().filter(|point| written.iter().any(|it| point.place().ends_with(it)));
    let mut met = 0;
    for point in points {
        met += 1;
        let story = Story::start().await;
        let fuse = Fuse::at(point.clone());
        let journal = Faulty::new(Arc::clone(&story.harness.journal), fuse.clone());
        let processor = story.processor(journal).on(AssetRequestType::Resume, purchase);
        tokio::select! {
            _ = processor.drain() => panic!("no life comes to {point}"),
            () = fuse.blown() => {}
        }
        story.harness.clock.advance(std::time::Duration::from_secs(120));
        let report = story.live().await;
        assert!(report.is_complete(), "{point}: {report:?}");
        let request = story.harness.read().await;
        assert_eq!(request.status, RequestStatus::Failed, "{point}");
        assert!(story.shop.things().is_empty(), "{point}: {:?}", story.shop.things());
        assert_eq!(story.harness.state().await, RunState::Done, "{point}");
    }
    assert!(met >= 14, "{met}");
}

#[tokio::test]
async fn undoing_that_gives_up_is_left_to_a_person_who_hears_what_stands() {
    let story = Story::start().await;
    story.shop.refuses_to_delete.store(true, Ordering::SeqCst);
    let report = story.live().await;
    insta::assert_snapshot!(report.open[0].why, @"the request is to be rejected (sold out), and step `mailbox` cannot be undone: it is in use. At the vendor stands: mailbox, tenant. See to `mailbox`, then revive the run: the others are undone and the request is rejected");
    assert_eq!(story.harness.read().await.status, RequestStatus::Pending);
    // A person removes the mailbox by hand; the tenant is undone as usual.
    story.shop.refuses_to_delete.store(false, Ordering::SeqCst);
    story.shop.things.lock().unwrap().retain(|it| it != "mailbox");
    story.revive().await;
    let report = story.live().await;
    assert!(report.is_complete(), "{report:?}");
    assert!(story.shop.things().is_empty());
    assert_eq!(story.harness.read().await.status, RequestStatus::Failed);
}

/// The platform is down when the request is to be failed: the next attempt begins nothing and undoes
/// nothing again.
#[tokio::test]
async fn a_rejection_that_could_not_be_told_is_told_later() {
    let story = Story::start().await;
    let failing = Fault::new(FaultEffect::Answer(Canned::status(http::StatusCode::BAD_REQUEST)));
    story.harness.emulator.faults().add(failing.on("POST", "/requests/*/fail").times(1));
    story.live().await;
    assert_eq!(story.harness.read().await.status, RequestStatus::Pending);
    let calls = story.shop.calls();
    story.shop.has_room.store(true, Ordering::SeqCst);
    story.harness.wait();
    story.live().await;
    assert_eq!(story.harness.read().await.status, RequestStatus::Failed);
    assert_eq!(story.shop.calls(), calls);
}

/// A step that may have happened has no value to undo it with.
#[tokio::test]
async fn a_step_in_doubt_is_left_to_a_person() {
    let harness = Harness::start().await;
    let report = harness
        .live(|cx: Context<AssetRequest, Arc<crate::harness::Vendor>>| async move {
            cx.undo("enable", |_, _, _: u32| async { Ok::<_, Failure>(()) });
            let look = |_| async { Ok::<_, Failure>(None) };
            let work = |_| async { Err::<u32, _>(Failure::retry("no answer")) };
            let enabled = cx.step("enable").recover(look).run(work).await;
            assert!(enabled.is_err());
            Ok(Outcome::fail("too slow"))
        })
        .await;
    insta::assert_snapshot!(report.open[0].why, @"the request is to be rejected (too slow), and step `enable` cannot be undone: nobody knows whether it has happened. At the vendor stands: enable. See to `enable`, then revive the run: the others are undone and the request is rejected");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
}

/// What was undone does not stand any more when a person rejects the request meanwhile.
#[tokio::test]
async fn what_was_undone_does_not_stand_when_somebody_else_rejects_the_request() {
    let story = Story::start().await;
    let client = story.harness.client();
    let fuse = Fuse::at(Point::new("before journal intend", 1));
    let journal = Faulty::new(Arc::clone(&story.harness.journal), fuse.clone());
    let processor = story.processor(journal).on(AssetRequestType::Resume, purchase);
    tokio::select! {
        _ = processor.drain() => panic!("it is rejected"),
        () = fuse.blown() => {}
    }
    let by_hand = Fail { reason: "by hand".to_owned() };
    client.act(story.harness.request.as_str(), &by_hand).await.unwrap();
    story.harness.clock.advance(std::time::Duration::from_secs(120));
    let report = story.live().await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(story.harness.state().await, RunState::Done);
}

/// A new version that has forgotten how to undo must not let it stand in silence.
#[tokio::test]
async fn a_version_that_does_not_say_how_to_undo_is_stopped() {
    let story = Story::start().await;
    story.shop.fails_to_delete.store(true, Ordering::SeqCst);
    story.live().await;
    story.harness.wait();
    let forgets = |_: Cx| async { Ok(Outcome::approve()) };
    let processor = story.processor(Arc::clone(&story.harness.journal));
    let report = processor.on(AssetRequestType::Resume, forgets).drain().await.unwrap();
    insta::assert_snapshot!(report.open[0].why, @"the request is to be rejected (sold out), and step `mailbox` cannot be undone: its handler does not say how. At the vendor stands: mailbox, tenant. See to `mailbox`, then revive the run: the others are undone and the request is rejected");
    assert_eq!(story.harness.read().await.status, RequestStatus::Pending);
}
