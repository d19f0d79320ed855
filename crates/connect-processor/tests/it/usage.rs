//! The usage of each month, reported once.

use std::sync::Arc;
use std::time::Duration;

use connect_client::Client;
use connect_clock::Clock as _;
use connect_emulator::{Canned, Fault, FaultEffect};
use connect_journal::testing::{Faulty, Fuse};
use connect_journal::{Journal, MemoryJournal, Note, RunFilter, RunState, RunView};
use connect_model::{
    Asset, ConnectionType, NewUsageFile, UsageFile, UsageFileStatus, UsageRow, UsageSheet,
};
use connect_processor::{Failure, Processor, Report, UsageContext, UsageSchedule};
use futures::TryStreamExt;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};

use crate::harness::{Harness, Vendor};
use crate::hints::Hinting;

const DAY: Duration = Duration::from_secs(86_400);

/// A platform whose product reports usage of trials; the harness's own trial is the customer.
struct Month {
    harness: Harness,
}

/// What the vendor's books say of a month.
#[derive(Clone, Copy)]
enum Books {
    Right,
    Wrong,
    Empty,
}

impl Month {
    async fn begin() -> Self {
        let harness = Harness::start().await;
        let month = Self { harness };
        let path = format!("products/{}", month.harness.emulator.product());
        let on = json!({"capabilities": {"reservation": {"consumption": true}}});
        month.put(&path, &on).await;
        month
    }

    async fn put(&self, path: &str, body: &Value) {
        let call = connect_client::Call::put(path).json(body).unwrap();
        self.harness.client().call(call).await.unwrap();
    }

    fn processor(
        &self,
        journal: impl Journal,
        client: Client,
        books: Books,
    ) -> Processor<Arc<Vendor>> {
        let collect = move |cx: UsageContext<Arc<Vendor>>| collect(cx, books);
        let minute = Duration::from_secs(60);
        Processor::new(Arc::clone(&self.harness.vendor), client, Arc::new(journal))
            .clock(self.harness.clock.clone())
            .backoff(connect_processor::Backoff { base: minute, cap: minute })
            .patience(Duration::from_secs(1))
            .products([self.harness.emulator.product()])
            .environments([ConnectionType::Preview])
            .usage(UsageSchedule::monthly(1), collect)
    }

    /// A life that works on what is due now.
    async fn live(&self, books: Books) -> Report {
        let journal = Arc::clone(&self.harness.journal);
        self.processor(journal, self.harness.client(), books).drain().await.unwrap()
    }

    async fn files(&self) -> Vec<UsageFile> {
        self.harness.client().list::<UsageFile>().stream().try_collect().await.unwrap()
    }

    async fn file(&self) -> UsageFile {
        let mut files = self.files().await;
        assert_eq!(files.len(), 1, "{files:?}");
        self.harness.client().get(files.remove(0).id.as_str()).await.unwrap()
    }

    async fn act(&self, file: &UsageFile, verb: &str, body: &Value) {
        let path = format!("usage/files/{}/{verb}", file.id);
        let call = connect_client::Call::post(path).json(body).unwrap();
        self.harness.client().call(call).await.unwrap();
    }

    async fn runs(&self) -> Vec<RunView> {
        let runs = self.harness.journal.runs(&RunFilter::default()).await.unwrap();
        runs.into_iter().filter(|run| run.id.as_str().starts_with("usage-")).collect()
    }

    async fn why(&self) -> String {
        let runs = self.runs().await;
        assert_eq!((runs.len(), runs[0].state), (1, RunState::Parked));
        let Some(Note::Why(why)) = &runs[0].note else { return String::new() };
        let file = self.files().await.remove(0);
        why.replace(file.id.as_str(), "[file]")
    }

    async fn revive(&self) {
        let run = &self.runs().await[0].id;
        self.harness.journal.revive(run, self.harness.clock.now(), "a person").await.unwrap();
    }
}

