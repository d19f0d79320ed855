//! What becomes of runs that were over long ago.

use std::num::NonZeroUsize;
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};

use super::TestStore;
use crate::claim::Claim;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::journal::Journal;
use crate::run::{NewRun, OfferResult, RunFilter};
use crate::step::StepResult;

const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn clock() -> VirtualClock {
    VirtualClock::new(jiff::Timestamp::UNIX_EPOCH)
}

async fn claim(journal: &dyn Journal) -> Claim {
    let claims = journal.claim(&"w".into(), NonZeroUsize::MIN, LEASE).await.unwrap();
    claims.into_iter().next().unwrap()
}

/// A run of its own lane, ended like this; its claim.
async fn ended(journal: &dyn Journal, run: &str, how: Finish) -> Claim {
    journal.offer(&[NewRun::new(run, run, "payload")]).await.unwrap();
    let claim = claim(journal).await;
    let done = StepResult::Done("one".into());
    journal.record(&claim, &"step".into(), done, None).await.unwrap();
    journal.finish(&claim, how).await.unwrap();
    claim
}

fn done() -> Finish {
    Finish::Done { outcome: "".into() }
}

/// A run that was over before the given time is listed as such, and can be removed with all that is
/// known of it; one that ended later is kept.
pub async fn a_run_that_was_over_long_ago_can_be_removed(store: &impl TestStore) {
    let clock = clock();
    let journal = store.fresh(clock.clone()).await;
    ended(&*journal, "old-done", done()).await;
    ended(&*journal, "old-dead", Finish::Dead { why: "why".to_owned() }).await;
    clock.advance(DAY);
    let before = clock.now();
    ended(&*journal, "young", done()).await;
    let filter = RunFilter { ended_before: Some(before), ..RunFilter::default() };
    let old: Vec<_> = journal.runs(&filter).await.unwrap().into_iter().map(|run| run.id).collect();
    assert_eq!(old, ["old-dead".into(), "old-done".into()]);

    let all = ["old-dead".into(), "old-done".into(), "young".into(), "unknown".into()];
    assert_eq!(journal.remove(&all, before).await.unwrap(), 2);
    let left = journal.runs(&RunFilter::default()).await.unwrap();
    assert_eq!(left.into_iter().map(|run| run.id).collect::<Vec<_>>(), ["young".into()]);
    assert!(journal.history(&"old-done".into(), 0..9).await.unwrap().is_empty());
    assert_eq!(journal.remove(&all, before).await.unwrap(), 0, "once more is fine");
}

/// Whatever is not over is never removed, however old it is.
pub async fn what_is_not_over_is_never_removed(store: &impl TestStore) {
    let clock = clock();
    let journal = store.fresh(clock.clone()).await;
    let idle = Finish::Idle { outcome: "".into() };
    let park = Finish::Park { why: "why".to_owned(), hold_lane: false, step: None };
    let later = clock.now() + 100 * DAY;
    let retry = Finish::Retry { due: later, why: "why".to_owned(), hold_lane: true };
    for (run, how) in [("idle", idle), ("parked", park), ("waits", retry)] {
        ended(&*journal, run, how).await;
    }
    journal.offer(&[NewRun::new("running", "running", "")]).await.unwrap();
    claim(&*journal).await;
    journal.offer(&[NewRun::new("ready", "ready", "")]).await.unwrap();
    clock.advance(50 * DAY);
    let filter = RunFilter { ended_before: Some(clock.now()), ..RunFilter::default() };
    assert!(journal.runs(&filter).await.unwrap().is_empty());
    let all = ["idle", "parked", "waits", "running", "ready"].map(Into::into);
    assert_eq!(journal.remove(&all, clock.now()).await.unwrap(), 0);
    assert_eq!(journal.runs(&RunFilter::default()).await.unwrap().len(), 5);
}

/// A claim of a run that was removed writes nothing, also when the run has been offered anew and is
/// worked on again.
pub async fn a_claim_of_a_removed_run_writes_nothing(store: &impl TestStore) {
    let clock = clock();
    let journal = store.fresh(clock.clone()).await;
    let old = ended(&*journal, "run", done()).await;
    clock.advance(DAY);
    assert_eq!(journal.remove(&["run".into()], clock.now()).await.unwrap(), 1);
    for again in [false, true] {
        if again {
            let offered = journal.offer(&[NewRun::new("run", "run", "")]).await.unwrap();
            assert_eq!(offered, [OfferResult::New]);
            assert!(claim(&*journal).await.fence > old.fence);
        }
        let fenced = |error| matches!(error, JournalError::Fenced);
        let two = StepResult::Done("two".into());
        assert!(fenced(journal.intend(&old, &"step".into()).await.unwrap_err()));
        assert!(fenced(journal.record(&old, &"step".into(), two, None).await.unwrap_err()));
        assert!(fenced(journal.finish(&old, done()).await.unwrap_err()));
        assert_eq!(journal.renew(&[&old], LEASE).await.unwrap(), [None]);
    }
}
