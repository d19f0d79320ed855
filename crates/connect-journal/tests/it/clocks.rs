//! The wall's clock is set, and what waits was written by another life on the file.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use connect_clock::{Clock, VirtualClock, saturating_add};
use connect_journal::{Claim, Finish, Journal, NewRun, SqliteJournal};
use jiff::Timestamp;
use tempfile::TempDir;

const LEASE: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);

fn today() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn in_thirty_years() -> Timestamp {
    "2056-03-01T12:00:00Z".parse().unwrap()
}

struct Place {
    _folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.db");
        Self { _folder: folder, file }
    }
}

/// A handle on a journal, and the clock that its process lives by.
struct Life {
    journal: SqliteJournal,
    clock: VirtualClock,
}

impl Life {
    fn begin(file: &Path, clock: &VirtualClock) -> Self {
        Self { journal: SqliteJournal::open(file, clock.clone()).unwrap(), clock: clock.clone() }
    }

    async fn offer(&self, run: &str) {
        self.journal.offer(&[NewRun::new(run, run, "payload")]).await.unwrap();
    }

    async fn claims(&self) -> Vec<Claim> {
        let most = NonZeroUsize::new(10).unwrap();
        self.journal.claim(&"worker".into(), most, LEASE).await.unwrap()
    }

    async fn claimed(&self) -> Vec<String> {
        let mut runs: Vec<_> = self.claims().await.iter().map(|it| it.run.to_string()).collect();
        runs.sort();
        runs
    }

    fn in_a_minute(&self) -> Timestamp {
        saturating_add(self.clock.now(), MINUTE)
    }

    /// Offers a run and makes it wait for a minute.
    async fn put_to_wait(&self, run: &str, hold_lane: bool) {
        self.offer(run).await;
        let claim = self.claims().await.remove(0);
        let (due, why) = (self.in_a_minute(), String::new());
        self.journal.finish(&claim, Finish::Retry { due, why, hold_lane }).await.unwrap();
    }
}

/// It lived in a wrong year, and died. Once the clock is right, nothing is early and nothing lost.
#[tokio::test]
async fn what_waits_since_a_wrong_year_waits_its_length_and_no_longer() {
    let place = Place::new();
    let wrong = Life::begin(&place.file, &VirtualClock::new(in_thirty_years()));
    wrong.put_to_wait("held", true).await;
    wrong.put_to_wait("not held", false).await;
    let offered = NewRun::new("offered", "lane", "payload").due(wrong.in_a_minute());
    wrong.journal.offer(&[offered]).await.unwrap();
    wrong.offer("ready").await;
    drop(wrong);

    let life = Life::begin(&place.file, &VirtualClock::new(today()));
    assert_eq!(life.claimed().await, ["ready"]);
    life.clock.advance(MINUTE - Duration::from_secs(1));
    assert_eq!(life.claimed().await, ["ready"], "its lease has run out");
    life.clock.advance(Duration::from_secs(1));
    assert_eq!(life.claimed().await, ["held", "not held", "offered"]);
}

#[tokio::test]
async fn a_life_answers_for_what_earlier_ones_have_put_to_wait() {
    for wall in ["2056-01-01T00:00:00Z", "1996-01-01T00:00:00Z"] {
        let (place, clock) = (Place::new(), VirtualClock::new(today()));
        let earlier = Life::begin(&place.file, &clock);
        earlier.put_to_wait("held", true).await;
        earlier.put_to_wait("not held", false).await;
        drop(earlier);

        let life = Life::begin(&place.file, &clock);
        assert_eq!(life.claimed().await, Vec::<String>::new());
        clock.set(wall.parse().unwrap());
        clock.advance(MINUTE - Duration::from_secs(1));
        assert_eq!(life.claimed().await, Vec::<String>::new(), "{wall}");
        clock.advance(Duration::from_secs(1));
        assert_eq!(life.claimed().await, ["held", "not held"], "{wall}");
    }
}

/// Whichever looks first at a clock that is set there and back.
#[tokio::test]
async fn two_lives_on_one_file_move_nothing_twice() {
    for order in [[0, 1], [1, 0]] {
        for years in [in_thirty_years(), "1996-03-01T12:00:00Z".parse().unwrap()] {
            let (place, clock) = (Place::new(), VirtualClock::new(today()));
            let lives = [Life::begin(&place.file, &clock), Life::begin(&place.file, &clock)];
            lives[0].put_to_wait("first", true).await;
            lives[1].put_to_wait("second", false).await;
            for wall in [years, today()] {
                clock.advance(Duration::from_secs(10));
                clock.set(wall);
                for place in order {
                    assert_eq!(lives[place].claimed().await, Vec::<String>::new(), "{wall}");
                }
            }
            clock.advance(Duration::from_secs(39));
            assert_eq!(lives[order[0]].claimed().await, Vec::<String>::new(), "{years}");
            clock.advance(Duration::from_secs(1));
            assert_eq!(lives[order[0]].claimed().await, ["first", "second"], "{years}");
        }
    }
}