async fn collect(cx: UsageContext<Arc<Vendor>>, books: Books) -> Result<UsageSheet, Failure> {
    cx.state().act();
    let assets: Vec<Asset> = cx.assets().await?;
    let item = match books {
        Books::Right => "MPN-A",
        Books::Wrong => "MPN-NONE",
        Books::Empty => return Ok(UsageSheet::default()),
    };
    let rows = assets.iter().map(|asset| {
        let id = asset.id.as_str();
        cx.in_period(UsageRow::new(id).asset(id).item(item).quantity("5"))
    });
    Ok(rows.collect::<Vec<_>>().into())
}

#[tokio::test]
async fn the_month_that_is_over_is_reported_once_by_whatever_life_and_journal() {
    let month = Month::begin().await;
    month.live(Books::Right).await;
    let file = month.file().await;
    assert_eq!((&file.status, file.stats.uploaded), (&UsageFileStatus::Pending, 1));
    assert!(file.period.from.ends_with("-01"), "{:?}", file.period);
    month.live(Books::Right).await;
    let other = MemoryJournal::new(month.harness.clock.clone());
    month.processor(other, month.harness.client(), Books::Right).drain().await.unwrap();
    assert_eq!(month.file().await.id, file.id);
    assert_eq!(month.harness.vendor.calls(), 1, "it was collected once");
    month.act(&file, "accept", &json!({"acceptance_note": "Thanks"})).await;
    month.live(Books::Right).await;
    assert_eq!(month.file().await.status, UsageFileStatus::Accepted);
}

#[tokio::test]
async fn wherever_a_life_ends_the_month_is_reported_once() {
    let fuse = Fuse::never();
    let month = Month::begin().await;
    month.live_until(&fuse).await;
    let mut points = fuse.points();
    points.retain(|point| !point.place().contains("journal counts") || point.nth() == 1);
    assert!(points.len() > 40, "{points:?}");
    for point in points {
        let month = Month::begin().await;
        month.live_until(&Fuse::at(point.clone())).await;
        month.harness.clock.advance(Duration::from_secs(120));
        month.live(Books::Right).await;
        let file = month.file().await;
        assert_eq!(file.status, UsageFileStatus::Pending, "died {point}");
        month.act(&file, "accept", &json!({"acceptance_note": "Thanks"})).await;
        month.live(Books::Right).await;
        assert_eq!(month.file().await.status, UsageFileStatus::Accepted, "died {point}");
        let runs = month.runs().await;
        assert!(runs.iter().all(|run| run.state == RunState::Done), "died {point}: {runs:?}");
    }
}

impl Month {
    /// A life that ends with its fuse, which every call of the platform and the journal passes.
    async fn live_until(&self, fuse: &Fuse) {
        let journal = Faulty::new(Arc::clone(&self.harness.journal), fuse.clone());
        let client = self.harness.client_through(fuse.clone());
        let processor = self.processor(journal, client, Books::Right);
        tokio::select! {
            report = processor.drain() => drop(report.unwrap()),
            () = fuse.blown() => {}
        }
    }
}

#[tokio::test]
async fn a_lost_or_odd_answer_doubles_nothing() {
    let calls = [
        ("POST", "/usage/files"),
        ("POST", "/usage/files/*/upload"),
        ("POST", "/usage/files/*/submit"),
    ];
    let effects = || [FaultEffect::LoseAnswer, FaultEffect::LoseCall, odd(502), odd(200)];
    for (method, path) in calls {
        for effect in effects() {
            let month = Month::begin().await;
            let what = format!("{method} {path} {effect:?}");
            month.harness.emulator.faults().add(Fault::new(effect).on(method, path).times(1));
            for _ in 0..4 {
                month.live(Books::Right).await;
                month.harness.wait();
            }
            assert_eq!(month.file().await.status, UsageFileStatus::Pending, "{what}");
        }
    }
}

