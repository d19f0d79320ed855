//! `cnct demo`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::cnct::{cnct, json, run};

#[test]
fn the_demo_tells_the_story_of_a_resumed_subscription() {
    insta::assert_snapshot!(run("demo --seed 7"), @r#"
    exit 0
    --- stdout
    A subscription is bought, put on hold and resumed

               ● customer   buys, through a marketplace
               ■ Connect    the marketplace, emulated at http://127.0.0.1:PORT/public/v1
               ▶ processor  takes requests from Connect and carries them out
               ◆ vendor     Acme sells tenants, at http://127.0.0.1:PORT

    A customer buys                             PR-2455-1775-7825-001 purchase
         N ms  ● customer   Willow Bicycles orders 5 × Protected device
         N ms  ■ Connect    request pending, subscription processing
         N ms  ◆ vendor     creates tenant t-00001
         N ms  ◆ vendor     sets the limit of t-00001
         N ms  ▶ processor  approves the request
         N ms  ■ Connect    request approved, subscription active

    The subscription is put on hold             PR-2455-1775-7825-002 suspend
         N ms  ● customer   asks to suspend
         N ms  ■ Connect    request pending, subscription active
         N ms  ◆ vendor     disables t-00001
         N ms  ▶ processor  approves the request
         N ms  ■ Connect    request approved, subscription suspended

    Actions → Resume                            PR-2455-1775-7825-003 resume
         N ms  ● customer   asks to resume
         N ms  ■ Connect    request pending, subscription suspended
         N ms  ◆ vendor     enables t-00001
         N ms  ▶ processor  approves the request
         N ms  ■ Connect    request approved, subscription active

    The customer stops paying                   PR-2455-1775-7825-004 suspend
         N ms  ● customer   asks to suspend
         N ms  ■ Connect    request pending, subscription active
         N ms  ◆ vendor     disables t-00001
         N ms  ▶ processor  approves the request
         N ms  ■ Connect    request approved, subscription suspended

    Actions → Resume, and the vendor says no    PR-2455-1775-7825-005 resume
         N ms  ● customer   asks to resume
         N ms  ■ Connect    request pending, subscription suspended
         N ms  ◆ vendor     refuses: “The last invoice is overdue.”
         N ms  ▶ processor  fails the request, with the vendor's words
         N ms  ■ Connect    request failed, subscription suspended

    What you just saw
      ✔ 4 requests approved and 1 failed, each decided once, in N ms
      ✔ the vendor did 1 create, 2 disable, 1 enable, 1 set_limit, each under a key of its own
      ✔ one resume approved: t-00001 enabled exactly once
      ✔ one resume refused: failed in the vendor's words, AS-2455-1775-7825 still suspended

    What next
      cnct demo --stay     the same again, kept running for your browser
      cnct up              the same world, for your browser and another terminal:
      cnct request create purchase --product PRD-411-678-887 --item MPN-A=5 --wait
      cnct asset list      and cnct asset suspend, resume, cancel AS-…
      cnct fault set vendor refuse --on enable --times 1 --reason "The last invoice is overdue."
                           so that the next resume fails
    "#);
}

#[test]
fn the_same_facts_come_as_one_json_document() {
    let story = json(&mut cnct("demo --seed 7 --json"));
    let seen: Vec<_> = story["chapters"].as_array().unwrap().iter().collect();
    let facts: Vec<_> = seen
        .iter()
        .map(|chapter| {
            json!([
                chapter["type"],
                chapter["statuses"],
                chapter["asset_status"],
                chapter["vendor_effects"],
                chapter["reason"],
            ])
        })
        .collect();
    assert_eq!(
        json!(facts),
        json!([
            ["purchase", ["pending", "approved"], "active", ["create", "set_limit"], ""],
            ["suspend", ["pending", "approved"], "suspended", ["disable"], ""],
            ["resume", ["pending", "approved"], "active", ["enable"], ""],
            ["suspend", ["pending", "approved"], "suspended", ["disable"], ""],
            ["resume", ["pending", "failed"], "suspended", [], "The last invoice is overdue."],
        ])
    );
    let effects = json!({"create": 1, "set_limit": 1, "disable": 2, "enable": 1});
    assert_eq!(story["vendor_effects"], effects);
    assert!(seen.iter().all(|chapter| chapter["request"].as_str().unwrap().starts_with("PR-")));
}

#[test]
fn the_same_seed_gives_the_same_people_and_ids() {
    let story = |seed| json(&mut cnct(&format!("demo --json --seed {seed}")));
    let (one, same, other) = (story(1), story(1), story(2));
    assert_eq!((&one["asset"], &one["customer"]), (&same["asset"], &same["customer"]));
    assert_ne!(one["asset"], other["asset"]);
}

#[test]
fn a_terminal_gets_colours_and_a_pipe_does_not() {
    let plain = cnct("demo").output().unwrap().stdout;
    let coloured =
        cnct("demo").env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1").output().unwrap().stdout;
    assert!(!plain.contains(&0x1b) && coloured.contains(&0x1b));
}

#[test]
fn quiet_leaves_the_exit_code() {
    insta::assert_snapshot!(run("demo --quiet"), @"exit 0");
}

#[test]
fn whoever_stays_can_look_around_until_ctrl_c() {
    let mut child = cnct("demo --stay").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut after = |words: &str| {
        let found = lines.find_map(|line| Some(line.split_once(words)?.1.trim().to_owned()));
        found.unwrap()
    };
    let (pages, endpoint) = (after("in a browser"), after("export CONNECT_ENDPOINT="));
    assert_eq!(format!("{pages}/public/v1"), endpoint);
    let assets = json(cnct("asset list --json").env("CONNECT_ENDPOINT", endpoint));
    assert_eq!(assets[0]["status"], "suspended");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
