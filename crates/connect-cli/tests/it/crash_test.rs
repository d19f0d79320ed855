//! `cnct crashtest`.

use crate::cnct::{cnct, json, run};

#[test]
fn a_crash_test_prints_what_was_tried() {
    insta::assert_snapshot!(run("crashtest resume"), @"");
}

#[test]
fn programs_read_what_was_found() {
    let certificate = json(&mut cnct("crashtest suspend --json"));
    assert_eq!(certificate["findings"], serde_json::json!([]));
    assert_eq!(certificate["requests"][0]["status"], "approved");
}

#[test]
fn a_request_that_no_crash_test_has_is_wrong_usage() {
    insta::assert_snapshot!(run("crashtest resume refund"), @"");
}
