//! The wall's clock is wrong, and is set.

use connect_clock::Monotonic;
use futures::FutureExt;
use jiff::SignedDuration;

use super::TestStore;
use super::harness::{Harness, LEASE, PAYLOAD, idle, over, park, retry, wait};
use crate::history::{Fact, replay};
use crate::run::NewRun;

const THIRTY_YEARS: u64 = 30 * 365 * 24 * 60 * 60;

/// Ways to set the wall while somebody waits, in milliseconds: by a moment, by an hour, and by
/// thirty years, forwards, back, and there and back again.
const JUMPS: [&[i64]; 9] = [
    &[YEARS],
    &[-YEARS],
    &[YEARS, -YEARS],
    &[-YEARS, YEARS],
    &[HOUR],
    &[-HOUR],
    &[900, 900, 900],
    &[-900, -900, -900],
    &[YEARS, YEARS, -YEARS],
];
const HOUR: i64 = 60 * 60 * 1000;
const YEARS: i64 = THIRTY_YEARS.cast_signed() * 1000;

/// A way to make a run wait.
#[derive(Clone, Copy, Debug)]
enum WaitKind {
    Lease,
    Retry { hold_lane: bool },
    Wait { hold_lane: bool },
    Offer,
    News,
    Revival,
}

/// The time that runs are made to wait here, in seconds; as long as a lease.
const LENGTH: u64 = LEASE.as_secs();

impl WaitKind {
    /// Makes the run `r1` wait.
    async fn begin(self, harness: &Harness) {
        let due = harness.in_secs(LENGTH);
        let new = NewRun::new("r1", "lane", PAYLOAD);
        if matches!(self, Self::Offer) {
            harness.offer_run(new.due(due)).await;
            return;
        }
        harness.offer_run(new).await;
        let claim = harness.claim().await;
        match self {
            Self::Lease | Self::Offer => {}
            Self::Retry { hold_lane } => harness.finish(&claim, retry(due, hold_lane)).await,
            Self::Wait { hold_lane } => harness.finish(&claim, wait(due, hold_lane)).await,
            Self::News => {
                harness.finish(&claim, idle()).await;
                harness.offer_run(NewRun::new("r1", "lane", "news").due(due)).await;
            }
            Self::Revival => {
                harness.finish(&claim, park(false)).await;
                let revived = harness.journal.revive(&"r1".into(), due, "ann").await;
                revived.expect("the run is revived");
            }
        }
    }
}

/// Waits in this way while the wall is set, with and without anybody looking in between: the run is
/// claimed when its time has passed, not a second earlier or later.
async fn takes_its_time(store: &dyn TestStore, kind: WaitKind) {
    for jumps in JUMPS {
        for looks in [true, false] {
            let harness = Harness::new(store).await;
            kind.begin(&harness).await;
            for jump in jumps {
                harness.pass_secs(5);
                harness.set_wall(SignedDuration::from_millis(*jump));
                if looks {
                    assert!(harness.claimed(1).await.is_empty(), "{kind:?} {jumps:?}: early");
                }
            }
            harness.pass_secs(LENGTH - 1 - 5 * jumps.len() as u64);
            assert!(harness.claimed(1).await.is_empty(), "{kind:?} {jumps:?} {looks}: early");
            harness.pass_secs(1);
            assert_eq!(harness.claimed(1).await, ["r1"], "{kind:?} {jumps:?} {looks}: late");
        }
    }
}

/// A lease lasts as long as it was granted for.
pub async fn no_jump_of_the_wall_moves_a_lease(store: &dyn TestStore) {
    takes_its_time(store, WaitKind::Lease).await;
}

/// A failed run is tried again when it was to be.
pub async fn no_jump_of_the_wall_moves_a_retry(store: &dyn TestStore) {
    for hold_lane in [true, false] {
        takes_its_time(store, WaitKind::Retry { hold_lane }).await;
    }
}

/// A run that waits goes on when it was to.
pub async fn no_jump_of_the_wall_moves_a_wait(store: &dyn TestStore) {
    for hold_lane in [true, false] {
        takes_its_time(store, WaitKind::Wait { hold_lane }).await;
    }
}

/// A due time that came from outside is as far away as it was when it was said.
pub async fn no_jump_of_the_wall_moves_what_was_offered_for_later(store: &dyn TestStore) {
    for kind in [WaitKind::Offer, WaitKind::News, WaitKind::Revival] {
        takes_its_time(store, kind).await;
    }
}

/// Whatever is due can be claimed, though the wall shows a time at which it was not.
pub async fn what_is_due_stays_due_when_the_wall_is_set_back(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    for (run, due) in [("r1", 0), ("r2", 60)] {
        harness.offer_run(NewRun::new(run, run, PAYLOAD).due(harness.in_secs(due))).await;
    }
    harness.pass_secs(60);
    for _ in 0..2 {
        harness.set_back_secs(THIRTY_YEARS);
        let counts = harness.journal.counts().await.expect("the counts are answered");
        assert_eq!((counts.ready_now, counts.next_due), (2, None));
    }
    assert_eq!(harness.claimed(10).await, ["r1", "r2"]);
}

