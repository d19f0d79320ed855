//! Rows that no journal wrote.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use connect_clock::{Clock, VirtualClock};
use connect_journal::{
    Claim, Finish, Journal, JournalError, NewRun, Note, OfferResult, RunFilter, RunState,
    SqliteJournal, StepResult,
};
use rusqlite::Connection;
use tempfile::TempDir;

const LEASE: Duration = Duration::from_secs(30);

/// What a bad disk or a careless hand may leave of the run `bad`, number 1 in lane 1.
const DAMAGES: [&str; 8] = [
    "update events set kind = 'bogus' where run = 1 and step = 'step'",
    "update events set step = cast(x'ff' as text) where run = 1 and step = 'step'",
    "update runs set state = 'bogus' where no = 1",
    "update runs set failures = -1 where no = 1",
    "update runs set attempt = 5000000000 where no = 1",
    "update runs set id = cast(x'ff' as text) where no = 1",
    "update lanes set fence = -3 where no = 1",
    "update lanes set name = cast(x'ff' as text) where no = 1",
];

/// A journal with the runs `bad`, `good1` and `good2`, in the order they are due; `bad` has a step.
struct Damaged {
    _place: TempDir,
    file: PathBuf,
    clock: VirtualClock,
    journal: SqliteJournal,
}

impl Damaged {
    async fn begin() -> Self {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("journal.db");
        let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap());
        let journal = SqliteJournal::open(&file, clock.clone()).unwrap();
        let this = Self { _place: place, file, clock, journal };
        this.offer("bad").await;
        let claim = this.claim().await.unwrap();
        let done = StepResult::Done("one".into());
        this.journal.record(&claim, &"step".into(), done, None).await.unwrap();
        let due = "2026-03-01T12:00:00Z".parse().unwrap();
        let wait = Finish::Wait { due, why: String::new(), hold_lane: false };
        this.journal.finish(&claim, wait).await.unwrap();
        this.offer("good1").await;
        this.offer("good2").await;
        this
    }

    async fn offer(&self, run: &str) -> OfferResult {
        self.journal.offer(&[NewRun::new(run, run, "payload")]).await.unwrap().remove(0)
    }

    async fn claim(&self) -> Option<Claim> {
        self.journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await.unwrap().pop()
    }

    fn sql(&self, sql: &str) {
        sql_on(&self.file, sql);
    }
}

fn sql_on(file: &Path, sql: &str) {
    let db = Connection::open(file).unwrap();
    db.pragma_update(None, "foreign_keys", false).unwrap();
    assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
}

#[tokio::test]
async fn a_run_that_cannot_be_read_keeps_nobody_from_claiming_the_others() {
    let lost = "delete from runs where no = 1";
    for damage in DAMAGES.into_iter().chain([lost]) {
        let damaged = Damaged::begin().await;
        damaged.sql(damage);
        for run in ["good1", "good2"] {
            let claim = damaged.claim().await.unwrap();
            assert_eq!(claim.run, run.into(), "{damage}");
            damaged.journal.finish(&claim, Finish::Done { outcome: "".into() }).await.unwrap();
        }
        assert!(damaged.claim().await.is_none(), "{damage}");
    }
}

#[tokio::test]
async fn a_lane_that_lost_its_run_goes_on_with_the_next() {
    let damaged = Damaged::begin().await;
    damaged.journal.offer(&[NewRun::new("next", "bad", "payload")]).await.unwrap();
    damaged.sql("delete from runs where no = 1");
    let mut claimed = Vec::new();
    while let Some(claim) = damaged.claim().await {
        claimed.push(claim.run.to_string());
    }
    claimed.sort();
    assert_eq!(claimed, ["good1", "good2", "next"]);
}

