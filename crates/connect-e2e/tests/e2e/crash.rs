//! A life is ended before and after every call to the journal, the vendor and the platform; the
//! next life must find each effect once and one approval.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_clock::{SystemClock, VirtualClock};
use connect_e2e::{Language, Proxy, Stage, quick};
use connect_exec::ExecSettings;
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, MemoryJournal, RunId, RunState, SqliteJournal};
use connect_model::asset_request::NewRequest;
use connect_model::{Message, MessageType, RequestId, RequestStatus};
use connect_processor::{OpenRun, Processor};
use futures::TryStreamExt;
use jiff::Timestamp;

/// What the story is about.
#[derive(Clone, Copy)]
enum Plot {
    /// One step.
    Resume,
    /// Two steps, and a parameter that is written before the approval.
    Purchase,
    /// The same of a tenant that takes a while to be ready: the request waits, and says so.
    SlowPurchase,
    /// A purchase of a tenant that is there already.
    Migration,
}

impl Plot {
    async fn request(self, stage: &Stage) -> RequestId {
        let new = match self {
            Self::Migration => {
                let seed = serde_json::from_str(r#"{"tenantId": "old-7", "limit": 10}"#).unwrap();
                stage.vendor.seed(vec![seed]).unwrap();
                return stage.migration(r#"{"tenant": "old-7"}"#).await.unwrap();
            }
            Self::Resume => NewRequest::resume(&stage.suspended("t-1").await.unwrap().asset),
            Self::Purchase | Self::SlowPurchase => {
                NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10)
            }
        };
        stage.request(&new).await.unwrap()
    }

    /// What must have happened at the vendor, once each.
    fn effects(self) -> &'static [&'static str] {
        match self {
            Self::Resume => &["enable"],
            Self::Migration => &["adopt"],
            Self::Purchase | Self::SlowPurchase => &["create", "set_limit"],
        }
    }

    /// How often it has to be worked on.
    fn lives(self) -> usize {
        match self {
            Self::Resume | Self::Purchase | Self::Migration => 1,
            Self::SlowPurchase => 2,
        }
    }

    /// What must have been said to the customer.
    fn messages(self) -> usize {
        usize::from(matches!(self, Self::SlowPurchase))
    }
}

/// A request, and what its lives share.
struct Story {
    plot: Plot,
    stage: Arc<Stage>,
    request: RequestId,
    journal: Arc<dyn Journal>,
    clock: VirtualClock,
    handlers: Language,
}

impl Story {
    async fn begin(
        (plot, handlers): (Plot, Language),
        journal: impl FnOnce(VirtualClock) -> Arc<dyn Journal>,
    ) -> Self {
        let clock = VirtualClock::new(Timestamp::now());
        let platform = connect_emulator::Config {
            // The platform lives by the same clock as the journal.
            clock: Arc::new(clock.clone()),
            ..connect_emulator::Config::default()
        };
        let stage = Arc::new(Stage::with(platform).await.unwrap());
        let request = plot.request(&stage).await;
        if matches!(plot, Plot::SlowPurchase) {
            stage.vendor.prepare_for(Duration::from_secs(30));
        }
        let journal = journal(clock.clone());
        Self { plot, stage, request, journal, clock, handlers }
    }

