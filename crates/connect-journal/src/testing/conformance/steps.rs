//! Steps: a result that was recorded stays.

use super::TestStore;
use super::harness::{Harness, done};
use crate::history::Fact;
use crate::step::{StepResult, StepState};

/// Repeats answer the first result, whatever they say and whichever claim they come from.
pub async fn a_recorded_step_keeps_its_first_result(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    assert_eq!(harness.record(&first, "step", "one").await, done("one"));
    let told = harness.facts("r1").await;
    assert_eq!(harness.record(&first, "step", "one").await, done("one"));
    assert_eq!(harness.record(&first, "step", "two").await, done("one"));
    assert_eq!(harness.facts("r1").await, told);

    harness.let_leases_run_out();
    let second = harness.claim().await;
    assert_eq!(harness.record(&second, "step", "three").await, done("one"));
    assert_eq!(harness.run("r1").await.steps, first_result(first.fence));
}

fn first_result(fence: crate::names::Fence) -> [crate::step::StepRecord; 1] {
    [crate::step::StepRecord { step: "step".into(), fence, state: StepState::Done("one".into()) }]
}

/// Giving up is as final as success.
pub async fn a_step_given_up_stays_given_up(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    let gave_up = StepResult::GaveUp("no such tenant".to_owned());
    let recorded = harness.journal.record(&first, &"step".into(), gave_up.clone(), None).await;
    assert_eq!(recorded.expect("the step is recorded"), gave_up);

    assert_eq!(harness.record(&first, "step", "after all").await, gave_up);
    harness.let_leases_run_out();
    assert_eq!(harness.claim().await.result(&"step".into()), Some(gave_up));
}

/// An intent without result is what tells a later claim to look before it acts.
pub async fn a_later_claim_finds_what_was_only_intended(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    harness.intend(&first, "step").await;
    harness.intend(&first, "step").await;
    harness.let_leases_run_out();

    let second = harness.claim().await;
    assert_eq!(second.steps[0].state, StepState::Intended);
    assert_eq!(second.steps[0].fence, first.fence);
    harness.intend(&second, "step").await;
    assert_eq!(harness.run("r1").await.steps[0].fence, second.fence);
    let intents = harness.facts("r1").await;
    let intents = intents.iter().filter(|fact| matches!(fact, Fact::Intended { .. }));
    assert_eq!(intents.count(), 2, "one of each claim");
}

/// Result and next intent are one write.
pub async fn recording_a_step_can_intend_the_next(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    let next = "second".into();
    let recorded = harness.journal.record(&first, &"first".into(), done("1"), Some(&next)).await;
    recorded.expect("the step is recorded");

    let states: Vec<_> = harness.run("r1").await.steps.into_iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done("1".into()), StepState::Intended]);
}

/// Whoever records must be able to rely on the intent, also when the result was there before.
pub async fn a_repeated_record_still_intends_the_next(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    harness.record(&first, "first", "1").await;
    harness.let_leases_run_out();

    let second = harness.claim().await;
    let next = "second".into();
    for _ in 0..2 {
        let recorded =
            harness.journal.record(&second, &"first".into(), done("x"), Some(&next)).await;
        assert_eq!(recorded.expect("the step is recorded"), done("1"));
    }
    let steps = harness.run("r1").await.steps;
    assert_eq!(steps[1].step, next);
    assert_eq!((&steps[1].state, steps[1].fence), (&StepState::Intended, second.fence));
    assert_eq!(harness.facts("r1").await.len(), 5);
}

/// A result is never overwritten by an intent.
pub async fn an_intent_says_nothing_new_after_the_result(store: &dyn TestStore) {
    let harness = Harness::new(store).await;
    harness.offer("r1", "lane").await;
    let first = harness.claim().await;
    harness.record(&first, "step", "one").await;
    harness.intend(&first, "step").await;
    harness.let_leases_run_out();
    let second = harness.claim().await;
    harness.intend(&second, "step").await;
    assert_eq!(harness.run("r1").await.steps, first_result(first.fence));
}
