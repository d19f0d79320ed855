//! Why a request waits.

use std::time::Duration;

use connect_clock::Clock;
use connect_console::{Answer, AnswerError};
use connect_journal::{Finish, Journal, JournalError, NewRun, RunState};
use connect_processor::{Scope, drain};

use crate::runs::{Desk, RUN};

#[tokio::test]
async fn a_request_that_nobody_has_begun() {
    let desk = Desk::new().await;
    insta::assert_snapshot!(desk.explained().await, @"
    ready: It is due, and no processor has begun it yet.
    next it is begun as soon as a processor of this journal runs and has a place free
    can: Park, Take over by hand
    ");
}

#[tokio::test]
async fn a_request_that_is_tried_again() {
    let desk = Desk::new().await;
    desk.fails().await;
    desk.passes(10_000);
    desk.fails().await;
    insta::assert_snapshot!(desk.explained().await, @"
    waiting: It has failed 2 times in a row, and is tried again in 10.0 s.
    because vendor: 503 Service Unavailable
    next the processor works on it again, at 2026-11-01T08:00:20Z
    can: Try now, Park, Take over by hand
    ");
}

#[tokio::test]
async fn a_request_of_a_product_that_is_paused() {
    let desk = Desk::new().await;
    Scope::Product("PRD-2".into()).pause(&desk.journal, "ines").await.unwrap();
    Scope::Product("PRD-1".into()).pause(&desk.journal, "ines").await.unwrap();
    insta::assert_snapshot!(desk.explained().await, @"
    ready: It is due, and is not begun.
    because ines has paused product PRD-1, at 2026-11-01T08:00:00Z
    can: Park, Take over by hand
    ");
    drain(&desk.journal, "karl").await.unwrap();
    insta::assert_snapshot!(desk.explained().await, @"
    ready: It is due, and is not begun.
    because karl has told the processors to end, at 2026-11-01T08:00:00Z
    because ines has paused product PRD-1, at 2026-11-01T08:00:00Z
    can: Park, Take over by hand
    ");
}

#[tokio::test]
async fn a_request_behind_another_of_its_subscription() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    let due = desk.clock.now() + Duration::from_secs(60);
    let how = Finish::Retry { due, why: "503".to_owned(), hold_lane: true };
    desk.finish(&claim, how).await;
    desk.journal.offer(&[NewRun::new("PR-1-002", "AS-1", "{}")]).await.unwrap();
    let story = connect_console::RunStory::read(&desk.journal, &"PR-1-002".into()).await.unwrap();
    let told = connect_console::Explanation::of(&story.unwrap(), desk.clock.now());
    assert_eq!(
        told.because,
        ["another request of the same subscription comes first: PR-1-001 is ready"]
    );
}

#[tokio::test]
async fn a_request_that_is_worked_on() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    desk.journal.intend(&claim, &"enable".into()).await.unwrap();
    desk.passes(1_200);
    insta::assert_snapshot!(desk.explained().await, @"
    running: Attempt 1 is at work, for 1.2 s.
    because it is in step enable
    because worker-1 has it
    next if that process has died, another one takes it over once its lease has ended
    can:
    ");
}

#[tokio::test]
async fn a_request_with_a_step_in_doubt() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    let why = "step `enable` must not be repeated and ended without a definite answer".to_owned();
    desk.finish(&claim, Finish::Park { why, hold_lane: false, step: Some("enable".into()) }).await;
    insta::assert_snapshot!(desk.explained().await, @"
    parked: A person has to look at it.
    because step `enable` must not be repeated and ended without a definite answer
    because step enable may have happened: ask the vendor; once it is revived, that step acts again unless its handler finds out by itself
    can: Revive
    ");
}

#[tokio::test]
async fn a_request_whose_customer_was_asked_and_one_that_is_over() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    desk.finish(&claim, Finish::Idle { outcome: "inquired".into() }).await;
    insta::assert_snapshot!(desk.explained().await, @"
    idle: The customer was asked, and has not answered yet.
    because the last attempt ended: inquired
    next the processor goes on once the request is pending again
    can:
    ");
    desk.journal.offer(&[NewRun::new(RUN, "AS-1", "{\"news\":1}")]).await.unwrap();
    desk.approves().await;
    insta::assert_snapshot!(desk.explained().await, @"
    done: It is over: approved.
    can:
    ");
}

#[tokio::test]
async fn a_request_is_taken_over_once_and_goes_on_when_it_is_revived() {
    let desk = Desk::new().await;
    desk.fails().await;
    let give = async |answer: Answer| {
        answer.give(&desk.journal, &RUN.into(), "ines", desk.clock.now()).await
    };
    give(Answer::TakeOver).await.unwrap();
    let facts = desk.story().await.history.len();
    give(Answer::TakeOver).await.unwrap();
    assert_eq!(desk.story().await.history.len(), facts, "taking over twice has no second effect");
    insta::assert_snapshot!(desk.explained().await, @"
    parked: A person has to look at it.
    because taken over by ines, who decides the request in Connect
    can: Revive
    ");
    give(Answer::Revive).await.unwrap();
    assert_eq!(desk.story().await.run.state, RunState::Ready);

    let _claim = desk.claim().await;
    assert!(matches!(give(Answer::Park).await, Err(AnswerError::Busy { .. })));
    let unknown = Answer::Park.give(&desk.journal, &"PR-2".into(), "ines", desk.clock.now()).await;
    assert!(matches!(unknown, Err(AnswerError::Journal(JournalError::NoSuchRun { .. }))));
}
