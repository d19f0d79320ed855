//! `cnct handler`.

use serde_json::json;

use crate::cnct::{cnct, json as read, run};

#[test]
fn a_program_that_echoes_is_no_worker() {
    insta::assert_snapshot!(run("handler check --exec cat --case hello"), @"");
}

#[test]
fn programs_read_what_was_expected_and_what_came() {
    let report = read(&mut cnct("handler check --exec true --case input-ends --json"));
    let expected = json!({
        "expected": "the answer to call 1",
        "came": "its end, with exit status: 0",
    });
    assert_eq!(report["cases"][0]["fault"], expected);
    let failed = run("handler check --exec true --case keyed --quiet");
    assert!(failed.starts_with("exit 1\n--- stdout\nkeyed\n"), "{failed}");
}

#[test]
fn a_case_that_is_none_and_a_program_that_is_none_are_said() {
    let failed = run("handler check --exec true --case keyd");
    assert!(failed.starts_with("exit 2"), "{failed}");
    assert!(failed.contains("'keyed'"), "{failed}");
    insta::assert_snapshot!(run("handler check --exec no-such-program"), @"");
}
