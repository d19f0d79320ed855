//! What happened, in order.

use connect_journal::{Finish, Journal};
use connect_timeline::{Chart, Timeline};

use crate::runs::{Desk, RUN};

#[tokio::test]
async fn a_retry_and_its_wait_are_seen_before_the_approval() {
    let desk = Desk::new().await;
    desk.passes(3);
    desk.fails().await;
    desk.passes(10_000);
    desk.approves().await;
    insta::assert_snapshot!(desk.told().await, @"
      0 ms Processor plain hears of the request
      3 ms Processor bad   attempt 1, 40 ms
      3 ms Processor open  step enable: without a result, 40 ms
     23 ms Vendor    bad   PUT /tenant/t-1/enable → 503, 20 ms
     43 ms Processor bad   fails: vendor: 503 Service Unavailable
     43 ms Processor open  waits for its next try, due at 2026-11-01T08:00:10Z, 10.0 s
    10.0 s Processor good  attempt 2, 35 ms
    10.0 s Processor good  step enable, 30 ms
    10.0 s Vendor    good  PUT /tenant/t-1/enable → 200, 20 ms
    10.0 s Connect   good  approved
    ");
}

#[tokio::test]
async fn a_process_that_dies_in_a_step_is_seen_to_be_gone() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    desk.journal.intend(&claim, &"enable".into()).await.unwrap();
    desk.passes(60_001);
    desk.approves().await;
    insta::assert_snapshot!(desk.told().await, @"
     0 ms Processor plain hears of the request
     0 ms Processor bad   attempt 1: its process was gone, 1 min
     0 ms Processor open  step enable: without a result, 1 min
    1 min Processor good  attempt 2, takes over, 35 ms
    1 min Processor good  step enable, 30 ms
    1 min Vendor    good  PUT /tenant/t-1/enable → 200, 20 ms
    1 min Connect   good  approved
    ");
}

#[tokio::test]
async fn what_goes_on_has_lasted_until_now() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    desk.journal.intend(&claim, &"enable".into()).await.unwrap();
    desk.passes(1_500);
    insta::assert_snapshot!(desk.told().await, @"
    0 ms Processor plain hears of the request
    0 ms Processor plain attempt 1, 1.5 s so far
    0 ms Processor open  step enable, 1.5 s so far
    ");
}

#[tokio::test]
async fn marks_of_the_processor_are_said_in_words_or_left_out() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    for step in ["@deadline", "@undo.create", "@say.1", "@fail"] {
        desk.journal.intend(&claim, &step.into()).await.unwrap();
        desk.passes(2);
    }
    desk.finish(&claim, Finish::Done { outcome: "failed".into() }).await;
    insta::assert_snapshot!(desk.told().await, @"
    0 ms Processor plain hears of the request
    0 ms Processor good  attempt 1, 8 ms
    2 ms Processor open  undoes create: without a result, 6 ms
    4 ms Connect   plain writes a message, 4 ms
    6 ms Connect   plain tells Connect to fail it, 2 ms
    8 ms Connect   bad   failed
    ");
}

#[tokio::test]
async fn words_of_the_vendor_make_no_markup() {
    let desk = Desk::new().await;
    let claim = desk.claim().await;
    let why = "<img src=x onerror=alert(1)>\u{1b}[2J".to_owned();
    desk.finish(&claim, Finish::Dead { why }).await;
    let mut told = Timeline::new(RUN, "2026-11-01T08:00:00Z".parse().unwrap());
    told.add(connect_console::timeline(&desk.story().await));
    let html = Chart::of(&told).to_string();
    assert!(html.contains("onerror") && !html.contains("<img"), "{html}");
    assert!(told.lines().all(|line| !line.text.contains('\u{1b}')));
}
