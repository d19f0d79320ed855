//! Objects that lack something, and rows that cannot be read.

use serde_json::{Value, json};

use crate::cnct::said;
use crate::fake::Fake;

/// A request as it was recorded in 2019: its asset has no status.
fn of_2019(id: &str) -> Value {
    json!({
        "id": id, "type": "change", "status": "pending", "created": "2019-05-14T08:44:15+00:00",
        "asset": {
            "id": "AS-111-222-333-4", "product": {"id": "PRD-111-222-333", "name": "Backup"},
            "items": [{"id": "SKU-1", "quantity": 10, "old_quantity": 1}], "params": [],
            "tiers": {"customer": {"id": "TA-0", "name": "Customer"}, "tier2": {}},
        }
    })
}

#[test]
fn a_request_of_2019_is_shown() {
    let fake = Fake::that_answers(200, &of_2019("PR-0000-0000-0000-001").to_string());
    let shown = said(&fake.cnct("request show PR-0000-0000-0000-001").output().unwrap());
    assert!(shown.starts_with("exit 0") && shown.contains("AS-111-222-333-4\n"), "{shown}");
    let shown = fake.cnct("request show PR-0000-0000-0000-001 --json").output().unwrap();
    assert!(shown.status.success(), "{}", said(&shown));
}

/// Five requests, the third of them maimed.
fn five(maim: impl Fn(&mut Value)) -> String {
    let mut rows: Vec<Value> =
        (1..=5).map(|number| of_2019(&format!("PR-0000-0000-0000-00{number}"))).collect();
    maim(&mut rows[2]);
    Value::from(rows).to_string()
}

#[test]
fn one_row_that_cannot_be_read_hides_no_other() {
    let maimed: [fn(&mut Value); 6] = [
        |row| row["type"] = Value::Null,
        |row| row["asset"] = json!("AS-1"),
        |row| row["asset"]["items"][0]["quantity"] = json!("many"),
        |row| row["created"] = json!("yesterday"),
        |row| row["asset"] = Value::Null,
        |row| *row = json!({"id": "PR-0000-0000-0000-003", "status": ["pending"]}),
    ];
    for maim in maimed {
        let fake = Fake::that_answers(200, &five(maim));
        let listed = fake.cnct("request list --quiet").output().unwrap();
        let told = said(&listed);
        assert_eq!(listed.status.code(), Some(7), "{told}");
        let ids: Vec<String> =
            String::from_utf8(listed.stdout).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(ids, [1, 2, 4, 5].map(|it| format!("PR-0000-0000-0000-00{it}")), "{told}");
        let errors = String::from_utf8(listed.stderr).unwrap();
        assert!(errors.contains("requests PR-0000-0000-0000-003"), "{errors}");
    }
}

#[test]
fn what_could_not_be_shown_is_told_as_json_when_json_is_wanted() {
    let fake = Fake::that_answers(200, &five(|row| row["asset"] = json!("AS-1")));
    let listed = fake.cnct("request list --json").output().unwrap();
    assert_eq!(listed.status.code(), Some(7));
    let rows: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 4);
    let errors: Vec<Value> = String::from_utf8(listed.stderr)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let codes = errors.iter().map(|error| error["error"]["code"].as_str().unwrap());
    assert_eq!(codes.collect::<Vec<_>>(), ["CLT_DECODE", "CLI_NOT_ALL_SHOWN"]);
}

#[test]
fn every_list_shows_what_can_be_shown() {
    let rows = json!([{"id": "AA-1"}, {"id": 7}, {"id": "AA-2", "name": "Two"}, {"name": "none"}]);
    for (list, ids) in [("asset list", "AA-1\nAA-2\n"), ("product list", "AA-1\nAA-2\n")] {
        let fake = Fake::that_answers(200, &rows.to_string());
        let listed = fake.cnct(&format!("{list} --quiet")).output().unwrap();
        assert_eq!(listed.status.code(), Some(7), "{}", said(&listed));
        assert_eq!(String::from_utf8(listed.stdout).unwrap(), ids);
    }
}

#[test]
fn a_list_that_is_no_list_is_an_error() {
    for body in [r#"{"id": "PR-1"}"#, "null", "<html>"] {
        let listed = Fake::that_answers(200, body).cnct("request list").output().unwrap();
        assert_eq!(listed.status.code(), Some(1), "{body}: {}", said(&listed));
        assert!(listed.stdout.is_empty());
    }
}
