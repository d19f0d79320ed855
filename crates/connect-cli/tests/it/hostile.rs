//! Words of others that would steer a terminal, forge a log, or give the key away; and a standard
//! error that takes nothing.

use std::fs::OpenOptions;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::cnct::said;
use crate::fake::Fake;
use crate::world::Serving;

/// Everything that steers a terminal or the direction of text, line breaks left out.
fn steers(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
    })
}

/// A word with every such character in it, and two sequences that terminals obey.
fn evil() -> String {
    let controls = ('\0'..'\u{20}').chain('\u{7f}'..='\u{9f}');
    let turns = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
    let marks = ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2029}'];
    let all: String = controls.chain(turns).chain(marks).collect();
    format!("a\u{1b}]0;title\u{7}b\u{1b}[2Jc\nERROR forged {all}z")
}

fn evil_request() -> Value {
    let evil = evil();
    json!({
        "id": "PR-1", "type": evil, "status": evil, "reason": evil, "note": evil,
        "asset": {"id": "AS-1", "status": evil, "product": {"id": "PRD-1", "name": evil},
            "connection": {"id": "CT-1", "type": evil},
            "tiers": {"customer": {"id": "TA-1", "name": evil}},
            "params": [{"id": evil, "value": evil, "value_error": evil}],
            "items": [{"id": "i", "display_name": evil, "quantity": 1}]}
    })
}

fn is_harmless(fake: &Fake, arguments: &str) {
    for form in ["", "--json", "--quiet", "-vv"] {
        let mut command = fake.cnct(&format!("{arguments} {form}"));
        let output = command.env_remove("NO_COLOR").output().unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert_eq!(steers(&text), None, "cnct {arguments} {form}: {text:?}");
        }
        let told = String::from_utf8(output.stderr).unwrap();
        let forged = told.lines().any(|line| line.starts_with("ERROR forged"));
        assert!(!forged, "cnct {arguments} {form}: {told}");
    }
}

#[test]
fn nothing_that_others_write_steers_the_terminal() {
    let request = evil_request();
    let one = Fake::that_answers(200, &request.to_string());
    let list = Fake::that_answers(200, &json!([request]).to_string());
    let assets = Fake::that_answers(200, &json!([request["asset"]]).to_string());
    let product = json!([{"id": "PRD-1", "name": evil(), "mpn": evil(), "title": evil()}]);
    is_harmless(&one, "request show PR-0000-0000-0000-001");
    is_harmless(&one, "request render PR-0000-0000-0000-001");
    is_harmless(&one, "api GET requests/PR-1");
    is_harmless(&one, "request pend PR-0000-0000-0000-001");
    is_harmless(&list, "request list");
    is_harmless(&assets, "asset list");
    is_harmless(&Fake::that_answers(200, &product.to_string()), "product list");
    is_harmless(&Fake::that_answers(200, &evil()), "api GET requests/PR-1");
}

#[test]
fn no_error_steers_the_terminal() {
    let refusal = json!({"error_code": evil(), "errors": [evil()], "params": {evil(): evil()}});
    for status in [400, 404, 500] {
        let fake = Fake::that_answers(status, &refusal.to_string());
        is_harmless(&fake, "request show PR-0000-0000-0000-001");
        is_harmless(&fake, "api POST requests/PR-1/approve");
    }
    let rows = json!([{"id": evil(), "asset": evil()}]);
    is_harmless(&Fake::that_answers(200, &rows.to_string()), "request list");
    is_harmless(&Fake::that_answers(200, &evil()), "request list");
}

#[test]
fn json_keeps_the_value_of_what_it_escapes() {
    let fake = Fake::that_answers(200, &evil_request().to_string());
    let shown = fake.cnct("request show PR-0000-0000-0000-001 --json").output().unwrap();
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(shown["reason"], json!(evil()));
}

#[test]
fn a_key_that_an_answer_repeats_is_not_printed() {
    for echo in ["ApiKey SU-123-456-789:very-secret", "SU-123-456-789%3Avery-secret", "very-secret"]
    {
        let bodies = [
            json!({"error_code": "AUTH_001", "errors": [format!("Bad key {echo}")]}).to_string(),
            json!({"detail": format!("Bad key {echo}")}).to_string(),
        ];
        for body in bodies {
            let fake = Fake::that_answers(401, &body);
            for command in [
                "request list -vv",
                "request list --json",
                "request list",
                "api GET requests",
                "api GET requests --json",
                "api POST requests/PR-1/approve -vv",
            ] {
                let told = said(&fake.cnct(command).output().unwrap());
                assert!(told.contains("[redacted]") && !told.contains("very-secret"), "{told}");
            }
        }
        let page = Fake::that_answers(200, &format!("<p>{echo}</p>"));
        let told = said(&page.cnct("api GET requests").output().unwrap());
        assert!(told.contains("<p>[redacted]</p>"), "{told}");
        let fake = Fake::that_redirects(&format!("https://e.example/{}", echo.replace(' ', "+")));
        let told = said(&fake.cnct("request list -vv").output().unwrap());
        assert!(told.contains("e.example") && !told.contains("very-secret"), "{told}");
    }
}

/// A standard error that takes nothing: a full disk, and a reader that is gone.
fn deaf() -> [Stdio; 2] {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    [full.into(), writer.into()]
}

#[test]
fn up_goes_on_when_nobody_takes_what_it_logs() {
    for stderr in deaf() {
        let up = "up --port 0 --vendor-port 0 --ready-file ready.json -vv";
        let mut world = Serving::start_with_stderr(up, stderr);
        let (_, asset) = world.approved_purchase();
        let suspended = world.run(&format!("asset suspend {asset} --wait"));
        assert!(suspended.starts_with("exit 0"), "{suspended}");
        assert_eq!(world.stop("-TERM").status.code(), Some(0));
    }
}

#[test]
fn errors_that_nobody_takes_change_no_exit_code() {
    let fake = Fake::that_answers(404, "{}");
    for stderr in deaf() {
        let mut show = fake.cnct("request show PR-0000-0000-0000-001 -vv");
        assert_eq!(show.stderr(stderr).status().unwrap().code(), Some(4));
    }
    for stderr in deaf() {
        let mut usage = fake.cnct("request list --no-such-thing");
        assert_eq!(usage.stderr(stderr).status().unwrap().code(), Some(2));
    }
}
