//! `cnct tier`.

use serde_json::Value;

use crate::world::Serving;

/// A world whose product wants the first-level reseller of each subscription configured.
fn world() -> Serving {
    let world = Serving::without_processor();
    let body = r#"{"capabilities":{"tiers":{"configs":{"level":1}}}}"#;
    let told = world.run(&format!("api put products/PRD-411-678-887 --data {body}"));
    assert!(told.starts_with("exit 0"), "{told}");
    world
}

/// The request that a purchase of this world waits for.
fn set_up(world: &Serving) -> String {
    let rows = world.json("tier request list --type setup");
    rows[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_reseller_is_set_up_by_hand_and_the_purchase_goes_on() {
    let world = world();
    let (purchase, _) = world.purchase();
    let status =
        |world: &Serving| world.json(&format!("request show {purchase}"))["status"].clone();
    assert_eq!(status(&world), "tiers_setup");
    let id = set_up(&world);
    let short = |told: String| told.replace(&id, "TCR").replace(&id[4..15], "DIGITS");
    let said = |arguments: String| short(world.run(&arguments));
    insta::assert_snapshot!(said(format!("tier request approve {id}")), @"
    exit 3
    --- stderr
    error: POST tier/config-requests/TCR/approve was refused: 400 Bad Request: REQ_003 - Required parameters are not filled: reseller_id
    ");
    insta::assert_snapshot!(said(format!("tier request inquire {id} --param partner_code=Unknown")), @"
    exit 0
    --- stdout
    TCR  setup inquiring   tier config TC-DIGITS processing
      partner_code: Unknown
    ");
    insta::assert_snapshot!(said(format!("tier request pend {id}")), @"
    exit 0
    --- stdout
    TCR  setup pending   tier config TC-DIGITS processing
    ");
    insta::assert_snapshot!(said(format!("tier request assign {id} ines@fernway.example")), @"
    exit 0
    --- stdout
    TCR  setup pending   tier config TC-DIGITS processing
    ");
    insta::assert_snapshot!(said(format!("tier request set {id} partner_code=OR-9 reseller_id=t-9")), @"
    exit 0
    --- stdout
    TCR  setup pending   tier config TC-DIGITS processing
    ");
    let mut approve = world.cnct(&format!("tier request approve {id}"));
    approve.args(["--template", "Default Activation Template"]);
    insta::assert_snapshot!(short(crate::cnct::said(&approve.output().unwrap())), @"
    exit 0
    --- stdout
    TCR  setup approved   tier config TC-DIGITS active
    ");
    insta::assert_snapshot!(said(format!("tier request render {id}")), @"
    exit 0
    --- stdout
    You can sell Fernway Backup.
    ");
    assert_eq!(status(&world), "pending");
}

#[test]
fn an_update_is_created_and_refused() {
    let world = world();
    world.purchase();
    let id = set_up(&world);
    world.run(&format!("tier request set {id} reseller_id=t-9"));
    world.run(&format!("tier request approve {id}"));
    let rows = world.json("tier list --level 1");
    let config = rows[0]["id"].as_str().unwrap();
    let create =
        format!("tier request create update --tier-config {config} --param partner_code=OR-1");
    let update = world.json(&create);
    let update = update["id"].as_str().unwrap();
    let short = |told: String| told.replace(&config[3..], "TC");
    insta::assert_snapshot!(short(world.run(&create)), @"
    exit 3
    --- stderr
    error: POST tier/config-requests was refused: 400 Bad Request: REQ_003 - Tier configuration has open request TCR-TC-002.
    ");
    insta::assert_snapshot!(short(world.run(&format!("tier request fail {update} --reason No"))), @"
    exit 0
    --- stdout
    TCR-TC-002  update failed   tier config TC-TC active
    ");
    let shown = world.run(&format!("tier show {config}"));
    for expected in ["status       active", "parameter    reseller_id = t-9", "-002  update failed"]
    {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let list = world.run("tier request list");
    assert!(list.contains("REQUEST") && list.contains("RESELLER"), "{list}");
    let waited = world.run(&format!("{create} --wait=0s"));
    assert!(waited.starts_with("exit 6"), "{waited}");
}

#[test]
fn what_is_no_configuration_is_refused_with_its_shape() {
    let world = world();
    insta::assert_snapshot!(world.run("tier show AS-1"), @"
    exit 2
    --- stderr
    error: invalid value 'AS-1' for '<TIER_CONFIG>': `AS-1` is not a tier config id: expected the shape TC-ddd-ddd-ddd

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(world.run("tier show TC-000-000-001"), @"
    exit 4
    --- stderr
    error: GET tier/configs/TC-000-000-001 was refused: 404 Not Found: NOT_FOUND - Object not found. (check the id, and that the API key's account can see it)
    ");
    insta::assert_snapshot!(world.run("tier list --level 3"), @"
    exit 2
    --- stderr
    error: invalid value '3' for '--level <LEVEL>': 3 is not in 1..=2

    For more information, try '--help'.
    ");
}

#[test]
fn a_purchase_through_two_resellers_says_what_it_waits_for() {
    let world = Serving::without_processor();
    let capabilities = r#"{"capabilities":{"tiers":{"configs":{"level":2}}}}"#;
    world.run(&format!("api put products/PRD-411-678-887 --data {capabilities}"));
    for level in [2, 1] {
        let body = format!(
            r#"{{"name":"code_{level}","title":"Code","type":"text","phase":"fulfillment","scope":"tier{level}"}}"#
        );
        world.run(&format!("api post products/PRD-411-678-887/parameters --data {body}"));
    }
    let create = "request create purchase --product PRD-411-678-887 --item MPN-A=1";
    let purchase = world.json(&format!("{create} --tier1 new --tier2 new"));
    let purchase = purchase["id"].as_str().unwrap();
    let show = format!("request show {purchase}");
    let waits_for = world.json(&show)["waits_for"].clone();
    let rows = waits_for.as_array().unwrap().iter().map(|row| {
        let (id, config) = (row["id"].as_str().unwrap(), &row["configuration"]);
        let (account, level) = (config["account"]["name"].as_str().unwrap(), &config["tier_level"]);
        let status = row["status"].as_str().unwrap();
        format!("waits for     {id}  setup {status}, {account}, tier {level}")
    });
    let rows: Vec<String> = rows.collect();
    let shown = world.run(&show);
    assert!(shown.contains(&rows.join("\n")), "{shown}");
    assert_eq!(rows.len(), 2);
    world.run(&format!("tier request fail {} --reason No", waits_for[0]["id"].as_str().unwrap()));
    let after = world.json(&show);
    assert_eq!((&after["status"], &after["waits_for"]), (&"failed".into(), &Value::Null));
}

#[test]
fn a_reseller_is_set_up_before_anybody_buys() {
    let world = world();
    let made = "tier request create setup --product PRD-411-678-887 --level 1 --account new \
                --param partner_code=OR-9";
    let set_up = world.json(made);
    let id = set_up["id"].as_str().unwrap();
    assert_eq!(set_up["status"], "pending");
    world.run(&format!("tier request set {id} reseller_id=t-9"));
    world.run(&format!("tier request approve {id}"));
    let account = set_up["configuration"]["account"]["id"].as_str().unwrap();
    let again = made.replace("--account new", &format!("--account {account}"));
    let config = set_up["configuration"]["id"].as_str().unwrap();
    insta::assert_snapshot!(world.run(&again).replace(config, "TC"), @"
    exit 3
    --- stderr
    error: POST tier/config-requests was refused: 400 Bad Request: REQ_003 - Tier configuration TC is set up already.
    ");
    insta::assert_snapshot!(world.run("tier request create setup --level 1"), @"
    exit 2
    --- stderr
    error: the following required arguments were not provided:
      --product <PRODUCT>
      --account <TIER_ACCOUNT>

    Usage: cnct tier request create --level <LEVEL> --product <PRODUCT> --account <TIER_ACCOUNT> <TYPE>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(world.run("tier request create update --level 1"), @"
    exit 2
    --- stderr
    error: the following required arguments were not provided:
      --tier-config <TIER_CONFIG>

    Usage: cnct tier request create --level <LEVEL> --tier-config <TIER_CONFIG> <TYPE>

    For more information, try '--help'.
    ");
}
