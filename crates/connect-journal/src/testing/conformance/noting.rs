//! Notes: what people read of attempts.

use super::TestStore;
use super::harness::{Harness, done};
use crate::error::JournalError;
use crate::finish::Finish;
use crate::step::StepResult;

async fn told(harness: &Harness) -> Vec<(u32, String, bool, String)> {
    let notes = harness.journal.notes(&"r1".into()).await.expect("notes");
    let told = notes.into_iter().map(|note| {
        let body = String::from_utf8_lossy(&note.body).into_owned();
        (note.attempt, note.step.to_string(), note.is_recorded, body)
    });
    told.collect()
}

/// A repeated record notes nothing: the first one has.
pub async fn what_is_noted_of_a_step_is_written_with_its_result(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let claim = harness.claim().await;
    for note in ["first", "second"] {
        let result = StepResult::Done("one".into());
        let step = "step".into();
        let recorded = harness.journal.record_noting(&claim, &step, result, note.into()).await;
        assert_eq!(recorded.expect("the step is recorded"), done("one"));
    }
    assert_eq!(told(&harness).await, [(1, "step".to_owned(), true, "first".to_owned())]);
    assert_eq!(harness.run("r1").await.steps.len(), 1, "a note is no step");
}

/// However often a run fails, its notes do not grow without end; those of steps that were recorded
/// stay.
pub async fn of_failed_attempts_the_first_and_the_last_notes_are_kept(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    for attempt in 1..=30 {
        let claim = harness.claim().await;
        if attempt == 5 {
            let (step, result) = ("early".into(), StepResult::Done("one".into()));
            let noting = harness.journal.record_noting(&claim, &step, result, "kept".into());
            noting.await.expect("the step is recorded");
        }
        let due = jiff::Timestamp::UNIX_EPOCH;
        let how = Finish::Retry { due, why: "no answer".to_owned(), hold_lane: true };
        let notes = [("step".into(), format!("{attempt}").into())];
        harness.journal.finish_noting(&claim, how.clone(), &notes).await.expect("finished");
        let again = harness.journal.finish_noting(&claim, how, &notes).await;
        again.expect("repeating a finish is fine");
    }
    let failed = told(&harness).await.into_iter().filter(|note| !note.2);
    let failed: Vec<u32> = failed.map(|note| note.0).collect();
    assert_eq!(failed, [1, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    let early = (5, "early".to_owned(), true, "kept".to_owned());
    assert!(told(&harness).await.contains(&early));
}

/// Whoever has lost the run writes nothing about it.
pub async fn a_note_of_an_old_claim_is_refused_with_its_write(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let old = harness.claim().await;
    harness.let_leases_run_out();
    harness.claim().await;
    let result = StepResult::Done("one".into());
    let recorded = harness.journal.record_noting(&old, &"step".into(), result, "x".into()).await;
    assert!(matches!(recorded, Err(JournalError::Fenced)), "{recorded:?}");
    let how = Finish::Dead { why: "over".to_owned() };
    let finished = harness.journal.finish_noting(&old, how, &[("step".into(), "x".into())]).await;
    assert!(matches!(finished, Err(JournalError::Fenced)), "{finished:?}");
    assert!(told(&harness).await.is_empty());
}