#[tokio::test]
async fn a_run_that_cannot_be_read_waits_for_a_person_with_a_reason() {
    for damage in DAMAGES {
        let damaged = Damaged::begin().await;
        damaged.sql(damage);
        damaged.claim().await.unwrap();
        let counts = damaged.journal.counts().await.unwrap();
        assert_eq!((counts.parked, counts.running, counts.ready_now), (1, 1, 1), "{damage}");

        let parked = RunFilter { state: Some(RunState::Parked), ..RunFilter::default() };
        let parked = damaged.journal.runs(&parked).await.unwrap();
        let Some(Note::Why(why)) = &parked[0].note else { panic!("{damage}: {parked:?}") };
        assert!(why.starts_with("the journal cannot read this run: "), "{damage}: {why}");
        assert_eq!(damaged.journal.runs(&RunFilter::default()).await.unwrap().len(), 3, "{damage}");
    }
}

#[tokio::test]
async fn a_list_shows_the_others_before_anybody_has_claimed() {
    for damage in DAMAGES {
        let damaged = Damaged::begin().await;
        damaged.sql(damage);
        let runs = damaged.journal.runs(&RunFilter::default()).await.unwrap();
        assert_eq!(runs.len(), 3, "{damage}");
        let good = runs.iter().filter(|run| run.note.is_none());
        assert_eq!(good.count(), 2, "{damage}");
        let counts = damaged.journal.counts().await.unwrap();
        assert_eq!(counts.ready_now + counts.parked, 3, "{damage}");
    }
}

#[tokio::test]
async fn asking_for_a_run_that_cannot_be_read_says_so() {
    let damaged = Damaged::begin().await;
    damaged.sql(DAMAGES[0]);
    let told = damaged.journal.run(&"bad".into()).await.unwrap_err();
    assert!(matches!(told, JournalError::Corrupt { .. }), "{told}");
    let told = damaged.journal.history(&"bad".into(), 0..9).await.unwrap_err();
    assert!(matches!(told, JournalError::Corrupt { .. }), "{told}");
    assert!(damaged.journal.run(&"good1".into()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_run_that_cannot_be_read_spoils_no_offer_of_others() {
    for damage in
        ["update runs set state = 'bogus' where no = 1", "update runs set fence = -1 where no = 1"]
    {
        let damaged = Damaged::begin().await;
        damaged.sql(damage);
        let offer = ["bad", "new"].map(|run| NewRun::new(run, run, "payload"));
        let offered = damaged.journal.offer(&offer).await.unwrap();
        assert_eq!(offered, [OfferResult::Unreadable, OfferResult::New], "{damage}");
    }
}

/// The lease of one that became unreadable meanwhile is lost, and no other.
#[tokio::test]
async fn a_run_that_cannot_be_read_costs_nobody_else_a_lease_or_a_write() {
    let damaged = Damaged::begin().await;
    let bad = damaged.claim().await.unwrap();
    let good = damaged.claim().await.unwrap();
    damaged.sql("update runs set failures = -1 where no = 1");
    let renewed = damaged.journal.renew(&[&bad, &good], LEASE).await.unwrap();
    assert_eq!((renewed[0].is_some(), renewed[1].is_some()), (false, true));

    let done = || StepResult::Done("two".into());
    let step = "next".into();
    let (spoiled, recorded) = tokio::join!(
        damaged.journal.record(&bad, &step, done(), None),
        damaged.journal.record(&good, &step, done(), None),
    );
    assert!(matches!(spoiled, Err(JournalError::Corrupt { .. })), "{spoiled:?}");
    assert_eq!(recorded.unwrap(), done());
    damaged.clock.advance(LEASE);
    assert_eq!(damaged.claim().await.unwrap().run, "good1".into());
}

#[tokio::test]
async fn a_run_that_was_mended_goes_on_where_it_was() {
    let damaged = Damaged::begin().await;
    damaged.sql(DAMAGES[0]);
    damaged.claim().await.unwrap();
    damaged.claim().await.unwrap();
    damaged.sql("update events set kind = 'step_done' where kind = 'bogus'");
    let now = damaged.clock.now();
    damaged.journal.revive(&"bad".into(), now, "ann").await.unwrap();

    let claim = damaged.claim().await.unwrap();
    assert_eq!(claim.run, "bad".into());
    assert_eq!(claim.result(&"step".into()), Some(StepResult::Done("one".into())));
}