/// An idle worker is woken when a run is due, not when the wall shows its due time.
pub async fn waiting_ends_when_a_run_is_due_whatever_the_wall_shows(store: &dyn TestStore) {
    for jump in [YEARS, -YEARS] {
        let harness = Harness::new(store).await;
        WaitKind::Offer.begin(&harness).await;
        assert!(harness.claimed(1).await.is_empty());
        let mut waiting = harness.journal.wait_due(Monotonic::MAX);
        harness.set_wall(SignedDuration::from_millis(jump));
        harness.pass_secs(LENGTH - 1);
        assert!((&mut waiting).now_or_never().is_none());
        harness.pass_secs(1);
        assert!(waiting.now_or_never().is_some());
        assert_eq!(harness.claimed(1).await, ["r1"]);
    }
}

/// Whoever reads a run sees when it is due by the wall as it is, and why that has changed.
pub async fn a_due_time_that_was_moved_is_told(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    WaitKind::Wait { hold_lane: true }.begin(&harness).await;
    for jump in [YEARS, -HOUR] {
        harness.set_wall(SignedDuration::from_millis(jump));
        let (due, run) = (harness.in_secs(LENGTH), harness.run("r1").await);
        assert_eq!(run.due, Some(due));
        assert_eq!(harness.facts("r1").await.pop(), Some(Fact::Moved { due }));
        let history = harness.journal.history(&"r1".into(), 0..u64::MAX).await.expect("it is read");
        assert_eq!(replay(&"r1".into(), &history), Some(run));
    }
}

/// A life whose clock was years ahead dies; once the clock is right, its runs go on after a lease.
pub async fn a_lease_from_a_wrong_year_ends_after_its_length(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    harness.offer("r2", "lane").await;
    harness.pass_secs(THIRTY_YEARS);
    let lost = harness.claim().await;

    harness.set_back_secs(THIRTY_YEARS);
    assert!(harness.claimed(10).await.is_empty(), "its worker may still be alive");
    harness.pass_secs(LEASE.as_secs() - 1);
    assert!(harness.claimed(10).await.is_empty());
    harness.pass_secs(1);
    let next = harness.claim().await;
    assert_eq!((next.run, next.attempt), (lost.run, 2));
    assert!(next.fence > lost.fence);
}

/// As with the claim, so with a renewal.
pub async fn a_renewal_in_a_wrong_year_ends_after_its_length(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    harness.pass_secs(THIRTY_YEARS);
    harness.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");

    harness.set_back_secs(THIRTY_YEARS);
    assert!(harness.claimed(10).await.is_empty());
    harness.let_leases_run_out();
    assert_eq!(harness.claimed(10).await, ["r1"]);
}

/// Whenever it happens within a lease and however far it goes: who holds the run may work on it
/// until its own deadline, which no clock on a wall moves.
pub async fn a_clock_set_back_ends_no_lease_early(store: &dyn TestStore) {
    for back in [1, LEASE.as_secs(), 3600, THIRTY_YEARS] {
        for after in [0, 1, LEASE.as_secs() - 1] {
            let harness = Harness::new(store).await;
            harness.offer("r1", "lane").await;
            harness.claim().await;
            harness.pass_secs(after);
            harness.set_back_secs(back);
            for second in after..LEASE.as_secs() {
                assert!(harness.claimed(1).await.is_empty(), "{back} s back, second {second}");
                harness.pass_secs(1);
            }
            harness.pass_secs(back.min(LEASE.as_secs()));
            assert_eq!(harness.claimed(1).await, ["r1"], "{back} s back: it comes to an end");
        }
    }
}

/// A worker that renews and writes as ever does not notice.
pub async fn a_holder_keeps_its_run_over_a_clock_set_back(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    for back in [5, 3600, THIRTY_YEARS] {
        harness.set_back_secs(back);
        assert!(harness.claimed(1).await.is_empty());
        harness.pass_secs(LEASE.as_secs() - 1);
        let renewed = harness.journal.renew(&[&claim], LEASE).await.expect("renewing is answered");
        assert!(renewed[0].is_some());
        harness.record(&claim, &format!("after {back}"), "one").await;
    }
    harness.finish(&claim, over()).await;
}

/// A person can bring a run forward that waits since a wrong year.
pub async fn every_way_to_wait_outlives_a_wrong_year(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.pass_secs(THIRTY_YEARS);
    let soon = harness.in_secs(60);
    let ways = [retry(soon, true), retry(soon, false), wait(soon, true), park(true)];
    for (place, how) in ways.into_iter().enumerate() {
        let run = format!("r{place}");
        harness.offer(&run, &run).await;
        harness.finish(&harness.claim().await, how).await;
    }
    harness.set_back_secs(THIRTY_YEARS);
    assert!(harness.claimed(10).await.is_empty());
    for place in 0..4 {
        harness.revive(&format!("r{place}")).await;
    }
    assert_eq!(harness.claimed(10).await.len(), 4);
}
