//! `cnct crashtest`.

use crate::cnct::{cnct, json, run};

#[test]
fn a_crash_test_prints_what_was_tried() {
    insta::assert_snapshot!(run("crashtest resume"), @"
        exit 0
        --- stdout
        request  status     deaths  troubles   lives  effects  parked  broken
        resume   approved       66         5     138       71       0       0

        points: after journal 20, after platform 12, after vendor 1, before journal 20, before platform 12, before vendor 1
        no promise was broken
        ");
}

#[test]
fn programs_read_what_was_found() {
    let certificate = json(&mut cnct("crashtest suspend --json"));
    assert_eq!(certificate["findings"], serde_json::json!([]));
    assert_eq!(certificate["requests"][0]["status"], "approved");
}

#[test]
fn a_request_that_no_crash_test_has_is_wrong_usage() {
    insta::assert_snapshot!(run("crashtest resume refund"), @"
        exit 2
        --- stderr
        error: no request `refund` in the crash test: purchase, migration, change, suspend, resume, cancel, adjustment, renew, transfer, revoked purchase, revoked change, tier config setup, tier config update, tier config adjustment, tier account update, slow purchase
          name some of these, or none for all
        ");
}
