//! A life is ended before and after every call to the journal, the vendor and the platform; the
//! next life must find each effect once and one approval.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_e2e::{Proxy, Stage, quick};
use connect_journal::{
    Faulty, Fuse, Journal, ManualClock, MemoryJournal, Point, RunId, RunState, SqliteJournal,
};
use connect_model::{NewRequest, RequestId, RequestStatus};
use jiff::Timestamp;

/// A resume request, and what its lives share.
struct Story {
    stage: Arc<Stage>,
    request: RequestId,
    journal: Arc<dyn Journal>,
    clock: ManualClock,
}

/// The platform lives by the same clock as the journal.
#[derive(Debug)]
struct OneClock(ManualClock);

impl connect_emulator::clock::Clock for OneClock {
    fn now(&self) -> Timestamp {
        connect_journal::Clock::now(&self.0)
    }
}

impl Story {
    async fn begin(journal: impl FnOnce(ManualClock) -> Arc<dyn Journal>) -> Self {
        let clock = ManualClock::new(Timestamp::now());
        let platform = connect_emulator::Config {
            clock: Arc::new(OneClock(clock.clone())),
            ..connect_emulator::Config::default()
        };
        let stage = Arc::new(Stage::with(platform).await.unwrap());
        let subscription = stage.suspended("t-1").await.unwrap();
        let request = stage.request(&NewRequest::resume(&subscription.asset)).await.unwrap();
        let journal = journal(clock.clone());
        Self { stage, request, journal, clock }
    }

    /// One life of the processor, with a runtime of its own: when it is over, by itself or with
    /// its fuse, nothing of it goes on.
    async fn live(&self, fuse: &Fuse) {
        let (stage, fuse) = (Arc::clone(&self.stage), fuse.clone());
        let (journal, clock) = (Arc::clone(&self.journal), self.clock.clone());
        let life = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(life(&stage, journal, clock, fuse));
        };
        tokio::task::spawn_blocking(life).await.unwrap();
        // What it had handed to the journal's thread is done before this is.
        self.journal.offer(&[]).await.unwrap();
    }

    /// Time passes until the leases of the dead have run out.
    fn let_leases_run_out(&self) {
        self.clock.advance(Duration::from_secs(120));
    }

    async fn must_have_ended_well(&self, point: &Point) {
        let request = self.stage.read(&self.request).await.unwrap();
        assert_eq!(request.status, RequestStatus::Approved, "died {point}");
        assert_eq!(request.asset.status.as_str(), "active", "died {point}");
        assert_eq!(self.stage.vendor.log().len(), 1, "died {point}: one effect");
        let run = self.journal.run(&RunId::from(self.request.as_str())).await.unwrap().unwrap();
        assert_eq!(run.state, RunState::Done, "died {point}");
        let evidence =
            self.stage.evidence(self.journal.as_ref(), std::slice::from_ref(&self.request)).await;
        let violations = connect_e2e::judge(&evidence.unwrap());
        let broken: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert!(broken.is_empty(), "died {point}: {broken:?}");
    }
}

async fn life(stage: &Stage, journal: Arc<dyn Journal>, clock: ManualClock, fuse: Fuse) {
    let platform = Proxy::start("platform", stage.emulator.url(), fuse.clone()).await.unwrap();
    let vendor = Proxy::start("vendor", stage.vendor.url(), fuse.clone()).await.unwrap();
    let client = stage.client_at(&format!("{}/public/v1", platform.url())).unwrap();
    let acme = Acme::new(vendor.url()).unwrap();
    let journal = Arc::new(Faulty::new(journal, fuse.clone()));
    let processor = quick(acme::processor(acme, client, journal)).clock(Arc::new(clock));
    tokio::select! {
        report = processor.once() => assert!(report.unwrap().is_complete()),
        () = fuse.blown() => {}
    }
}

/// All ways to die: every call that a life without accident makes, before and after.
async fn ways_to_die(journal: impl FnOnce(ManualClock) -> Arc<dyn Journal>) -> Vec<Point> {
    let story = Story::begin(journal).await;
    let fuse = Fuse::never();
    story.live(&fuse).await;
    let mut points = fuse.points();
    // How often a life asks how much is left depends on time alone.
    points.retain(|point| !point.place().contains("counts") || point.nth() == 1);
    story.must_have_ended_well(&Point::new("not at all", 1)).await;
    points
}

fn in_memory(clock: ManualClock) -> Arc<dyn Journal> {
    Arc::new(MemoryJournal::new(clock))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_leaves_one_effect_and_one_approval() {
    let points = ways_to_die(in_memory).await;
    let places: BTreeSet<&str> = points.iter().map(Point::place).collect();
    insta::assert_snapshot!(places.into_iter().collect::<Vec<_>>().join("\n"));
    for point in points {
        let story = Story::begin(in_memory).await;
        story.live(&Fuse::at(point.clone())).await;
        story.let_leases_run_out();
        story.live(&Fuse::never()).await;
        story.must_have_ended_well(&point).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_holds_for_the_journal_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    let mut on_disk = |clock: ManualClock| -> Arc<dyn Journal> {
        files += 1;
        let file = folder.path().join(format!("{files}.sqlite"));
        Arc::new(SqliteJournal::open(file, clock).unwrap())
    };
    for point in ways_to_die(&mut on_disk).await {
        let story = Story::begin(&mut on_disk).await;
        story.live(&Fuse::at(point.clone())).await;
        story.let_leases_run_out();
        story.live(&Fuse::never()).await;
        story.must_have_ended_well(&point).await;
    }
}

/// The second life dies in the same place as the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dying_twice_in_the_same_place_changes_nothing() {
    for point in ways_to_die(in_memory).await {
        let story = Story::begin(in_memory).await;
        for _ in 0..2 {
            story.live(&Fuse::at(point.clone())).await;
            story.let_leases_run_out();
        }
        story.live(&Fuse::never()).await;
        story.must_have_ended_well(&point).await;
    }
}