/// One of them dies without having looked at the clock since it was set.
#[tokio::test]
async fn what_a_life_cannot_move_any_more_is_moved_by_another() {
    for years in [in_thirty_years(), "1996-03-01T12:00:00Z".parse().unwrap()] {
        let (place, clock) = (Place::new(), VirtualClock::new(today()));
        let (dies, lives) = (Life::begin(&place.file, &clock), Life::begin(&place.file, &clock));
        assert!(lives.claimed().await.is_empty());
        dies.put_to_wait("waits", true).await;
        dies.offer("runs").await;
        assert_eq!(dies.claimed().await, ["runs"]);
        drop(dies);
        clock.advance(Duration::from_secs(10));
        clock.set(years);
        clock.advance(Duration::from_secs(19));
        assert_eq!(lives.claimed().await, Vec::<String>::new(), "{years}");
        clock.advance(Duration::from_secs(1));
        let interrupted = lives.claims().await.remove(0);
        lives.journal.finish(&interrupted, Finish::Done { outcome: "".into() }).await.unwrap();
        clock.advance(Duration::from_secs(29));
        assert_eq!(lives.claimed().await, Vec::<String>::new(), "{years}");
        clock.advance(Duration::from_secs(1));
        assert_eq!(lives.claimed().await, ["waits"], "{years}");
    }
}

/// The holder is at work and has not looked at the clock since it was set; then it looks, and does
/// not renew.
#[tokio::test]
async fn a_lease_is_not_ended_by_another_life_that_sees_a_jump_first() {
    let (place, clock) = (Place::new(), VirtualClock::new(today()));
    let (holder, other) = (Life::begin(&place.file, &clock), Life::begin(&place.file, &clock));
    assert!(other.claimed().await.is_empty());
    holder.offer("run").await;
    let claim = holder.claims().await.remove(0);
    clock.advance(LEASE / 2);
    clock.set(in_thirty_years());
    assert_eq!(other.claimed().await, Vec::<String>::new());
    assert!(holder.journal.renew(&[&claim], LEASE).await.unwrap()[0].is_some());
    clock.advance(LEASE / 2);
    clock.set(today());
    assert_eq!(other.claimed().await, Vec::<String>::new());
    holder.offer("another").await;
    assert_eq!(holder.claimed().await, ["another"]);
    clock.advance(LEASE / 2 - Duration::from_secs(1));
    assert_eq!(other.claimed().await, Vec::<String>::new());
    clock.advance(Duration::from_secs(1));
    assert_eq!(other.claimed().await, ["run"], "and it comes to an end");
}

/// It may be gone soon, and would take away what the other one keeps in time.
#[tokio::test]
async fn who_claims_one_run_does_not_answer_for_what_others_have_put_to_wait() {
    let (place, clock) = (Place::new(), VirtualClock::new(today()));
    let lives = Life::begin(&place.file, &clock);
    lives.put_to_wait("waits", false).await;
    let passes = Life::begin(&place.file, &clock);
    passes.offer("wanted").await;
    let claim = passes.journal.claim_run(&"worker".into(), &"wanted".into(), LEASE, &[]).await;
    passes
        .journal
        .finish(&claim.unwrap().unwrap(), Finish::Idle { outcome: "".into() })
        .await
        .unwrap();
    drop(passes);
    // Forwards, by less than what is left to wait.
    clock.set(saturating_add(clock.now(), MINUTE / 2));
    assert_eq!(lives.claimed().await, Vec::<String>::new());
    clock.advance(MINUTE - Duration::from_secs(1));
    assert_eq!(lives.claimed().await, Vec::<String>::new());
    clock.advance(Duration::from_secs(1));
    assert_eq!(lives.claimed().await, ["waits"]);
}

#[tokio::test]
async fn one_run_can_be_claimed_that_a_life_in_a_wrong_year_was_at() {
    let place = Place::new();
    let wrong = Life::begin(&place.file, &VirtualClock::new(in_thirty_years()));
    wrong.offer("run").await;
    assert_eq!(wrong.claimed().await, ["run"]);
    drop(wrong);
    let life = Life::begin(&place.file, &VirtualClock::new(today()));
    let (worker, run) = ("worker".into(), "run".into());
    assert!(life.journal.claim_run(&worker, &run, LEASE, &[]).await.unwrap().is_none());
    life.clock.advance(LEASE);
    assert!(life.journal.claim_run(&worker, &run, LEASE, &[]).await.unwrap().is_some());
}
