//! Requests that are heard of in another way than by asking for a list.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connect_clock::Clock;
use connect_journal::{Journal, RunFilter, RunId, RunState};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{
    CancellationToken, Context, Ending, Error, Failure, Intake, Look, Outcome, Processor, Source,
};
use tokio::sync::{Mutex, mpsc};

use crate::harness::{Harness, Vendor};
use crate::scripted::{ScriptedPlatform, id, list, pending};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// A collection and an id.
type Announcement = (&'static str, String);

/// Announcements from elsewhere, as a webhook would have them.
struct Channel {
    inbox: Mutex<mpsc::UnboundedReceiver<Announcement>>,
    taken: Arc<AtomicUsize>,
}

#[async_trait]
impl Source for Channel {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let mut inbox = self.inbox.lock().await;
        while let Some(Some((collection, id))) = stop.run_until_cancelled(inbox.recv()).await {
            intake.announce(collection, [id]).await?;
            self.taken.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }
}

/// The other end of the channel.
struct Announcer {
    outbox: mpsc::UnboundedSender<Announcement>,
    taken: Arc<AtomicUsize>,
}

impl Announcer {
    fn say(&self, collection: &'static str, id: &str) {
        self.outbox.send((collection, id.to_owned())).unwrap();
    }

    async fn taken(&self, announcements: usize) {
        while self.taken.load(Ordering::SeqCst) < announcements {
            tokio::task::yield_now().await;
        }
    }
}

fn channel() -> (Announcer, Channel) {
    let (outbox, inbox) = mpsc::unbounded_channel();
    let taken = Arc::new(AtomicUsize::new(0));
    let announcer = Announcer { outbox, taken: Arc::clone(&taken) };
    (announcer, Channel { inbox: Mutex::new(inbox), taken })
}

/// A processor whose handler acts once for each request, and refuses it.
fn refusing(harness: &Harness) -> Processor<Arc<Vendor>> {
    let refuse = |cx: Cx| async move {
        let vendor = cx.state();
        cx.step("act").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok::<_, Failure>(Outcome::fail("no"))
    };
    harness.processor(Arc::clone(&harness.journal)).on(AssetRequestType::Resume, refuse)
}

async fn ended(harness: &Harness, request: &str) {
    let id = RunId::from(request);
    let is_done = async || {
        let run = harness.journal.run(&id).await.unwrap();
        run.is_some_and(|run| run.state == RunState::Done)
    };
    while !is_done().await {
        tokio::task::yield_now().await;
    }
}

/// Time stands still, so the list is asked for once, at the start.
#[tokio::test]
async fn what_a_second_source_announces_is_worked_on_at_once_and_once() {
    let harness = Harness::start().await;
    let start = harness.clock.monotonic();
    let (announcer, channel) = channel();
    let shutdown = async {
        ended(&harness, harness.request.as_str()).await;
        let request = harness.another_request().await;
        for _ in 0..3 {
            announcer.say("requests", &request);
        }
        announcer.taken(3).await;
        ended(&harness, &request).await;
    };
    let report = refusing(&harness).source(channel).run(shutdown).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((harness.vendor.calls(), report.ended[&Ending::Failed]), (2, 2));
    assert_eq!(harness.clock.monotonic(), start);
}

#[tokio::test]
async fn what_is_announced_and_listed_is_worked_on_once() {
    let harness = Harness::start().await;
    let (announcer, channel) = channel();
    for _ in 0..10 {
        announcer.say("requests", harness.request.as_str());
    }
    let shutdown = async {
        ended(&harness, harness.request.as_str()).await;
        announcer.say("requests", harness.request.as_str());
        announcer.taken(11).await;
    };
    refusing(&harness).source(channel).run(shutdown).await.unwrap();
    assert_eq!((harness.vendor.calls(), harness.run().await.attempt), (1, 1));
}

#[tokio::test]
async fn what_is_announced_and_not_pending_begins_nothing() {
    let harness = Harness::start().await;
    let (announcer, channel) = channel();
    let request = harness.request.as_str();
    let shutdown = async {
        ended(&harness, request).await;
        for (collection, id) in [
            ("requests", request),
            ("requests", "PR-0000-0000-0000-000"),
            ("requests", ""),
            ("nothing", request),
        ] {
            announcer.say(collection, id);
        }
        let another = harness.another_request().await;
        announcer.say("requests", &another);
        ended(&harness, &another).await;
    };
    let report = refusing(&harness).source(channel).run(shutdown).await.unwrap();
    assert_eq!((harness.vendor.calls(), report.total()), (2, 2));
    let runs = harness.journal.runs(&RunFilter::default()).await.unwrap();
    assert_eq!(runs.len(), 2, "{runs:?}");
}

/// Requests that a source knows of and no list shows.
struct Known(Vec<String>);

#[async_trait]
impl Source for Known {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        self.look(intake).await?;
        stop.cancelled().await;
        Ok(())
    }

    async fn look(&self, intake: &Intake) -> Result<Look, Error> {
        intake.announce("requests", self.0.clone()).await
    }
}

#[tokio::test]
async fn a_processor_that_works_once_looks_where_its_sources_can_look() {
    let all: Vec<_> = (0..5).map(pending).collect();
    let platform = ScriptedPlatform::that(move |asked| {
        list(if asked.ids.is_some() { &all[..] } else { &[] }, asked)
    })
    .await;
    // What spoils a question about others spoils none.
    let no_ids = ["\"'".to_owned(), "9".repeat(100_000)];
    let known = Known((0..9).map(id).chain(no_ids).collect());
    let (_, channel) = channel();
    let report = platform.skipping().source(known).source(channel).drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Skipped), Some(&5));
    assert!(report.is_complete(), "{report:?}");
}

/// A source that cannot go on.
struct Broken;

#[async_trait]
impl Source for Broken {
    async fn run(&self, _: &Intake, _: CancellationToken) -> Result<(), Error> {
        Err(Error::Broken)
    }
}

#[tokio::test]
async fn a_source_that_cannot_go_on_stops_the_processor() {
    let harness = Harness::start().await;
    let (_, ends_at_once) = channel();
    let processor = refusing(&harness).source(ends_at_once).source(Broken);
    let error = processor.run(std::future::pending()).await.unwrap_err();
    assert!(matches!(error, Error::Broken), "{error}");
}

/// A source that has something to do when it is told to stop, and may take too long for it.
struct Slow {
    hangs: bool,
    closed: Arc<AtomicBool>,
}

#[async_trait]
impl Source for Slow {
    async fn run(&self, _: &Intake, stop: CancellationToken) -> Result<(), Error> {
        stop.cancelled().await;
        tokio::task::yield_now().await;
        if self.hangs {
            std::future::pending::<()>().await;
        }
        self.closed.store(true, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn a_source_is_told_to_stop_and_has_the_grace_to_do_it() {
    for hangs in [false, true] {
        let harness = Harness::start().await;
        let closed = Arc::new(AtomicBool::new(false));
        let processor = refusing(&harness).source(Slow { hangs, closed: Arc::clone(&closed) });
        let grace = Duration::from_millis(300);
        let told = tokio::sync::Notify::new();
        let shutdown = async {
            ended(&harness, harness.request.as_str()).await;
            told.notify_one();
        };
        let time = async {
            told.notified().await;
            if hangs {
                harness.pass(grace).await;
            }
        };
        let (report, ()) = tokio::join!(processor.grace(grace).run(shutdown), time);
        assert!(report.unwrap().is_complete());
        assert_eq!(closed.load(Ordering::SeqCst), !hangs);
    }
}