#[tokio::test]
async fn wrong_records_and_a_rejection_wait_for_a_person_and_are_collected_anew() {
    let month = Month::begin().await;
    month.live(Books::Wrong).await;
    insta::assert_snapshot!(month.why().await, @"Connect finds records of [file] wrong: 1 of 1 records are wrong. Record 1, item_search_value: USG_011: The product has no item with item.mpn MPN-NONE. Its processed file says which. See to it, then revive the run: the usage is collected anew");
    month.revive().await;
    month.live(Books::Right).await;
    let file = month.file().await;
    assert_eq!(file.status, UsageFileStatus::Pending);
    month.act(&file, "reject", &json!({"rejection_note": "The first day is missing."})).await;
    month.live(Books::Right).await;
    insta::assert_snapshot!(month.why().await, @r#"the distributor sent [file] back with the note "The first day is missing.". See to it, then revive the run: the usage is collected and submitted anew"#);
    month.revive().await;
    month.live(Books::Right).await;
    assert_eq!(month.file().await.status, UsageFileStatus::Pending);
    assert_eq!(month.harness.vendor.calls(), 3);
}

#[tokio::test]
async fn a_month_without_usage_is_not_reported_and_one_that_somebody_reported_is_left_alone() {
    let month = Month::begin().await;
    month.live(Books::Empty).await;
    assert_eq!(month.files().await, []);
    assert_eq!(month.runs().await[0].state, RunState::Done);

    let month = Month::begin().await;
    month.live(Books::Right).await;
    let ours = month.file().await;
    let again = NewUsageFile::new(
        "By hand",
        &month.harness.emulator.product(),
        &ours.contract.as_ref().unwrap().id,
        ours.period.clone(),
    );
    let by_hand = Month::begin().await;
    let made: UsageFile = by_hand.harness.client().create(&again).await.unwrap();
    let asset = by_hand.harness.read().await.asset.id;
    let row = UsageRow::new("1")
        .asset(asset.as_str())
        .item("MPN-A")
        .quantity("1")
        .between(format!("{} 00:00:00", ours.period.from), format!("{} 00:00:00", ours.period.to));
    let workbook = usage_sheet::write(&vec![row].into()).unwrap();
    let upload = connect_client::Call::post(format!("usage/files/{}/upload", made.id));
    let upload = upload.file("usage_file", "usage.xlsx", &workbook).unwrap();
    by_hand.harness.client().call(upload).await.unwrap();
    by_hand.act(&made, "submit", &json!({})).await;
    by_hand.live(Books::Right).await;
    assert_eq!(by_hand.file().await.id, made.id);
    assert_eq!(by_hand.harness.vendor.calls(), 0);
}

#[tokio::test]
async fn every_month_is_reported_when_it_is_over_and_those_missed_are_made_up_for() {
    let month = Month::begin().await;
    let clock = month.harness.clock.clone();
    let journal = Arc::clone(&month.harness.journal);
    let client = month.harness.client_through(Fuse::never());
    let processor = month.processor(journal, client, Books::Right);
    tokio::time::pause();
    let quarter = clock.until(clock.monotonic() + DAY * 92);
    clock.play_in_steps(DAY / 24, processor.run(quarter)).await.unwrap();
    tokio::time::resume();
    let reported = month.files().await.len();
    assert!((3..=4).contains(&reported), "{reported}");
    // Nobody is there for a hundred days.
    month.harness.clock.advance(DAY * 100);
    month.live(Books::Right).await;
    let mut periods: Vec<_> =
        month.files().await.into_iter().map(|file| file.period.from).collect();
    periods.reverse();
    let mut expected = periods.clone();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(periods, expected, "each month once, the oldest first");
    assert!((6..=8).contains(&periods.len()), "{periods:?}");
}

fn odd(status: u16) -> FaultEffect {
    let status = connect_client::StatusCode::from_u16(status).unwrap();
    FaultEffect::AnswerAfter(connect_emulator::Canned::status(status))
}

/// Only what is sold for good is under the contracts that a product is listed by.
#[tokio::test]
async fn of_sales_alone_the_contracts_of_listings_are_reported() {
    let (test, sale) = (ConnectionType::Test, ConnectionType::Production);
    let all: &[ConnectionType] = &[];
    for (environments, runs) in [(&[test.clone()][..], 0), (&[sale.clone(), test], 1), (all, 1)] {
        let month = Month::begin().await;
        let journal = Arc::clone(&month.harness.journal);
        let processor = month.processor(journal, month.harness.client(), Books::Empty);
        processor.environments(environments.to_vec()).drain().await.unwrap();
        assert_eq!(month.runs().await.len(), runs, "{environments:?}");
    }
}

#[tokio::test]
async fn a_hint_has_a_file_that_was_sent_back_found_before_the_hour_is_over() {
    let month = Month::begin().await;
    month.live(Books::Right).await;
    let (hints, heard) = mpsc::unbounded_channel();
    let source = Hinting { hints: Mutex::new(heard), known: Arc::default() };
    let journal = Arc::clone(&month.harness.journal);
    let processor = month.processor(journal, month.harness.client(), Books::Right).source(source);
    let start = month.harness.clock.monotonic();
    let shutdown = async {
        let looks = || {
            let calls = month.harness.emulator.activity().since(0);
            let asks = |query: &str| query.contains("rejected");
            calls.iter().filter(|call| call.uri.query().is_some_and(asks)).count()
        };
        let before = looks();
        while looks() == before {
            tokio::task::yield_now().await;
        }
        let note = json!({"rejection_note": "The first day is missing."});
        month.act(&month.file().await, "reject", &note).await;
        hints.send("usage/files").unwrap();
        month.harness.pass(Duration::from_secs(1)).await;
        while month.runs().await[0].state != RunState::Parked {
            tokio::task::yield_now().await;
        }
    };
    processor.run(shutdown).await.unwrap();
    assert_eq!(month.harness.clock.monotonic() - start, Duration::from_secs(1));
}

/// Two journals, as when one was lost: the other's files are its own business.
#[tokio::test]
async fn a_file_of_another_journal_that_was_sent_back_stops_nothing() {
    let month = Month::begin().await;
    month.live(Books::Right).await;
    let note = json!({"rejection_note": "The first day is missing."});
    month.act(&month.file().await, "reject", &note).await;
    month.harness.clock.advance(DAY * 31);
    let other = MemoryJournal::new(month.harness.clock.clone());
    let processor = month.processor(other, month.harness.client(), Books::Right);
    let report = processor.drain().await.unwrap();
    assert_eq!(report.ended.values().sum::<u64>(), 1, "{report:?}");
    assert_eq!(month.files().await.len(), 2, "the next month is reported");
}

#[tokio::test]
async fn a_list_that_was_lost_is_not_a_month_without_usage() {
    for path in ["/assets", "/usage/files", "/listings", "/products"] {
        let month = Month::begin().await;
        let nothing = Canned { body: Some(json!([])), ..Canned::status(http::StatusCode::OK) };
        let lost = Fault::new(FaultEffect::Answer(nothing)).on("GET", path);
        month.harness.emulator.faults().add(lost.times(1));
        for _ in 0..3 {
            let journal = Arc::clone(&month.harness.journal);
            let processor = month.processor(journal, month.harness.client(), Books::Right);
            // The life that meets it may end with it.
            let _ = processor.drain().await;
            month.harness.wait();
        }
        assert_eq!(month.file().await.status, UsageFileStatus::Pending, "{path}");
    }
}

#[tokio::test]
async fn the_trials_of_all_products_are_reported_unless_some_are_named() {
    let month = Month::begin().await;
    let journal = Arc::clone(&month.harness.journal);
    let processor = month.processor(journal, month.harness.client(), Books::Right).products([]);
    processor.drain().await.unwrap();
    assert_eq!(month.file().await.status, UsageFileStatus::Pending);
}
