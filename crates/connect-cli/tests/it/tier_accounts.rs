//! `cnct tier-account`.

use crate::world::Serving;

/// A world whose product hears of changed accounts, and a customer of it.
fn world() -> (Serving, String) {
    let world = Serving::without_processor();
    let body = r#"{"capabilities":{"tiers":{"updates":true}}}"#;
    let told = world.run(&format!("api put products/PRD-411-678-887 --data {body}"));
    assert!(told.starts_with("exit 0"), "{told}");
    world.purchase();
    let rows = world.json("tier-account list --type customer");
    let id = rows[0]["id"].as_str().unwrap().to_owned();
    (world, id)
}

/// Edits the account; the id of the request that comes of it.
fn edited(world: &Serving, account: &str, change: &str) -> String {
    let rows = world.json(&format!("tier-account edit {account} {change}"));
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
    rows[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_account_is_edited_and_what_comes_of_it_is_accepted_or_ignored() {
    let (world, account) = world();
    let first = edited(&world, &account, "--email iker@cedar.example");
    let second = edited(&world, &account, "--name Cedar --tax-id ES1");
    let short = |told: String| told.replace(&account[3..], "ACCOUNT");
    insta::assert_snapshot!(short(world.run(&format!("tier-account request accept {first}"))), @"
        exit 0
        --- stdout
        TAR-ACCOUNT-002-001  update accepted   tier account TA-ACCOUNT version 2
        ");
    let ignore = format!("tier-account request ignore {second} --reason Later");
    insta::assert_snapshot!(short(world.run(&ignore)), @"
        exit 0
        --- stdout
        TAR-ACCOUNT-003-001  update ignored   tier account TA-ACCOUNT version 3
        ");
    insta::assert_snapshot!(short(world.run(&ignore)), @"
        exit 3
        --- stderr
        error: POST tier/account-requests/TAR-ACCOUNT-003-001/ignore was refused: 400 Bad Request: REQ_003 - Only pending requests can be ignored.
        ");
    let shown = world.run(&format!("tier-account show {account}"));
    for expected in ["Cedar", "<iker@cedar.example>", "-002-001  accepted", "-003-001  ignored"] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let shown = world.run(&format!("tier-account request show {second}"));
    for expected in ["reason        Later", "version       3", "tax id        ES1"] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let ignored = world.run("tier-account request list --status ignored --quiet");
    assert_eq!(ignored, format!("exit 0\n--- stdout\n{second}\n"));
    let list = world.run(&format!("tier-account request list --tier-account {account}"));
    assert!(list.contains("REQUEST") && list.contains("accepted"), "{list}");
}

#[test]
fn an_edit_says_what_it_changes_and_changes_something() {
    let (world, account) = world();
    let short = |told: String| told.replace(&account[3..], "ACCOUNT");
    edited(&world, &account, "--name Cedar");
    let again = world.run(&format!("tier-account edit {account} --name Cedar"));
    insta::assert_snapshot!(short(again), @"
        exit 3
        --- stderr
        error: POST tier/account-requests was refused: 400 Bad Request: TAR_004 - There are no changes in the account.
        ");
    let nothing = world.run(&format!("tier-account edit {account}"));
    assert!(nothing.starts_with("exit 2"), "{nothing}");
}
