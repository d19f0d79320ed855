//! Hints that a list has changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connect_clock::Clock;
use connect_journal::{Journal, RunId, RunState};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{
    CancellationToken, Context, Error, Failure, Intake, Outcome, Processor, Source,
};
use tokio::sync::{Mutex, mpsc};

use crate::harness::{Harness, Vendor};

/// Hints from elsewhere, and how many of them were about something that is worked on.
pub(crate) struct Hinting {
    pub(crate) hints: Mutex<mpsc::UnboundedReceiver<&'static str>>,
    pub(crate) known: Arc<AtomicUsize>,
}

#[async_trait]
impl Source for Hinting {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let mut hints = self.hints.lock().await;
        while let Some(Some(collection)) = stop.run_until_cancelled(hints.recv()).await {
            self.known.fetch_add(usize::from(intake.hint(collection)), Ordering::SeqCst);
        }
        Ok(())
    }
}

struct Scene {
    harness: Harness,
    hints: mpsc::UnboundedSender<&'static str>,
    known: Arc<AtomicUsize>,
}

impl Scene {
    async fn set() -> (Self, Processor<Arc<Vendor>>) {
        let harness = Harness::start().await;
        let (hints, heard) = mpsc::unbounded_channel();
        let known = Arc::new(AtomicUsize::new(0));
        let source = Hinting { hints: Mutex::new(heard), known: Arc::clone(&known) };
        let refuse =
            |_: Context<AssetRequest, Arc<Vendor>>| async { Ok::<_, Failure>(Outcome::fail("no")) };
        let processor = harness.processor(Arc::clone(&harness.journal));
        let processor = processor.on(AssetRequestType::Resume, refuse).source(source);
        (Self { harness, hints, known }, processor.poll_every(Duration::from_secs(30)))
    }

    fn hint(&self, collection: &'static str) {
        self.hints.send(collection).unwrap();
    }

    async fn ended(&self, request: &str) {
        let id = RunId::from(request);
        let is_done = async || {
            let run = self.harness.journal.run(&id).await.unwrap();
            run.is_some_and(|run| run.state == RunState::Done)
        };
        while !is_done().await {
            tokio::task::yield_now().await;
        }
    }

    async fn known(&self, hints: usize) {
        while self.known.load(Ordering::SeqCst) < hints {
            tokio::task::yield_now().await;
        }
    }

    /// How often requests were counted, which is how every walk begins.
    fn walks(&self) -> usize {
        let calls = self.harness.emulator.activity().since(0);
        let counts = calls.iter().filter(|call| {
            call.uri.path() == "/public/v1/requests"
                && call.uri.query().is_some_and(|query| query.contains("limit=0"))
        });
        counts.count()
    }
}

/// Time stands still, so the list is walked once at the start, and then for hints alone.
#[tokio::test]
async fn a_hint_has_the_list_walked_at_once() {
    let (scene, processor) = Scene::set().await;
    let start = scene.harness.clock.monotonic();
    let shutdown = async {
        scene.ended(scene.harness.request.as_str()).await;
        let request = scene.harness.another_request().await;
        scene.hint("requests");
        scene.ended(&request).await;
    };
    let report = processor.run(shutdown).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(scene.harness.clock.monotonic(), start);
}

#[tokio::test]
async fn many_hints_are_one_walk_a_second_and_those_about_other_lists_none() {
    let (scene, processor) = Scene::set().await;
    let shutdown = async {
        scene.ended(scene.harness.request.as_str()).await;
        let before = scene.walks();
        scene.hint("usage/files");
        scene.hint("requests");
        scene.known(1).await;
        while scene.walks() == before {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            scene.hint("requests");
        }
        scene.known(101).await;
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        assert_eq!(scene.walks(), before + 1);
        scene.harness.pass(Duration::from_secs(1)).await;
        while scene.walks() == before + 1 {
            tokio::task::yield_now().await;
        }
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        assert_eq!(scene.walks(), before + 2);
    };
    processor.run(shutdown).await.unwrap();
    assert_eq!(scene.known.load(Ordering::SeqCst), 101);
}
