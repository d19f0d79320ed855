//! The job of each month, done once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_client::Client;
use connect_clock::Clock as _;
use connect_journal::testing::{Faulty, Fuse};
use connect_journal::{Journal, Note, RunFilter, RunId, RunState, RunView};
use connect_model::{AssetRequest, AssetRequestType, DateTime};
use connect_processor::{
    Backoff, Context, Ending, Failure, MonthlyContext, Outcome, Processor, Report, StepKey,
    UsageSchedule,
};
use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::harness::Harness;

const DAY: Duration = Duration::from_secs(86_400);

/// What the job has done, for which months, and the date that it saw in each attempt.
#[derive(Default)]
struct Ledger {
    made: Mutex<Vec<String>>,
    closed: Mutex<Vec<(String, String)>>,
    seen: Mutex<Vec<(String, DateTime)>>,
    fails: Mutex<bool>,
}

impl Ledger {
    fn made(&self) -> Vec<String> {
        self.made.lock().unwrap().clone()
    }

    fn make(&self, month: &str) -> usize {
        let mut made = self.made.lock().unwrap();
        made.push(month.to_owned());
        made.len()
    }

    fn find(&self, month: &str) -> Option<usize> {
        self.made.lock().unwrap().iter().position(|it| it == month).map(|at| at + 1)
    }

    fn close(&self, month: &str, key: &StepKey) {
        self.closed.lock().unwrap().push((month.to_owned(), key.as_str().to_owned()));
    }

    /// The months that were closed, each with its key: a vendor takes a repeated one for the same.
    fn closed(&self) -> Vec<(String, String)> {
        let mut closed = self.closed.lock().unwrap().clone();
        closed.dedup();
        closed
    }

    fn dates(&self) -> Vec<(String, DateTime)> {
        let mut seen = self.seen.lock().unwrap().clone();
        seen.dedup();
        seen
    }
}

async fn job(cx: MonthlyContext<Arc<Ledger>>) -> Result<(), Failure> {
    let (ledger, month) = (cx.state(), cx.period().from.as_str());
    ledger.seen.lock().unwrap().push((month.to_owned(), cx.due()));
    let look = async |_| Ok::<_, Failure>(ledger.find(month));
    let make = async |_| Ok::<_, Failure>(ledger.make(month));
    let made: usize = cx.step("make").recover(look).run(make).await?;
    // What this attempt has recorded itself is not there yet.
    if let Ok(Some(earlier)) = cx.recorded::<usize>("make").await {
        assert_eq!(earlier, made);
    }
    if *ledger.fails.lock().unwrap() {
        return Err(Failure::retry("the books are open"));
    }
    let close = async |key| {
        ledger.close(month, &key);
        Ok::<_, Failure>(())
    };
    cx.step("close").run(close).await
}

struct Month {
    harness: Harness,
    ledger: Arc<Ledger>,
}

impl Month {
    async fn begin() -> Self {
        Self { harness: Harness::start().await, ledger: Arc::default() }
    }

    fn processor(&self, journal: impl Journal, client: Client) -> Processor<Arc<Ledger>> {
        let minute = Duration::from_secs(60);
        Processor::new(Arc::clone(&self.ledger), client, Arc::new(journal))
            .clock(self.harness.clock.clone())
            .backoff(Backoff { base: minute, cap: minute })
            .patience(Duration::from_secs(1))
    }

    async fn live(&self) -> Report {
        let journal = Arc::clone(&self.harness.journal);
        let processor = self.processor(journal, self.harness.client());
        processor.monthly(UsageSchedule::monthly(1), job).drain().await.unwrap()
    }

    /// A life that ends with its fuse, which every call of the platform and the journal passes.
    async fn live_until(&self, fuse: &Fuse) {
        let journal = Faulty::new(Arc::clone(&self.harness.journal), fuse.clone());
        let processor = self.processor(journal, self.harness.client_through(fuse.clone()));
        tokio::select! {
            report = processor.monthly(UsageSchedule::monthly(1), job).drain() => drop(report.unwrap()),
            () = fuse.blown() => {}
        }
    }

    /// The first day of the last month, and the moment at which its job was due.
    fn last(&self) -> (String, DateTime) {
        let today = self.harness.clock.now().to_zoned(TimeZone::UTC).date();
        let due = today.first_of_month();
        let moment = due.to_zoned(TimeZone::UTC).unwrap().timestamp();
        (due.checked_sub(1.month()).unwrap().to_string(), moment.into())
    }

    async fn runs(&self) -> Vec<RunView> {
        let runs = self.harness.journal.runs(&RunFilter::default()).await.unwrap();
        runs.into_iter().filter(|run| run.id.as_str().starts_with("report-")).collect()
    }
}

#[tokio::test]
async fn the_job_of_a_month_is_done_once_and_sees_when_it_was_due() {
    let month = Month::begin().await;
    let (first, due) = month.last();
    let report = month.live().await;
    assert_eq!(report.ended.get(&Ending::Reported), Some(&1), "{report:?}");
    month.live().await;
    assert_eq!(month.ledger.made(), std::slice::from_ref(&first));
    assert_eq!(month.ledger.dates(), [(first.clone(), due)]);
    let id = format!("report-{}", &first[..7]);
    assert_eq!(month.ledger.closed(), [(first, format!("{id}:close"))]);
    assert_eq!(month.runs().await[0].id.as_str(), id);
}

