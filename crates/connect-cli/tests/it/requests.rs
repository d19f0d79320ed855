//! `cnct request` and `cnct asset`.

use serde_json::json;

use crate::cnct::cnct;
use crate::world::Serving;

/// Columns without their widths, which follow the invented customer's name.
fn narrow(table: &str, customer: &str) -> String {
    let lines = table.lines().map(|line| {
        let cells = line.replace(customer, "CUSTOMER");
        let cells: Vec<&str> =
            cells.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect();
        cells.join(" | ") + "\n"
    });
    lines.collect()
}

fn customer(world: &Serving, asset: &str) -> String {
    let asset = world.json(&format!("asset show {asset}"));
    asset["tiers"]["customer"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn lists_are_tables_or_ids_or_json() {
    let world = Serving::without_processor();
    insta::assert_snapshot!(world.run("request list"), @"
    exit 0
    --- stderr
    no requests
    ");
    let (request, asset) = world.purchase();
    let customer = customer(&world, &asset);
    insta::assert_snapshot!(narrow(&world.run("request list"), &customer), @"
    exit 0
    --- stdout
    REQUEST | TYPE | STATUS | PRODUCT | SUBSCRIPTION | CUSTOMER | CREATED
    PR-1291-7546-6420-001 | purchase | pending | Fernway Backup | AS-1291-7546-6420 | CUSTOMER | N s ago
    ");
    insta::assert_snapshot!(narrow(&world.run("asset list"), &customer), @"
    exit 0
    --- stdout
    SUBSCRIPTION | STATUS | PRODUCT | ENVIRONMENT | CUSTOMER | CREATED
    AS-1291-7546-6420 | processing | Fernway Backup | preview | CUSTOMER | N s ago
    ");
    insta::assert_snapshot!(world.run("request list --quiet"), @"
    exit 0
    --- stdout
    PR-1291-7546-6420-001
    ");
    insta::assert_snapshot!(world.run("request list --limit 0"), @"
    exit 0
    --- stderr
    the newest 0 requests; more with --limit
    ");
    assert_eq!(world.json("request list")[0]["id"], json!(request));
    assert_eq!(world.json("asset list")[0]["id"], json!(asset));
}

#[test]
fn lists_are_narrowed_down() {
    let world = Serving::without_processor();
    let (first, asset) = world.purchase();
    let (second, _) = world.purchase();
    assert!(world.run(&format!("request approve {first} --quiet")).starts_with("exit 3"));
    world.run(&format!("request set {first} subscription_id=t-1"));
    world.run(&format!("request approve {first}"));
    let ids = |arguments: &str| {
        let rows = world.json(arguments);
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("request list"), [second.as_str(), first.as_str()]);
    assert_eq!(ids("request list --limit 1"), [second.as_str()]);
    assert_eq!(ids("request list --status approved --status failed"), [first.as_str()]);
    assert_eq!(ids(&format!("request list --asset {asset}")), [first.as_str()]);
    assert_eq!(ids("request list --type suspend"), [""; 0]);
    assert_eq!(ids("request list --product PRD-000-000-000"), [""; 0]);
    assert_eq!(ids("request list --rql 'eq(status,pending)'"), [second.as_str()]);
    assert_eq!(ids("asset list --status active"), [asset.as_str()]);
}

#[test]
fn a_request_is_shown_with_its_conversation() {
    let world = Serving::without_processor();
    let (request, asset) = world.purchase();
    let customer = customer(&world, &asset);
    let shown = world.run(&format!("request show {request} --conversation"));
    insta::assert_snapshot!(narrow(&shown, &customer), @"
        exit 0
        --- stdout
        request | PR-1291-7546-6420-001
        type | purchase
        status | pending
        created | N s ago
        waiting | 0 days, zone 1
        subscription | AS-1291-7546-6420, processing
        product | Fernway Backup
        customer | CUSTOMER
        item | 5 × Protected device
        parameter | subscription_id =
        parameter | admin_email =

        N s ago | Connect: Request PR-1291-7546-6420-001 is now pending.
        ");
    let shown = world.run(&format!("asset show {asset}"));
    insta::assert_snapshot!(narrow(&shown, &customer), @"
    exit 0
    --- stdout
    subscription | AS-1291-7546-6420
    status | processing
    created | N s ago
    product | Fernway Backup
    environment | preview
    customer | CUSTOMER
    item | 5 × Protected device
    parameter | subscription_id =
    parameter | admin_email =
    request | PR-1291-7546-6420-001 | purchase pending
    ");
}

#[test]
fn a_request_takes_every_turn_from_the_command_line() {
    let world = Serving::without_processor();
    let (request, asset) = world.purchase();
    let mut told = String::new();
    for command in [
        format!("request assign {request} ines@fernway.example"),
        format!("request unassign {request}"),
        format!("request inquire {request} --param 'admin_email=Nobody reads it'"),
        format!("request pend {request}"),
        format!("request set {request} subscription_id=t-1"),
        format!("request approve {request} --template 'Default Activation Template'"),
        format!("request render {request}"),
        format!("request create suspend --asset {asset} --quiet"),
        format!("request fail {} --reason 'Not today'", request.replace("-001", "-002")),
        format!("asset cancel {asset}"),
    ] {
        told += &format!("$ cnct {command}\n{}\n", world.run(&command));
    }
    insta::assert_snapshot!(told, @"
        $ cnct request assign PR-1291-7546-6420-001 ines@fernway.example
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase pending   subscription AS-1291-7546-6420 processing

        $ cnct request unassign PR-1291-7546-6420-001
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase pending   subscription AS-1291-7546-6420 processing

        $ cnct request inquire PR-1291-7546-6420-001 --param 'admin_email=Nobody reads it'
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase inquiring   subscription AS-1291-7546-6420 processing
          admin_email: Nobody reads it

        $ cnct request pend PR-1291-7546-6420-001
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase pending   subscription AS-1291-7546-6420 processing

        $ cnct request set PR-1291-7546-6420-001 subscription_id=t-1
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase pending   subscription AS-1291-7546-6420 processing

        $ cnct request approve PR-1291-7546-6420-001 --template 'Default Activation Template'
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase approved   subscription AS-1291-7546-6420 active

        $ cnct request render PR-1291-7546-6420-001
        exit 0
        --- stdout
        # Welcome

        Your subscription AS-1291-7546-6420 is ready.

        $ cnct request create suspend --asset AS-1291-7546-6420 --quiet
        exit 0
        --- stdout
        PR-1291-7546-6420-002

        $ cnct request fail PR-1291-7546-6420-002 --reason 'Not today'
        exit 0
        --- stdout
        PR-1291-7546-6420-002  suspend failed   subscription AS-1291-7546-6420 active

        $ cnct asset cancel AS-1291-7546-6420
        exit 0
        --- stdout
        PR-1291-7546-6420-003  cancel pending   subscription AS-1291-7546-6420 terminating
        ");
}

#[test]
fn what_the_platform_refuses_is_told_in_its_words() {
    let world = Serving::without_processor();
    let (request, asset) = world.purchase();
    let mut told = String::new();
    for command in [
        format!("request approve {request}"),
        format!("request approve {request} --template 'Such a template'"),
        format!("request schedule {request} --date 2030-01-01"),
        format!("request revoke {request} --reason 'Too late'"),
        format!("request confirm {request}"),
        format!("request purchase {request}"),
        format!("request submit {request}"),
        format!("request validate {request}"),
        format!("asset resume {asset}"),
        "asset show AS-0000-0000-0000".to_owned(),
        format!("asset suspend {asset} --wait"),
    ] {
        told += &format!("$ cnct {command}\n{}\n", world.run(&command));
    }
    insta::assert_snapshot!(told, @"
    $ cnct request approve PR-1291-7546-6420-001
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/approve was refused: 400 Bad Request: REQ_003 - Required parameters are not filled: subscription_id

    $ cnct request approve PR-1291-7546-6420-001 --template 'Such a template'
    exit 2
    --- stderr
    error: the product has no fulfillment template named `Such a template`; it has: Default Activation Template
      give one of these names, or an id such as TL-123-456-789

    $ cnct request schedule PR-1291-7546-6420-001 --date 2030-01-01
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/schedule was refused: 400 Bad Request: REQ_003 - Requests cannot be scheduled: capability subscription.purchase.scheduling is off.

    $ cnct request revoke PR-1291-7546-6420-001 --reason 'Too late'
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/revoke was refused: 400 Bad Request: REQ_003 - Only scheduled requests can be revoked.

    $ cnct request confirm PR-1291-7546-6420-001
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/confirm was refused: 400 Bad Request: REQ_003 - Only revoking requests can be confirmed.

    $ cnct request purchase PR-1291-7546-6420-001
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/purchase was refused: 400 Bad Request: REQ_003 - Only draft requests can be purchased.

    $ cnct request submit PR-1291-7546-6420-001
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/submit was refused: 400 Bad Request: REQ_003 - Requests of type purchase cannot be submitted.

    $ cnct request validate PR-1291-7546-6420-001
    exit 3
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/validate was refused: 400 Bad Request: REQ_003 - Only draft and inquiring requests can be validated.

    $ cnct asset resume AS-1291-7546-6420
    exit 3
    --- stderr
    error: POST requests was refused: 409 Conflict: REQ_002 - Request type resume is not allowed when asset state is processing

    $ cnct asset show AS-0000-0000-0000
    exit 4
    --- stderr
    error: GET assets/AS-0000-0000-0000 was refused: 404 Not Found: NOT_FOUND - Object not found. (check the id, and that the API key's account can see it)

    $ cnct asset suspend AS-1291-7546-6420 --wait
    exit 3
    --- stderr
    error: POST requests was refused: 409 Conflict: REQ_002 - Request type suspend is not allowed when asset state is processing
    ");
}

#[test]
fn waiting_ends_once_a_request_is_put_off_to_a_later_day() {
    let world = Serving::without_processor();
    let on = r#"{"capabilities":{"subscription":{"purchase":{"scheduling":true}}}}"#;
    world.run(&format!("api put products/PRD-411-678-887 --data {on}"));
    let create = "request create purchase --product PRD-411-678-887 --item MPN-A=1 --wait=5m";
    let mut waiting = world.cnct(create);
    let waiting = std::thread::spawn(move || waiting.output().unwrap());
    let schedule = "request schedule PR-1291-7546-6420-001 --date 2990-01-01T00:00:00Z";
    while !world.run(schedule).starts_with("exit 0") {}
    let waited = crate::cnct::said(&waiting.join().unwrap());
    insta::assert_snapshot!(waited, @"
        exit 6
        --- stdout
        PR-1291-7546-6420-001  purchase scheduled   subscription AS-1291-7546-6420 processing
        --- stderr
        error: PR-1291-7546-6420-001 is scheduled for a later day
          `cnct request show` has the day
        ");
}

#[test]
fn validating_says_what_is_wrong() {
    let world = Serving::without_processor();
    let on = r#"{"capabilities":{"cart":{"validation":true}}}"#;
    world.run(&format!("api put products/PRD-411-678-887 --data {on}"));
    let parameter = r#"{"name":"domain","title":"Domain","type":"text","scope":"asset","phase":"ordering","constraints":{"required":true}}"#;
    world.run(&format!("api post products/PRD-411-678-887/parameters --data {parameter}"));
    let create = "purchase --product PRD-411-678-887 --item MPN-A=1 --draft";
    world.run(&format!("request create {create}"));
    insta::assert_snapshot!(world.run("request validate PR-1291-7546-6420-001"), @"
        exit 3
        --- stdout
        PR-1291-7546-6420-001  purchase draft   subscription AS-1291-7546-6420 draft
          domain: This field is required.
        --- stderr
        error: values of PR-1291-7546-6420-001 are wrong
          they are named above; write others with `cnct request set`, and validate again
        ");
    world.run("request set PR-1291-7546-6420-001 domain=cedar.example");
    insta::assert_snapshot!(world.run("request validate PR-1291-7546-6420-001"), @"
        exit 0
        --- stdout
        PR-1291-7546-6420-001  purchase draft   subscription AS-1291-7546-6420 draft
        ");
}

#[test]
fn waiting_ends_with_the_decision_or_with_patience() {
    let world = Serving::without_processor();
    let create = "request create purchase --product PRD-411-678-887 --item MPN-A=1 --wait=0s";
    insta::assert_snapshot!(world.run(create), @"
    exit 6
    --- stdout
    PR-1291-7546-6420-001  purchase pending   subscription AS-1291-7546-6420 processing
    --- stderr
    error: PR-1291-7546-6420-001 is still pending after 0 s
      wait longer with --wait=5m, and check that a processor runs or decide it yourself
    ");
    let (request, asset) = world.purchase();
    world.run(&format!("request set {request} subscription_id=t-1"));
    world.run(&format!("request approve {request}"));
    let waiting = world.cnct(&format!("asset suspend {asset} --wait --json"));
    let waiting = std::thread::spawn(move || {
        let mut waiting = waiting;
        waiting.output().unwrap()
    });
    let hold = request.replace("-001", "-002");
    while !world.run(&format!("request fail {hold} --reason 'Not today'")).starts_with("exit 0") {}
    let waited = waiting.join().unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&waited.stderr), @r#"{"error":{"code":"CLI_NOT_APPROVED","message":"PR-2193-4541-0175-002 ended as failed: Not today"}}"#);
    assert_eq!(waited.status.code(), Some(5));
}

#[test]
fn what_was_created_is_shown_when_nobody_decides_it_in_time() {
    let world = Serving::without_processor();
    let create = "request create purchase --product PRD-411-678-887 --item MPN-A=1 --wait=0s";
    let waited = world.cnct(create).arg("--json").output().unwrap();
    assert_eq!(waited.status.code(), Some(6));
    let created: serde_json::Value = serde_json::from_slice(&waited.stdout).unwrap();
    assert_eq!(created["id"], world.json("request list")[0]["id"]);
}

#[test]
fn an_action_whose_answer_was_lost_is_settled_by_reading() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    world.fault("POST", "/requests/*/fail", "lose_answer");
    insta::assert_snapshot!(world.run(&format!("request fail {request} --reason no")), @"
    exit 0
    --- stdout
    PR-1291-7546-6420-001  purchase failed   subscription AS-1291-7546-6420 terminated
    --- stderr
    the answer was lost, but it has happened: the request was read again
    ");
}

#[test]
fn an_answer_that_stays_lost_is_not_called_harmless() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    world.fault("POST", "/requests/*/fail", "lose_answer");
    world.fault("GET", "/requests/*", json!({"answer": {"status": 403}}));
    insta::assert_snapshot!(world.run(&format!("request fail {request} --reason no --json")), @r#"
    exit 1
    --- stderr
    {"error":{"code":"CLT_NO_ANSWER","message":"POST requests/PR-1291-7546-6420-001/fail got no answer: connection closed before message completed; it may have happened: look before repeating"}}
    "#);
}

#[test]
fn a_list_says_that_there_is_more_only_when_there_is() {
    let world = Serving::without_processor();
    world.purchase();
    let one = world.run("request list --quiet --limit 1");
    assert_eq!(one.lines().count(), 3, "{one}");
    assert!(!world.run("request list --limit 1").contains("more with --limit"));
    world.purchase();
    assert!(world.run("request list --limit 1").contains("the newest 1 requests; more with"));
    assert!(world.run("asset list --limit 1").contains("the newest 1 subscriptions; more with"));
}

#[test]
fn an_assignment_that_was_lost_is_not_claimed_because_of_an_earlier_one() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    let assign = format!("request assign {request} ines@fernway.example");
    assert!(world.run(&assign).starts_with("exit 0"));
    world.fault("POST", "/requests/*/assign", "lose_call");
    let told = world.run(&assign);
    assert!(told.starts_with("exit 1") && told.contains("it may have happened"), "{told}");
}

#[test]
fn a_rendered_text_is_a_json_document_when_json_is_wanted() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    let shown = world.run(&format!("request render {request}"));
    let rendered = world.json(&format!("request render {request}"));
    assert_eq!(rendered["request"], json!(request));
    assert_eq!(
        shown,
        format!("exit 0\n--- stdout\n{}\n", rendered["text"].as_str().unwrap().trim_end())
    );
}

#[test]
fn an_action_that_was_lost_on_the_way_is_not_claimed() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    world.fault("POST", "/requests/*/fail", "lose_call");
    insta::assert_snapshot!(world.run(&format!("request fail {request} --reason no")), @"
    exit 1
    --- stderr
    error: POST requests/PR-1291-7546-6420-001/fail got no answer: connection closed before message completed; it may have happened: look before repeating; read again, PR-1291-7546-6420-001 is still pending
    ");
}

#[test]
fn a_customer_of_the_platform_can_buy_again() {
    let world = Serving::without_processor();
    let (_, asset) = world.purchase();
    let known = world.json(&format!("asset show {asset}"))["tiers"]["customer"].clone();
    let again = world.json(&format!(
        "request create purchase --product PRD-411-678-887 --item MPN-A=1 --customer {}",
        known["id"].as_str().unwrap()
    ));
    assert_eq!(again["asset"]["tiers"]["customer"]["name"], known["name"]);
}

#[test]
fn a_subscription_is_renewed_and_transferred_from_the_command_line() {
    let world = Serving::start("up --port 0 --vendor-port 0 --ready-file ready.json");
    let capabilities = r#"{"capabilities":{"subscription":{"schema":"explicit","renew":{"enable_renew":true},"transfer":{"enable_transfer":true}}}}"#;
    world.run(&format!("api put products/PRD-411-678-887 --data {capabilities}"));
    let (_, asset) = world.approved_purchase();
    let renewed = world.json(&format!("request create renew --asset {asset} --wait"));
    assert_eq!(renewed["status"], "approved");
    let renewal = &renewed["asset"]["items"][0]["renewal"];
    let shown = world.run(&format!("request show {}", renewed["id"].as_str().unwrap()));
    assert!(shown.contains(", renewed for 1 month, until "), "{shown}");
    let shown = world.run(&format!("asset show {asset}"));
    assert!(shown.contains(renewal["to"].as_str().unwrap()), "{shown}");

    let before = customer(&world, &asset);
    let transfer = format!("request create transfer --asset {asset}");
    let nobody = world.run(&transfer);
    assert!(nobody.contains("a transfer names somebody else"), "{nobody}");
    let made = world.json(&format!("{transfer} --customer new --wait"));
    assert_eq!(made["status"], "approved");
    assert_ne!(customer(&world, &asset), before);
}

#[test]
fn text_of_others_cannot_steer_the_terminal() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    let set = ["request", "set", &request, "subscription_id=\u{1b}[2Jgone"];
    assert!(world.cnct("").args(set).status().unwrap().success());
    let shown = world.cnct(&format!("request show {request}")).output().unwrap();
    assert!(!shown.stdout.contains(&0x1b));
}

#[test]
fn arguments_are_checked_before_anything_is_sent() {
    let wrong = [
        "request show PR-1",
        "request create resume",
        "request create purchase",
        "request create purchase --product PRD-411-678-887 --item MPN-A",
        "request create purchase --product PRD-411-678-887 --item MPN-A=",
        "request create purchase --product PRD-411-678-887 --item MPN-A=-2",
        "asset show AS-1",
        "request list --status done",
        "request list --rql 'eq(status'",
        "request schedule PR-1234-1234-1234-001 --date soon",
        "asset resume AS-1234-1234-1234 --wait=soon",
    ];
    let told = wrong.map(|arguments| {
        let output = cnct(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        let text = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
        format!("$ cnct {arguments}\n{}\n", lines.join("\n"))
    });
    insta::assert_snapshot!(told.concat(), @"
    $ cnct request show PR-1
    error: invalid value 'PR-1' for '<REQUEST>': `PR-1` is not a request id: expected the shape PR-dddd-dddd-dddd-ddd
    $ cnct request create resume
    error: the following required arguments were not provided:
      --asset <ASSET>
    $ cnct request create purchase
    error: the following required arguments were not provided:
      --product <PRODUCT>
    $ cnct request create purchase --product PRD-411-678-887 --item MPN-A
    error: invalid value 'MPN-A' for '--item <ITEM=QUANTITY>': write it as ITEM=QUANTITY
    $ cnct request create purchase --product PRD-411-678-887 --item MPN-A=
    error: invalid value 'MPN-A=' for '--item <ITEM=QUANTITY>': say how much of MPN-A: MPN-A=5
    $ cnct request create purchase --product PRD-411-678-887 --item MPN-A=-2
    error: invalid value 'MPN-A=-2' for '--item <ITEM=QUANTITY>': MPN-A: `-2` is not a quantity: expected a number or `unlimited`
    $ cnct asset show AS-1
    error: invalid value 'AS-1' for '<ASSET>': `AS-1` is not an asset id: expected the shape AS-dddd-dddd-dddd
    $ cnct request list --status done
    error: invalid value 'done' for '--status <STATUS>'
      [possible values: draft, tiers_setup, pending, inquiring, approved, failed, scheduled, revoking, revoked]
    $ cnct request list --rql 'eq(status'
    error: invalid value 'eq(status' for '--rql <EXPR>': expected `,` after the field name at byte 9 of the decoded query
    $ cnct request schedule PR-1234-1234-1234-001 --date soon
    error: invalid value 'soon' for '--date <TIME>': Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].
    $ cnct asset resume AS-1234-1234-1234 --wait=soon
    error: invalid value 'soon' for '--wait[=<TIME>]': write a time like `30s` or `5m`
    ");
}

#[test]
fn a_draft_that_is_ordered_can_be_waited_for() {
    let world = Serving::start("up --port 0 --vendor-port 0 --ready-file ready.json");
    let on = json!({"capabilities": {"cart": {"validation": true}}}).to_string();
    let put = ["api", "PUT", "products/PRD-411-678-887", "--data", &on];
    assert!(world.cnct("").args(put).output().unwrap().status.success());
    let create = "request create purchase --product PRD-411-678-887 --item MPN-A=1 --draft";
    let draft = world.json(create)["id"].as_str().unwrap().to_owned();
    let ordered = world.run(&format!("request purchase {draft} --wait"));
    assert!(ordered.starts_with("exit 0") && ordered.contains("purchase approved"), "{ordered}");
}
