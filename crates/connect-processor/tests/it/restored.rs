//! Going on with a journal that was restored from a backup: it is older than what was done.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_clock::Clock;
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, RunFilter, RunId, RunState, SqliteJournal};
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Failure, Handler, Outcome, StepKey};
use connect_world::Fixture;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

async fn keyed(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let work = |key: StepKey| async move {
        vendor.act();
        Ok::<_, Failure>(key.to_string())
    };
    let key: String = cx.step("enable").run(work).await?;
    Ok(Outcome::fail(key))
}

async fn probed(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let step = cx.step("enable").recover(|_| async { Ok::<_, Failure>(vendor.look()) });
    let nth: u32 = step.run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Ok(Outcome::fail(format!("call {nth}")))
}

async fn once(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let step = cx.step("enable").once();
    let nth: u32 = step.run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Ok(Outcome::fail(format!("call {nth}")))
}

/// A platform, and a processor's journal in a file that may be lost.
struct Story {
    harness: Harness,
    folder: TempDir,
}

impl Story {
    async fn begin() -> Self {
        Self { harness: Harness::start().await, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn journal(&self, name: &str) -> Arc<SqliteJournal> {
        Arc::new(SqliteJournal::open(self.file(name), self.harness.clock.clone()).unwrap())
    }

    /// A life over a journal, to its end or to a point; says whether it came to its end.
    async fn life<H>(&self, journal: Arc<SqliteJournal>, handler: H, fuse: Fuse) -> bool
    where
        H: Handler<AssetRequest, Arc<Vendor>>,
    {
        let journal = Faulty::new(journal, fuse.clone());
        let processor = self.harness.processor(journal).on(AssetRequestType::Resume, handler);
        let ended = tokio::select! {
            report = processor.drain() => report.map(|_| true).unwrap(),
            () = fuse.blown() => false,
        };
        self.harness.clock.advance(Duration::from_secs(120));
        ended
    }

    /// A backup of a journal that knows nothing yet; then a life that ends once it has recorded its
    /// step; then the journal is lost, and restored.
    async fn lose_a_step<H>(&self, handler: H) -> Arc<SqliteJournal>
    where
        H: Handler<AssetRequest, Arc<Vendor>>,
    {
        let journal = self.journal("lost");
        journal.backup(self.file("backup")).await.unwrap();
        let recorded = Fuse::at(Point::new("after journal record", 1));
        assert!(!self.life(journal, handler, recorded).await);
        assert_eq!(self.harness.vendor.calls(), 1);
        self.restore()
    }

    fn restore(&self) -> Arc<SqliteJournal> {
        let clock = &self.harness.clock;
        SqliteJournal::restore(self.file("backup"), self.file("restored"), clock).unwrap();
        self.journal("restored")
    }

    fn run(&self) -> RunId {
        RunId::from(self.harness.request.as_str())
    }
}

#[tokio::test]
async fn a_keyed_step_is_called_again_with_the_same_key() {
    let story = Story::begin().await;
    let journal = story.lose_a_step(keyed).await;
    assert!(story.life(journal, keyed, Fuse::never()).await);
    assert_eq!(story.harness.vendor.calls(), 2);
    let reason = story.harness.read().await.reason;
    assert_eq!(reason, format!("{}:enable", story.harness.request));
}

#[tokio::test]
async fn a_probed_step_asks_the_vendor_first() {
    let story = Story::begin().await;
    let journal = story.lose_a_step(probed).await;
    assert!(story.life(journal, probed, Fuse::never()).await);
    assert_eq!((story.harness.vendor.calls(), story.harness.vendor.looks()), (1, 1));
    assert_eq!(story.harness.read().await.reason, "call 1");
}

#[tokio::test]
async fn a_step_that_must_not_be_repeated_waits_for_a_person() {
    let story = Story::begin().await;
    let journal = story.lose_a_step(once).await;
    assert!(story.life(Arc::clone(&journal), once, Fuse::never()).await);
    assert_eq!(story.harness.vendor.calls(), 1);
    let run = journal.run(&story.run()).await.unwrap().unwrap();
    assert_eq!(run.state, RunState::Parked);
    let Some(connect_journal::Note::Why(why)) = run.note else { panic!("{run:?}") };
    let restoration = journal.restoration().await.unwrap().unwrap();
    let why = why.replace(&format!("{:.0}", restoration.backup), "BACKUP");
    let why = why.replace(&format!("{:.0}", restoration.at), "RESTORED");
    insta::assert_snapshot!(why, @"step `enable` must not be repeated and may have happened after the backup of BACKUP, from which the journal was restored on RESTORED; look at what the vendor has: where it has not happened, revive the run to let it act again; where it has, finish the request by hand");

    journal.revive(&story.run(), story.harness.clock.now(), "ines").await.unwrap();
    assert!(story.life(journal, once, Fuse::never()).await);
    assert_eq!(story.harness.vendor.calls(), 2, "a person forced it");
    assert_eq!(story.harness.read().await.status, RequestStatus::Failed);
}

#[tokio::test]
async fn an_answer_that_was_acted_on_before_is_no_answer_any_more() {
    let story = Story::begin().await;
    let journal = story.journal("lost");
    // It dies while acting; a person says that it may act again; then comes the backup.
    let gap = Fuse::at(Point::new("before journal record", 1));
    assert!(!story.life(Arc::clone(&journal), once, gap).await);
    assert!(story.life(Arc::clone(&journal), once, Fuse::never()).await);
    journal.revive(&story.run(), story.harness.clock.now(), "ines").await.unwrap();
    journal.backup(story.file("backup")).await.unwrap();
    // What the person allowed is done, and that is lost.
    let recorded = Fuse::at(Point::new("after journal record", 1));
    assert!(!story.life(journal, once, recorded).await);
    assert_eq!(story.harness.vendor.calls(), 2);

    let restored = story.restore();
    assert!(story.life(Arc::clone(&restored), once, Fuse::never()).await);
    assert_eq!(story.harness.vendor.calls(), 2, "nobody allowed a third time");
    let run = restored.run(&story.run()).await.unwrap().unwrap();
    assert_eq!(run.state, RunState::Parked);
}

#[tokio::test]
async fn a_request_from_after_the_restoration_is_beyond_doubt() {
    let story = Story::begin().await;
    let journal = story.journal("lost");
    journal.backup(story.file("backup")).await.unwrap();
    assert!(story.life(journal, once, Fuse::never()).await);
    let restored = story.restore();
    story.harness.wait();
    story.harness.another_request().await;
    assert!(story.life(restored, once, Fuse::never()).await);
    assert_eq!(story.harness.vendor.calls(), 2, "one of each request");
}

/// The effects at a vendor, by the keys of their steps.
#[derive(Default)]
struct Effects {
    done: Mutex<BTreeMap<String, u32>>,
    count: watch::Sender<usize>,
}

impl Effects {
    fn of(&self, key: &str) -> u32 {
        self.done.lock().unwrap().get(key).copied().unwrap_or_default()
    }

    /// An effect, once more each time; of one who knows keys, once.
    fn act(&self, key: &StepKey, knows_keys: bool) -> u32 {
        let mut done = self.done.lock().unwrap();
        let times = done.entry(key.to_string()).or_default();
        *times = if knows_keys { 1 } else { *times + 1 };
        self.count.send_modify(|count| *count += 1);
        *times
    }
}

/// Takes its step in one of the three classes, by the request's number.
async fn any_class(cx: Cx, effects: Arc<Effects>) -> Result<Outcome, Failure> {
    let digits = cx.request().id.as_str().bytes().filter(u8::is_ascii_digit);
    let class = digits.map(u32::from).sum::<u32>() % 3;
    let step = cx.step(["keyed", "probed", "once"][class as usize]);
    let act = |key: StepKey| {
        let effects = &effects;
        async move { Ok::<_, Failure>(effects.act(&key, class == 0)) }
    };
    let look = |key: StepKey| {
        let times = effects.of(key.as_str());
        async move { Ok::<_, Failure>(Some(times).filter(|times| *times > 0)) }
    };
    let _: u32 = match class {
        0 => step.run(act).await?,
        1 => step.recover(look).run(act).await?,
        _ => step.once().run(act).await?,
    };
    Ok(Outcome::approve())
}

#[tokio::test]
async fn a_journal_lost_under_load_doubles_and_loses_nothing() {
    const REQUESTS: usize = 40;
    let story = Story::begin().await;
    let pending = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    for _ in 1..REQUESTS {
        let seed =
            story.harness.emulator.platform().seed(|world, at| world.seed_request(at, &pending));
        seed.await.unwrap().unwrap();
    }
    let effects = Arc::new(Effects::default());
    let handler = |effects: &Arc<Effects>| {
        let effects = Arc::clone(effects);
        move |cx: Cx| any_class(cx, Arc::clone(&effects))
    };
    let journal = story.journal("lost");
    let at = async |count: usize| {
        let mut counted = effects.count.subscribe();
        counted.wait_for(|it| *it >= count).await.unwrap();
    };
    // The backup is taken while others go on; the journal is lost with most of the work done.
    tokio::select! {
        _ = story.life(Arc::clone(&journal), handler(&effects), Fuse::never()) => panic!("too early"),
        () = async {
            at(REQUESTS / 4).await;
            journal.backup(story.file("backup")).await.unwrap();
            at(REQUESTS - 5).await;
        } => {}
    }
    story.harness.clock.advance(Duration::from_secs(120));
    drop(journal);
    std::fs::remove_file(story.file("lost")).unwrap();

    let restored = story.restore();
    assert!(story.life(Arc::clone(&restored), handler(&effects), Fuse::never()).await);
    let done = effects.done.lock().unwrap().clone();
    assert!(done.values().all(|times| *times == 1), "doubled: {done:?}");
    let parked = RunFilter { state: Some(RunState::Parked), ..RunFilter::default() };
    let parked = restored.runs(&parked).await.unwrap();
    let list = story.harness.client().list::<AssetRequest>().stream();
    let all: Vec<AssetRequest> = futures::TryStreamExt::try_collect(list).await.unwrap();
    assert_eq!(all.len(), REQUESTS);
    for request in &all {
        let waits = parked.iter().any(|run| run.id.as_str() == request.id.as_str());
        assert_eq!(waits, request.status == RequestStatus::Pending, "{}", request.id);
    }
    assert!(!parked.is_empty(), "some of those that must not be repeated wait for a person");
}
