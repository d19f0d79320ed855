//! What somebody on call pauses, resumes and drains.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Hold, Outcome, Processor, Scope, drain};
use jiff::Timestamp;

use crate::scripted::{ScriptedPlatform, list, pending};

const SECOND: Duration = Duration::from_secs(1);

/// So many requests; each takes a minute.
struct Scene {
    platform: ScriptedPlatform,
    clock: VirtualClock,
    begun: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

impl Scene {
    async fn of(requests: usize) -> Self {
        let clock = VirtualClock::new(Timestamp::now());
        let all: Vec<_> = (0..requests).map(pending).collect();
        let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
        Self { platform, clock, begun: Arc::default(), ended: Arc::default() }
    }

    fn processor(&self) -> Processor<()> {
        let (clock, begun, ended) = (self.clock.clone(), self.begun.clone(), self.ended.clone());
        let takes_a_minute = move |_: Context<AssetRequest, ()>| {
            let (clock, begun, ended) = (clock.clone(), begun.clone(), ended.clone());
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                clock.until(clock.monotonic() + 60 * SECOND).await;
                ended.fetch_add(1, Ordering::SeqCst);
                Ok::<_, Failure>(Outcome::Skip)
            }
        };
        let four = 4.try_into().unwrap();
        let processor = self.platform.inline().concurrency(four).slow(600 * SECOND, 0);
        processor.on(AssetRequestType::Resume, takes_a_minute)
    }

    fn counts(&self) -> (usize, usize) {
        (self.begun.load(Ordering::SeqCst), self.ended.load(Ordering::SeqCst))
    }

    async fn sleep(&self, by: Duration) {
        self.clock.until(self.clock.monotonic() + by).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_lets_runs_under_way_end_and_begins_none_until_somebody_resumes() {
    let scene = Scene::of(10).await;
    let journal = &*scene.platform.journal;
    let processor = scene.processor();
    let health = processor.health();
    let shutdown = async {
        scene.sleep(30 * SECOND).await;
        assert_eq!(scene.counts(), (4, 0));
        Scope::Everything.pause(journal, "ines").await.unwrap();
        scene.sleep(3600 * SECOND).await;
        let (begun, ended) = scene.counts();
        assert_eq!((begun, ended), (4, 4));
        assert_eq!(health.holds(), [(Hold::Paused, "everything".to_owned())]);
        Scope::Everything.resume(journal, "ines").await.unwrap();
        // One that looks after exactly a second is seen a moment later.
        scene.sleep(SECOND * 3 / 2).await;
        assert!(scene.counts().0 > begun, "it goes on within a second");
        scene.sleep(300 * SECOND).await;
        assert_eq!(scene.counts(), (10, 10));
        assert!(health.holds().is_empty());
    };
    scene.clock.play(processor.run(shutdown)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_processor_that_starts_paused_begins_nothing_until_somebody_resumes() {
    let scene = Scene::of(1).await;
    let shutdown = async {
        scene.sleep(600 * SECOND).await;
        assert_eq!(scene.counts(), (0, 0));
        Scope::Everything.resume(&*scene.platform.journal, "ines").await.unwrap();
        scene.sleep(120 * SECOND).await;
        assert_eq!(scene.counts(), (1, 1));
    };
    scene.clock.play(scene.processor().start_paused().run(shutdown)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_drained_processor_ends_by_itself_and_the_next_one_begins_nothing() {
    let scene = Scene::of(10).await;
    let journal = &*scene.platform.journal;
    let told = async {
        scene.sleep(30 * SECOND).await;
        drain(journal, "ines").await.unwrap();
        std::future::pending::<()>().await;
    };
    scene.clock.play(scene.processor().run(told)).await.unwrap();
    assert_eq!(scene.counts(), (4, 4));

    scene.sleep(Duration::ZERO).await;
    scene.clock.advance(SECOND);
    scene.clock.play(scene.processor().run(scene.sleep(60 * SECOND))).await.unwrap();
    assert_eq!(scene.counts(), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn a_vendor_or_a_product_is_paused_alone() {
    for scope in [Scope::Vendor("vendor".to_owned()), Scope::Product("PRD-1".into())] {
        let scene = Scene::of(1).await;
        scope.pause(&*scene.platform.journal, "ines").await.unwrap();
        let shutdown = async {
            scene.sleep(120 * SECOND).await;
            // The requests of this platform do not say their product.
            let expected = if scope == Scope::Product("PRD-1".into()) { (1, 1) } else { (0, 0) };
            assert_eq!(scene.counts(), expected, "{scope}");
            scope.resume(&*scene.platform.journal, "ines").await.unwrap();
            scene.sleep(120 * SECOND).await;
            assert_eq!(scene.counts(), (1, 1), "{scope}");
        };
        scene.clock.play(scene.processor().run(shutdown)).await.unwrap();
    }
}