    /// One life of the processor, with a runtime of its own: when it is over, by itself or with
    /// its fuse, nothing of it goes on.
    async fn live(&self, fuse: &Fuse) -> Ended {
        let (stage, fuse) = (Arc::clone(&self.stage), fuse.clone());
        let (journal, clock) = (Arc::clone(&self.journal), self.clock.clone());
        let handlers = self.handlers;
        let life = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(life(&stage, journal, (clock, handlers), fuse))
        };
        let ended = tokio::task::spawn_blocking(life).await.unwrap();
        // What it had handed to the journal's thread is done before this is.
        self.journal.offer(&[]).await.unwrap();
        ended
    }

    /// A life that ends at a point of its way.
    async fn die(&self, point: &Point) {
        let ended = self.live_all(&Fuse::at(point.clone())).await;
        assert!(ended == Ended::Died || is_idle_look(point), "no life came to {point}");
        self.let_leases_run_out();
    }

    /// A life without accident.
    async fn live_to_the_end(&self) {
        assert_eq!(self.live_all(&Fuse::never()).await, Ended::Peacefully);
    }

    /// As many lives as it takes, with time between them, or until one dies.
    async fn live_all(&self, fuse: &Fuse) -> Ended {
        for life in 1..=self.plot.lives() {
            let ended = self.live(fuse).await;
            if ended == Ended::Died || life == self.plot.lives() {
                return ended;
            }
            self.let_leases_run_out();
        }
        Ended::Peacefully
    }

    /// Time passes until the leases of the dead have run out.
    fn let_leases_run_out(&self) {
        self.clock.advance(Duration::from_secs(120));
    }

    async fn must_have_ended_well(&self, point: &Point) {
        let request = self.stage.read(&self.request).await.unwrap();
        assert_eq!(request.status, RequestStatus::Approved, "died {point}");
        assert_eq!(request.asset.status.as_str(), "active", "died {point}");
        let effects = self.stage.vendor.log().into_iter().map(connect_e2e::vendor_effect);
        let effects: Vec<String> = effects.map(|effect| effect.operation).collect();
        assert_eq!(effects, self.plot.effects(), "died {point}");
        let said = self.said().await;
        assert!(said.len() <= self.plot.messages(), "died {point}: {said:?}");
        let run = self.journal.run(&RunId::from(self.request.as_str())).await.unwrap().unwrap();
        assert_eq!(run.state, RunState::Done, "died {point}");
        let request = std::slice::from_ref(&self.request);
        let held = self.stage.must_hold(self.journal.as_ref(), request).await;
        assert!(held.is_ok(), "died {point}: {held:?}");
    }
}

impl Story {
    /// What was said in the conversation about the request, but for the platform's own words.
    async fn said(&self) -> Vec<Message> {
        let path = format!("conversations/{}/messages", self.request);
        let all = self.stage.client().unwrap().list_at::<Message>(&path).stream();
        let all: Vec<Message> = all.try_collect().await.unwrap();
        all.into_iter().filter(|message| message.kind != MessageType::StateChange).collect()
    }
}

/// How a life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Peacefully,
    Died,
}

async fn life(
    stage: &Stage,
    journal: Arc<dyn Journal>,
    (clock, handlers): (VirtualClock, Language),
    fuse: Fuse,
) -> Ended {
    let platform = Proxy::start("platform", stage.emulator.url(), fuse.clone()).await.unwrap();
    let vendor = Proxy::start("vendor", stage.vendor.url(), fuse.clone()).await.unwrap();
    let client = stage.client_at(&format!("{}/public/v1", platform.url())).unwrap();
    let journal = Arc::new(Faulty::new(journal, fuse.clone()));
    match handlers.workers() {
        None => {
            let acme = Acme::new(vendor.url()).unwrap();
            lived(quick(acme::processor(acme, client, journal)).clock(clock), &fuse).await
        }
        Some(exec) => {
            let settings = ExecSettings::of(exec.parse().unwrap(), Some(vendor.url()));
            let workers = settings.start_by(Arc::new(SystemClock)).await.unwrap();
            lived(quick(connect_exec::processor(workers, client, journal)).clock(clock), &fuse)
                .await
        }
    }
}

async fn lived<S: Send + Sync + 'static>(processor: Processor<S>, fuse: &Fuse) -> Ended {
    tokio::select! {
        report = processor.drain() => {
            let waits = |run: &OpenRun| run.why == "rescheduled by its handler";
            assert!(report.unwrap().open.iter().all(waits));
            Ended::Peacefully
        }
        () = fuse.blown() => Ended::Died,
    }
}

/// All ways to die: every call that a life without accident makes, before and after.
async fn ways_to_die(
    plot: (Plot, Language),
    journal: impl FnOnce(VirtualClock) -> Arc<dyn Journal>,
) -> Vec<Point> {
    let story = Story::begin(plot, journal).await;
    let fuse = Fuse::never();
    assert_eq!(story.live_all(&fuse).await, Ended::Peacefully);
    let mut points = fuse.points();
    // How often a life asks how much is left depends on time alone.
    points.retain(|point| !point.place().contains("counts") || point.nth() == 1);
    story.must_have_ended_well(&Point::new("not at all", 1)).await;
    // Whoever is dead for so long that the tenant is ready meanwhile has nothing to say.
    assert_eq!(story.said().await.len(), plot.0.messages());
    points
}

