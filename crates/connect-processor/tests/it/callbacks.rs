//! A job of the vendor's takes long: its request waits, and looks again when it is told to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

use async_trait::async_trait;
use connect_clock::Clock;
use connect_journal::RunState;
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{
    Callback, CancellationToken, Context, Error, Failure, Handler, Intake, Outcome, Processor,
    Source,
};
use tokio::sync::{Mutex, Semaphore, mpsc};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const DAY: Duration = Duration::from_secs(24 * 3600);
const SECOND: Duration = Duration::from_secs(1);

/// News from the vendor, and how much of it was handed on.
struct News {
    requests: Mutex<mpsc::UnboundedReceiver<String>>,
    told: Arc<AtomicUsize>,
}

#[async_trait]
impl Source for News {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let mut requests = self.requests.lock().await;
        while let Some(Some(request)) = stop.run_until_cancelled(requests.recv()).await {
            intake.wake(&request);
            self.told.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }
}

struct Scene {
    harness: Harness,
    news: mpsc::UnboundedSender<String>,
    told: Arc<AtomicUsize>,
}

impl Scene {
    async fn set<H: Handler<AssetRequest, Arc<Vendor>>>(
        handler: H,
    ) -> (Self, Processor<Arc<Vendor>>) {
        let harness = Harness::start().await;
        let (news, heard) = mpsc::unbounded_channel();
        let told = Arc::new(AtomicUsize::new(0));
        let source = News { requests: Mutex::new(heard), told: Arc::clone(&told) };
        let processor = harness.processor(Arc::clone(&harness.journal));
        let processor = processor.on(AssetRequestType::Resume, handler).source(source);
        (Self { harness, news, told }, processor.poll_every(DAY * 365))
    }

    /// Wakes the request, and gives whatever comes of it the time to happen; no time passes.
    async fn wake(&self, times: usize) {
        let told = self.told.load(Ordering::SeqCst) + times;
        for _ in 0..times {
            self.news.send(self.harness.request.to_string()).unwrap();
        }
        while self.told.load(Ordering::SeqCst) < told {
            tokio::task::yield_now().await;
        }
        self.settle().await;
    }

