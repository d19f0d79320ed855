//! What somebody on call pauses, resumes and drains.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{
    Context, Failure, Hold, Outcome, Processor, Scope, State, Vendor, drain, draining, paused,
};
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
async fn a_pause_at_the_start_says_which_process_it_was_and_takes_nobody_elses_over() {
    let scene = Scene::of(0).await;
    let journal = &*scene.platform.journal;
    let start = async || {
        let over = scene.sleep(SECOND);
        scene.clock.play(scene.processor().start_paused().run(over)).await.unwrap();
        paused(journal).await.unwrap().remove(0).by
    };
    let by = start().await;
    let process = format!("a start in pause, process {} on ", std::process::id());
    assert!(by.starts_with(&process) && by.len() > process.len(), "{by}");
    Scope::Everything.pause(journal, "ines").await.unwrap();
    assert_eq!(start().await, "ines");
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_as_old_as_it_is_in_a_process_that_was_started_after_it() {
    let scene = Scene::of(0).await;
    Scope::Everything.pause(&*scene.platform.journal, "ines").await.unwrap();
    scene.clock.advance(3600 * SECOND);
    let processor = scene.processor();
    let health = processor.health();
    let shutdown = async {
        scene.sleep(2 * SECOND).await;
        let condition = health.condition().await;
        assert_eq!((condition.state, condition.lasting), (State::Paused, 3602 * SECOND));
    };
    scene.clock.play(processor.run(shutdown)).await.unwrap();
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
async fn a_processor_that_drains_says_how_many_runs_are_left_and_the_journal_when_it_is_dry() {
    let scene = Scene::of(4).await;
    let journal = &*scene.platform.journal;
    let left = async || draining(journal).await.unwrap().map(|drain| (drain.by, drain.left));
    let processor = scene.processor();
    let health = processor.health();
    let told = async {
        scene.sleep(30 * SECOND).await;
        assert_eq!(left().await, None);
        drain(journal, "ines").await.unwrap();
        scene.sleep(10 * SECOND).await;
        let condition = health.condition().await;
        assert_eq!((condition.state, condition.claimed), (State::Draining, 4));
        assert!(condition.state.is_live() && !condition.state.is_ready());
        assert_eq!(left().await, Some(("ines".to_owned(), 4)));
        std::future::pending::<()>().await;
    };
    scene.clock.play(processor.run(told)).await.unwrap();
    assert_eq!(left().await, Some(("ines".to_owned(), 0)), "it is dry");
    Scope::Everything.resume(journal, "ines").await.unwrap();
    assert_eq!(left().await, None);
}

#[tokio::test]
async fn a_name_that_no_vendor_can_have_is_refused_before_anything_is_written() {
    let scene = Scene::of(0).await;
    for name in [String::new(), "a\nb".to_owned(), "ö".repeat(129)] {
        assert!(Scope::vendor(name.as_str()).is_err(), "{name}");
        let processor = scene.processor().vendor(Vendor::new(name));
        let refused = processor.run(std::future::ready(())).await.unwrap_err();
        assert_eq!(refused.code(), "PRC_VENDOR_NAME");
    }
    assert!(Scope::vendor("ö".repeat(128)).is_ok());
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
