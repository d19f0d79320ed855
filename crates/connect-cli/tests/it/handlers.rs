//! `cnct handler`.

use serde_json::{Value, json};

use crate::cnct::{cnct, run};

#[test]
fn a_program_that_echoes_is_no_worker() {
    insta::assert_snapshot!(run("handler check --exec cat --case hello"), @r#"
        exit 9
        --- stdout
        CASE   RESULT  A WORKER
        hello  failed  says what it handles

        hello
          expected  the answer to call 1
          came      the call `initialize` {"protocol":1,"runtime":"check","worker":1,"later":[]}
        --- stderr
        error: 1 of 1 cases failed; they are shown above
          docs/worker-conformance.md says what the program is to do; --case NAME plays one alone
        "#);
}

#[test]
fn programs_read_what_was_expected_and_what_came() {
    let output = cnct("handler check --exec true --case input-ends --json").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = json!({
        "expected": "the answer to call 1",
        "came": "its end, with exit status: 0; it printed nothing",
    });
    assert_eq!(report["cases"][0]["fault"], expected);
    let failed = run("handler check --exec true --case keyed --quiet");
    assert!(failed.starts_with("exit 9\n--- stdout\nkeyed\n"), "{failed}");
}

#[test]
fn a_case_that_is_none_and_a_program_that_is_none_are_said() {
    let failed = run("handler check --exec true --case keyd");
    assert!(failed.starts_with("exit 2"), "{failed}");
    assert!(failed.contains("'keyed'"), "{failed}");
    insta::assert_snapshot!(run("handler check --exec no-such-program"), @"
        exit 1
        --- stderr
        error: `no-such-program`, which --exec or --python names, cannot be run; is it on the PATH?
          because: No such file or directory (os error 2)
        ");
}
