//! `cnct product` and `cnct api`.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use crate::cnct::{cnct, said};
use crate::fake::{Fake, KEY};
use crate::world::Serving;

#[test]
fn a_product_says_what_can_be_ordered() {
    let world = Serving::without_processor();
    insta::assert_snapshot!(world.run("product list --quiet"), @"
    exit 0
    --- stdout
    PRD-411-678-887
    ");
    let shown = world.run("product show PRD-411-678-887");
    for expected in [
        "product  PRD-411-678-887\n",
        "\n\nITEM ",
        "\nMPN-A ",
        "\n\nPARAMETER ",
        "\nadmin_email ",
        "\n\nTEMPLATE ",
        "Default Activation Template",
    ] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
    let product = world.json("product show PRD-411-678-887");
    assert_eq!(product["items"][0]["mpn"], "MPN-A");
    assert!(product["parameters"].is_array() && product["templates"].is_array());
}

#[test]
fn an_item_that_does_not_exist_is_answered_with_those_that_do() {
    let world = Serving::without_processor();
    let told = world.run("request create purchase --product PRD-411-678-887 --item FOO=1");
    assert!(told.starts_with("exit 3"), "{told}");
    assert!(told.contains("FOO") && told.contains("PRD-411-678-887 has MPN-A"), "{told}");
    let (request, asset) = world.purchase();
    world.run(&format!("request set {request} subscription_id=t-1"));
    world.run(&format!("request approve {request}"));
    let told = world.run(&format!("request create change --asset {asset} --item FOO=1"));
    assert!(told.contains("PRD-411-678-887 has MPN-A"), "{told}");
}

#[test]
fn an_order_of_nothing_is_refused_before_it_is_sent() {
    let fake = Fake::that_answers(200, "{}");
    let order = "request create purchase --product PRD-411-678-887 --item MPN-A=0";
    insta::assert_snapshot!(said(&fake.cnct(order).output().unwrap()), @"
    exit 2
    --- stderr
    error: --item MPN-A=0 orders nothing of MPN-A
      give a quantity above 0, or leave the item out
    ");
    assert_eq!(fake.asked(), "");
}

#[test]
fn any_call_can_be_made() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    let found = world.json("api GET 'requests?and(eq(status,pending),eq(type,purchase))&limit=1'");
    assert_eq!(found[0]["id"], json!(request));
    let platform = world.ready["platform"].as_str().unwrap();
    assert_eq!(world.json(&format!("api get {platform}/requests/{request}"))["id"], json!(request));
    let body = json!({"reason": "sold out"}).to_string();
    let fail = ["api", "POST", &format!("/requests/{request}/fail"), "--data", &body];
    let failed = world.cnct("").args(fail).output().unwrap();
    assert!(said(&failed).contains(r#""status": "failed""#), "{}", said(&failed));
}

#[test]
fn a_body_comes_from_a_file_or_from_stdin() {
    let fake = Fake::that_answers(200, "{}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("body.json"), r#"{"from": "a file"}"#).unwrap();
    let mut by_file = fake.cnct("api PUT requests/PR-1 --data @body.json");
    assert!(by_file.current_dir(&folder).status().unwrap().success());
    let mut by_stdin = fake.cnct("api PUT requests/PR-1 --data -");
    let mut child = by_stdin.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(br#"{"from": "stdin"}"#).unwrap();
    assert!(child.wait().unwrap().success());
    let asked = fake.asked();
    assert!(asked.contains(r#"{"from": "a file"}"#) && asked.contains(r#"{"from": "stdin"}"#));
    assert!(asked.contains("PUT /public/v1/requests/PR-1") && asked.contains(KEY), "{asked}");
    let told = said(&fake.cnct("api PUT requests/PR-1 --data nonsense").output().unwrap());
    assert!(told.starts_with("exit 2") && told.contains("the body is not JSON"), "{told}");
}

#[test]
fn what_is_answered_is_printed_whatever_its_status() {
    for (status, code) in [(200, 0), (400, 3), (401, 3), (404, 4), (500, 1), (501, 3)] {
        let fake = Fake::that_answers(status, r#"{"error_code": "X", "errors": ["why"]}"#);
        let output = fake.cnct("api GET requests").output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{status}: {}", said(&output));
        let body: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(body["error_code"], "X");
        assert_eq!(output.stderr.is_empty(), code == 0, "{}", said(&output));
    }
}

#[test]
fn the_key_goes_to_the_endpoint_alone() {
    let (fake, other) = (Fake::that_answers(200, "{}"), Fake::that_answers(200, "{}"));
    for path in [
        format!("{}/requests", other.endpoint),
        format!("//{}/requests", other.endpoint.trim_start_matches("http://")),
        "../../elsewhere".to_owned(),
        "requests/%2e%2e/%2e%2e/x".to_owned(),
    ] {
        let told = said(&fake.cnct("api GET").arg(&path).output().unwrap());
        assert!(told.starts_with("exit 2"), "{path}: {told}");
    }
    assert_eq!((fake.asked(), other.asked()), (String::new(), String::new()));
}

#[test]
fn an_endpoint_elsewhere_without_a_key_is_told_so() {
    let told = |url: &str| said(&cnct("request list --endpoint").arg(url).output().unwrap());
    insta::assert_snapshot!(told("https://api.connect.example"), @"
    exit 2
    --- stderr
    error: no API key is given for https://api.connect.example; Connect's API is below the path /public/v1
      give the key of a token: --api-key or CONNECT_API_KEY, the whole `ApiKey SU-…:…`
    ");
    assert!(!told("https://api.connect.example/public/v1").contains("below the path"));
}