fn in_memory(clock: VirtualClock) -> Arc<dyn Journal> {
    Arc::new(MemoryJournal::new(clock))
}

fn places(points: &[Point]) -> String {
    let places: BTreeSet<&str> = points.iter().map(Point::place).collect();
    places.into_iter().collect::<Vec<_>>().join("\n")
}

/// One life dies at each point, the next one goes on.
async fn every_way_to_die_is_survived(
    plot: (Plot, Language),
    points: Vec<Point>,
    mut journal: impl FnMut(VirtualClock) -> Arc<dyn Journal>,
) {
    for point in points {
        let story = Story::begin(plot, &mut journal).await;
        story.die(&point).await;
        story.live_to_the_end().await;
        story.must_have_ended_well(&point).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_leaves_one_effect_and_one_approval() {
    let points = ways_to_die((Plot::Resume, Language::Rust), in_memory).await;
    insta::assert_snapshot!(places(&points));
    every_way_to_die_is_survived((Plot::Resume, Language::Rust), points, in_memory).await;
}

/// Between its two steps, and between its parameter and its approval, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_in_a_purchase_leaves_one_tenant_with_its_limit() {
    let points = ways_to_die((Plot::Purchase, Language::Rust), in_memory).await;
    insta::assert_snapshot!(places(&points));
    every_way_to_die_is_survived((Plot::Purchase, Language::Rust), points, in_memory).await;
}

/// Before and after the look whether the tenant is ready, and while the customer is told, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_while_a_tenant_is_built_leaves_one_tenant_and_one_message() {
    let points = ways_to_die((Plot::SlowPurchase, Language::Rust), in_memory).await;
    insta::assert_snapshot!(places(&points));
    every_way_to_die_is_survived((Plot::SlowPurchase, Language::Rust), points, in_memory).await;
}

/// The tenant is there before, and is adopted once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_in_a_migration_leaves_one_tenant_adopted() {
    let points = ways_to_die((Plot::Migration, Language::Rust), in_memory).await;
    every_way_to_die_is_survived((Plot::Migration, Language::Rust), points, in_memory).await;
}

/// How often a life looks for more work while it has none depends on time alone.
fn is_idle_look(point: &Point) -> bool {
    let looks = ["journal claim", "journal counts"];
    point.nth() > 1 && looks.iter().any(|look| point.place().ends_with(look))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_holds_for_the_journal_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    let mut on_disk = |clock: VirtualClock| -> Arc<dyn Journal> {
        files += 1;
        let file = folder.path().join(format!("{files}.sqlite"));
        Arc::new(SqliteJournal::open(file, clock).unwrap())
    };
    let points = ways_to_die((Plot::Resume, Language::Rust), &mut on_disk).await;
    every_way_to_die_is_survived((Plot::Resume, Language::Rust), points, on_disk).await;
}

/// The second life dies in the same place as the first, where it comes by there at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dying_twice_in_the_same_place_changes_nothing() {
    for point in ways_to_die((Plot::Resume, Language::Rust), in_memory).await {
        let story = Story::begin((Plot::Resume, Language::Rust), in_memory).await;
        story.die(&point).await;
        story.live(&Fuse::at(point.clone())).await;
        story.let_leases_run_out();
        story.live_to_the_end().await;
        story.must_have_ended_well(&point).await;
    }
}

/// The same stories by handlers in other languages, which call the vendor from a process of their own.
async fn every_way_to_die_is_survived_in(language: Language, plot: Plot) {
    let points = ways_to_die((plot, language), in_memory).await;
    assert!(points.iter().any(|point| point.place().contains(" vendor ")), "{}", places(&points));
    every_way_to_die_is_survived((plot, language), points, in_memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_leaves_one_effect_of_handlers_in_python() {
    every_way_to_die_is_survived_in(Language::Python, Plot::Purchase).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_die_leaves_one_effect_of_handlers_in_javascript() {
    every_way_to_die_is_survived_in(Language::JavaScript, Plot::Resume).await;
}