#[tokio::test]
async fn wherever_a_life_ends_the_job_is_done_once_and_sees_the_same_date() {
    let fuse = Fuse::never();
    let month = Month::begin().await;
    month.live_until(&fuse).await;
    let mut points = fuse.points();
    points.retain(|point| !point.place().contains("journal counts") || point.nth() == 1);
    assert!(points.len() > 15, "{points:?}");
    for point in points {
        let month = Month::begin().await;
        let (first, due) = month.last();
        month.live_until(&Fuse::at(point.clone())).await;
        month.harness.clock.advance(DAY);
        month.live().await;
        assert_eq!(month.ledger.made()[0], first, "died {point}");
        let of_first = |all: Vec<String>| all.iter().filter(|it| **it == first).count();
        assert_eq!(of_first(month.ledger.made()), 1, "died {point}");
        let closed = month.ledger.closed().into_iter().map(|(month, _)| month).collect();
        assert_eq!(of_first(closed), 1, "died {point}");
        let dates: Vec<_> = month.ledger.dates().into_iter().filter(|it| it.0 == first).collect();
        assert_eq!(dates, [(first, due)], "died {point}");
        let runs = month.runs().await;
        assert!(runs.iter().all(|run| run.state == RunState::Done), "died {point}: {runs:?}");
    }
}

#[tokio::test]
async fn months_that_were_missed_are_made_up_for_the_oldest_first() {
    let month = Month::begin().await;
    month.live().await;
    month.harness.clock.advance(DAY * 100);
    month.live().await;
    let made = month.ledger.made();
    let mut expected = made.clone();
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(made, expected, "each month once, the oldest first");
    assert!((4..=5).contains(&made.len()), "{made:?}");
    for (first, due) in month.ledger.dates() {
        let first: jiff::civil::Date = first.parse().unwrap();
        let next = first.checked_add(1.month()).unwrap().to_zoned(TimeZone::UTC).unwrap();
        assert_eq!(due, next.timestamp().into());
    }
}

#[tokio::test]
async fn a_job_that_fails_is_parked_and_sees_the_same_date_when_it_is_revived_next_month() {
    let month = Month::begin().await;
    let (first, due) = month.last();
    *month.ledger.fails.lock().unwrap() = true;
    for _ in 0..20 {
        month.live().await;
        month.harness.clock.advance(Duration::from_secs(61));
    }
    let run = month.runs().await.into_iter().find(|run| run.id.as_str().ends_with(&first[..7]));
    let run = run.unwrap();
    assert_eq!(run.state, RunState::Parked);
    let Some(Note::Why(why)) = &run.note else { panic!("{run:?}") };
    assert!(why.contains("the last one with: the books are open"), "{why}");
    *month.ledger.fails.lock().unwrap() = false;
    month.harness.clock.advance(DAY * 31);
    month.harness.journal.revive(&run.id, month.harness.clock.now(), "a person").await.unwrap();
    month.live().await;
    let runs = month.runs().await;
    assert!(runs.iter().all(|run| run.state == RunState::Done), "{runs:?}");
    let dates: Vec<_> = month.ledger.dates().into_iter().filter(|it| it.0 == first).collect();
    assert_eq!(dates, [(first.clone(), due)]);
    assert_eq!(month.ledger.made().iter().filter(|it| **it == first).count(), 1);
}

/// A version that was rolled back has no job, and loses nothing.
#[tokio::test]
async fn a_processor_without_the_job_leaves_it_to_one_that_has_it() {
    async fn approve(_: Context<AssetRequest, Arc<Ledger>>) -> Result<Outcome, Failure> {
        Ok(Outcome::approve())
    }
    let month = Month::begin().await;
    *month.ledger.fails.lock().unwrap() = true;
    month.live().await;
    month.harness.wait();
    let journal = Arc::clone(&month.harness.journal);
    let without = month.processor(journal, month.harness.client());
    without.on(AssetRequestType::Resume, approve).drain().await.unwrap();
    let id: RunId = month.runs().await[0].id.clone();
    let state = || async { month.harness.journal.run(&id).await.unwrap().unwrap().state };
    assert_eq!(state().await, RunState::Idle);
    *month.ledger.fails.lock().unwrap() = false;
    month.live().await;
    assert_eq!(state().await, RunState::Done);
    assert_eq!(month.ledger.made().len(), 1);
}

#[tokio::test]
async fn the_job_is_done_on_its_day_by_a_processor_that_goes_on() {
    let month = Month::begin().await;
    month.live().await;
    let clock = month.harness.clock.clone();
    let journal = Arc::clone(&month.harness.journal);
    let client = month.harness.client_through(Fuse::never());
    let processor = month.processor(journal, client).monthly(UsageSchedule::monthly(1), job);
    tokio::time::pause();
    let quarter = clock.until(clock.monotonic() + DAY * 92);
    clock.play_in_steps(DAY / 24, processor.run(quarter)).await.unwrap();
    tokio::time::resume();
    let made = month.ledger.made().len();
    assert!((4..=5).contains(&made), "{made}");
}
