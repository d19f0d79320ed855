//! The check of workers: it passes for those that are right, and finds what is wrong with others.

use connect_exec::{Channel, CommandLine, ExecSettings, case_names, check};

use crate::harness::{javascript_example, python, python_example};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_on_the_python_library_keep_to_the_protocol() {
    passes(&python_example(), Channel::Stdio).await;
    passes(&python_example(), Channel::Socket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_on_the_javascript_library_keep_to_the_protocol() {
    let Some(example) = javascript_example() else { return };
    passes(&example, Channel::Stdio).await;
    passes(&example, Channel::Socket).await;
}

async fn passes(line: &CommandLine, channel: Channel) {
    let settings = ExecSettings { exec_channel: channel, ..ExecSettings::of(line.clone(), None) };
    let report = check(&settings, None).await.unwrap();
    let faults: Vec<_> = report.cases.iter().filter(|case| case.fault.is_some()).collect();
    assert!(faults.is_empty(), "{channel:?}: {faults:#?}");
    assert!(report.cases.len() > 50);
    let skipped = report.cases.iter().filter(|case| case.skipped.is_some()).map(|case| case.name);
    // The libraries have none of it.
    assert_eq!(skipped.collect::<Vec<_>>(), ["report"], "{channel:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_reports_a_month_keeps_to_the_protocol() {
    let settings = ExecSettings::of(python("faulty.py", "reports-rightly"), None);
    for name in ["hello", "report"] {
        let report = check(&settings, Some(name)).await.unwrap();
        let [case] = report.cases.as_slice() else { panic!("{report:#?}") };
        assert!(case.fault.is_none() && case.skipped.is_none(), "{report:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_about_what_a_worker_does_not_declare_is_skipped_with_a_word() {
    let settings = ExecSettings::of(python("bad.py", "dies none"), None);
    for (name, of) in [
        ("revocation", "revocations of purchases"),
        ("tier-config", "setups of tier configurations"),
        ("report", "reports"),
        ("validation", "validations of purchases"),
        ("validation-reads", "validations of purchases"),
        ("validation-fails", "validations of purchases"),
    ] {
        let report = check(&settings, Some(name)).await.unwrap();
        assert_eq!(report.failed(), 0, "{report:#?}");
        let why = format!("the program declares no handler of {of}");
        assert_eq!(report.cases[0].skipped.as_ref(), Some(&why));
    }
}

/// A fault of `faulty.py`, the case that finds it, and words of what came.
const FAULTS: &[(&str, &str, &str)] = &[
    ("answers-twice", "keyed", "a second answer"),
    ("answers-another-call", "hello", "an answer to call 1001, which nobody made"),
    ("answers-too-early", "recorded-first", "the answer"),
    ("never-begins", "keyed", "`step.complete`"),
    ("begins-under-another-name", "keyed", "\"step\":\"b\""),
    ("says-another-class", "once", "\"class\":\"keyed\""),
    ("never-looks", "found", "`step.complete`"),
    ("acts-again", "done", "`step.complete`"),
    ("takes-no-for-yes", "was-refused", "approve"),
    ("says-the-value-of-another-run", "at-once", "`step.complete`"),
    ("says-another-run", "keyed", "\"run\":\"another\""),
    ("goes-on-when-stopped", "stopped-unheard", "`step.begin`"),
    ("goes-on-when-cancelled", "cancelled", "`step.begin`"),
    ("prints-into-the-protocol", "prints", "a second answer to call 1"),
    ("outlives-its-input", "input-ends", "a process that goes on"),
    ("ignores-the-signal", "told-to-end", "a process that goes on"),
    ("says-another-hello", "same-hello", "at_once: 2"),
    ("takes-any-protocol", "other-protocol", "handlers"),
    ("dies-of-what-it-does-not-know", "unknown", "its end"),
    ("floods", "keyed", "more than 1000 lines"),
    ("gives-an-outcome-that-is-none", "outcomes", "approved"),
    ("sends-a-batch", "hello", "the batch"),
    ("speaks-another-version", "hello", "1.0"),
    ("says-what-is-no-json", "hello", "no JSON-RPC 2.0"),
    ("uses-an-id-twice", "keyed", "a second call with the id 1"),
    ("forgets-when-to-come-back", "errors", "the error"),
    ("hides-that-a-person-has-to-look", "errors", "-32000"),
    ("undoes-without-the-value", "undo", "-32001"),
    ("spoils-what-is-not-ascii", "values", "?"),
    ("forgets-what-it-said-to-the-vendor", "calls", "`step.complete`"),
    ("keeps-what-it-said-to-itself-after-a-refusal", "calls", "`step.refused`"),
    ("forgets-how-often-it-went-wrong", "failures", "[0]"),
    ("forgets-what-another-system-wrote", "migration", "[null]"),
    ("takes-a-migration-for-a-purchase", "migration", "nothing handles migration"),
    ("wants-no-raw-answer", "get-raw", "`connect.get`"),
    ("takes-every-answer-for-a-success", "get-raw", "200"),
    ("hides-the-status-of-a-refusal", "connect-refuses", "[0]"),
    ("takes-a-refusal-for-a-success", "connect-refuses", "[]"),
    ("writes-no-parameters", "update", "approve"),
    ("writes-other-parameters", "update", "\"parameters\":{}"),
    ("says-what-it-has-written-itself", "update", "pending"),
    ("decides-nothing", "decide", "the call `say`"),
    ("decides-something-else", "decide", "{\"outcome\":\"approve\"}"),
    ("approves-what-it-has-decided", "decide", "approve"),
    ("has-nothing-logged", "log", "these: []"),
    ("takes-all-lines-for-news", "log", "\"level\":\"info\""),
    ("logs-for-nobody", "log", "these: [{\"level\""),
    ("dies-when-it-is-told-too-late", "late-cancel", "its end"),
    ("forgets-the-visit", "visit", "[1,"),
    ("takes-a-revocation-for-a-purchase", "revocation", "approve"),
    ("reads-the-parameters-of-a-configuration", "tier-config", "approve"),
    ("finds-nothing", "validation", "{\"findings\":{}}"),
    ("takes-a-step-for-a-draft", "validation", "the call `step.begin`"),
    ("reads-nothing", "validation-reads", "the answer"),
    ("refuses-what-goes-wrong", "validation-fails", "-32002"),
    ("approves-a-report", "report", "approve"),
    ("sends-a-body-as-it-is", "report", "the call `connect.call`"),
    ("reports-on-no-day", "hello", "`day` of the month, 1 to 31"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_of_a_worker_is_found_by_a_case() {
    let mut missed = Vec::new();
    for (fault, case, words) in FAULTS {
        let report =
            check(&ExecSettings::of(python("faulty.py", fault), None), Some(case)).await.unwrap();
        let came = report.cases[0].fault.as_ref().map(|fault| fault.came.as_str());
        if !came.is_some_and(|came| came.contains(words)) {
            missed.push((fault, case, report));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_begin_wrongly_is_said() {
    for (line, came) in [
        ("true", "its end, with exit status: 0"),
        ("sh -c 'exit 3'", "its end, with exit status: 3; it printed nothing"),
        ("sh -c 'echo no module >&2; exit 1'", "exit status: 1; it printed last: no module"),
        ("cat", "the call `initialize`"),
        ("echo '{}'", "it is no JSON-RPC 2.0"),
        ("head -c 17000000 /dev/zero", "a line of more than 16 MiB"),
    ] {
        let report =
            check(&ExecSettings::of(line.parse().unwrap(), None), Some("hello")).await.unwrap();
        let fault = report.cases[0].fault.as_ref().unwrap();
        assert!(fault.came.contains(came), "{line}: {fault}");
        assert_eq!(report.failed(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_run_is_said_once() {
    let settings = ExecSettings::of("no-such-program --flag".parse().unwrap(), None);
    let error = check(&settings, None).await.unwrap_err();
    assert!(error.to_string().contains("`no-such-program`"), "{error}");
}

#[test]
fn no_two_cases_have_one_name() {
    let mut names: Vec<_> = case_names().collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