    async fn settle(&self) {
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until the run has come to a state.
    async fn until(&self, state: RunState) {
        let runs = async || {
            let run = self.harness.request.as_str().into();
            connect_journal::Journal::run(&*self.harness.journal, &run).await.unwrap()
        };
        while runs().await.is_none_or(|run| run.state != state || run.attempt == 0) {
            tokio::task::yield_now().await;
        }
    }
}

/// Is ready at the second look.
async fn waits_a_day(cx: Cx) -> Result<Outcome, Failure> {
    match cx.state().act() {
        1 => Ok(Outcome::reschedule(DAY)),
        _ => Ok(Outcome::approve()),
    }
}

#[tokio::test]
async fn a_request_that_was_put_off_looks_at_once_when_it_is_told_to() {
    let (scene, processor) = Scene::set(waits_a_day).await;
    let start = scene.harness.clock.monotonic();
    let shutdown = async {
        scene.until(RunState::Ready).await;
        scene.wake(1).await;
        scene.until(RunState::Done).await;
    };
    processor.run(shutdown).await.unwrap();
    assert_eq!(scene.harness.clock.monotonic(), start);
    assert_eq!(scene.harness.vendor.calls(), 2);
    assert_eq!(scene.harness.read().await.status, RequestStatus::Approved);
}

/// The call is lost, and the request looks when it was to.
#[tokio::test]
async fn a_request_that_nobody_wakes_looks_when_its_time_has_come() {
    let (scene, processor) = Scene::set(waits_a_day).await;
    let shutdown = async {
        scene.until(RunState::Ready).await;
        scene.harness.clock.advance(DAY);
        scene.until(RunState::Done).await;
    };
    processor.run(shutdown).await.unwrap();
    assert_eq!(scene.harness.read().await.status, RequestStatus::Approved);
}

/// It may have looked before what the call is about has happened.
#[tokio::test]
async fn a_request_that_is_at_work_looks_once_more_afterwards() {
    let gate = Arc::new(Semaphore::new(0));
    let passes = Arc::clone(&gate);
    let handler = move |cx: Cx| {
        let gate = Arc::clone(&passes);
        async move {
            let nth = cx.state().act();
            gate.acquire().await?.forget();
            match nth {
                1 => Ok(Outcome::reschedule(DAY)),
                _ => Ok::<_, Failure>(Outcome::approve()),
            }
        }
    };
    let (scene, processor) = Scene::set(handler).await;
    let shutdown = async {
        scene.until(RunState::Running).await;
        scene.wake(1).await;
        gate.add_permits(2);
        scene.until(RunState::Ready).await;
        scene.harness.pass(SECOND).await;
        scene.until(RunState::Done).await;
    };
    processor.run(shutdown).await.unwrap();
    assert_eq!(scene.harness.vendor.calls(), 2);
}

#[tokio::test]
async fn a_thousand_calls_are_a_look_in_five_seconds() {
    async fn is_never_ready(cx: Cx) -> Result<Outcome, Failure> {
        cx.state().act();
        Ok(Outcome::reschedule(DAY))
    }
    let (scene, processor) = Scene::set(is_never_ready).await;
    let calls = || scene.harness.vendor.calls();
    let shutdown = async {
        scene.until(RunState::Ready).await;
        scene.wake(1000).await;
        assert_eq!(calls(), 2, "those that come with the first are the first");
        scene.wake(1000).await;
        for _ in 0..4 {
            scene.harness.pass(SECOND).await;
            scene.settle().await;
        }
        assert_eq!(calls(), 2);
        for _ in 0..20 {
            scene.harness.pass(SECOND).await;
            scene.settle().await;
        }
        assert_eq!(calls(), 3);
    };
    processor.run(shutdown).await.unwrap();
}

#[tokio::test]
async fn a_call_hurries_no_failure_and_answers_for_no_person() {
    async fn fails(cx: Cx) -> Result<Outcome, Failure> {
        cx.state().act();
        Err(Failure::retry("the vendor asks for patience"))
    }
    async fn parks(cx: Cx) -> Result<Outcome, Failure> {
        cx.state().act();
        Err(Failure::park("somebody has to look"))
    }
    for state in [RunState::Ready, RunState::Parked] {
        let (scene, processor) = match state {
            RunState::Ready => Scene::set(fails).await,
            _ => Scene::set(parks).await,
        };
        let shutdown = async {
            scene.until(state).await;
            scene.wake(1).await;
            assert_eq!(scene.harness.state().await, state);
        };
        processor.run(shutdown).await.unwrap();
        assert_eq!(scene.harness.vendor.calls(), 1, "{state}");
    }
}

#[tokio::test]
async fn what_is_no_request_of_ours_wakes_nothing() {
    let (scene, processor) = Scene::set(waits_a_day).await;
    let shutdown = async {
        scene.until(RunState::Ready).await;
        for other in ["PR-0000-0000-0000-001", "", "../requests", &"x".repeat(100_000)] {
            scene.news.send(other.to_owned()).unwrap();
        }
        scene.settle().await;
        assert_eq!(scene.harness.state().await, RunState::Ready);
    };
    processor.run(shutdown).await.unwrap();
    assert_eq!(scene.harness.vendor.calls(), 1);
}

/// The vendor knows an order again by its key, if everything else of the order is the same, too.
#[tokio::test]
async fn a_link_is_the_same_in_every_attempt_and_life() {
    let links = Arc::new(StdMutex::new(Vec::new()));
    let harness = Harness::start().await;
    for _ in 0..3 {
        let seen = Arc::clone(&links);
        let handler = move |cx: Cx| {
            let seen = Arc::clone(&seen);
            async move {
                for _ in 0..2 {
                    let callback = cx.callback().await?.unwrap();
                    seen.lock().unwrap().push(callback.link());
                }
                Err::<Outcome, Failure>(Failure::retry("not yet"))
            }
        };
        let sign = |request: &str, until: jiff::Timestamp| {
            let token = format!("{}-{until}", request.len());
            Ok::<_, Failure>(Callback::new("https://processor.example/callback", token))
        };
        let sign = move |request: &str, until| sign(request, until).map_err(|_| "no link");
        let processor = harness.processor(Arc::clone(&harness.journal)).callbacks(DAY, sign);
        processor.on(AssetRequestType::Resume, handler).drain().await.unwrap();
        harness.wait();
    }
    let links = links.lock().unwrap();
    assert_eq!(links.len(), 6);
    assert!(links.iter().all(|link| *link == links[0]), "{links:?}");
}

#[tokio::test]
async fn where_nobody_takes_calls_there_is_no_link() {
    let harness = Harness::start().await;
    let handler = |cx: Cx| async move {
        assert_eq!(cx.callback().await?, None);
        Ok::<_, Failure>(Outcome::approve())
    };
    harness.live(handler).await;
    assert_eq!(harness.read().await.status, RequestStatus::Approved);
    assert_eq!(harness.run().await.steps, []);
}
