//! How long a failed request waits.

use std::time::Duration;

use connect_processor::Backoff;

#[test]
fn waits_double_up_to_the_cap_and_are_spread() {
    let backoff = Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(60) };
    let spread = |failures| {
        let seconds = |chance| backoff.delay(failures, chance).as_secs_f64();
        format!("{failures}: {} to {} s", seconds(0.0), seconds(1.0))
    };
    let table: Vec<String> = [0, 1, 2, 3, 7, 100, u32::MAX].map(spread).to_vec();
    insta::assert_snapshot!(table.join("\n"), @r"
    0: 0.5 to 1 s
    1: 0.5 to 1 s
    2: 1 to 2 s
    3: 2 to 4 s
    7: 30 to 60 s
    100: 30 to 60 s
    4294967295: 30 to 60 s
    ");
}
