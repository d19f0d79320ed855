//! Which platform is meant: flags, environment, file, the local emulator.

use std::fs;

use tempfile::TempDir;

use crate::cnct::{cnct, run, said};
use crate::fake::Fake;
use crate::world::Serving;

const KEY: &str = "ApiKey SU-1:secret";

/// The endpoint that was chosen: nobody listens there, and the error names it.
fn chosen(arguments: &str, environment: &[(&str, &str)], file: &str) -> String {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("cnct.toml");
    fs::write(&config, file).unwrap();
    let mut command = cnct("request list");
    command.arg("--config").arg(config).args(arguments.split_whitespace());
    command.envs(environment.iter().copied());
    let told = String::from_utf8(command.output().unwrap().stderr).unwrap();
    let name = told.split("http://").nth(1).unwrap_or(&told);
    name.split(" could").next().unwrap().to_owned()
}

#[test]
fn a_flag_is_stronger_than_the_environment_and_that_than_the_file() {
    let file = format!("endpoint = 'http://file.localhost:1/v'\napi-key = '{KEY}'\n");
    let environment = [("CONNECT_ENDPOINT", "http://environment.localhost:1/v")];
    let flag = "--endpoint http://flag.localhost:1/v";
    assert_eq!(chosen(flag, &environment, &file), "flag.localhost:1");
    assert_eq!(chosen("", &environment, &file), "environment.localhost:1");
    assert_eq!(chosen("", &[], &file), "file.localhost:1");
    assert_eq!(chosen("", &[("CONNECT_ENDPOINT", "")], &file), "file.localhost:1");
}

#[test]
fn a_ready_file_gives_endpoint_and_key_together() {
    let world = Serving::without_processor();
    let ready = world.file("ready.json");
    let by_flag = cnct("request list").arg("--ready").arg(&ready).output().unwrap();
    insta::assert_snapshot!(said(&by_flag), @"
    exit 0
    --- stderr
    no requests
    ");
    let beside_a_key = world.cnct("request list").env("CONNECT_API_KEY", KEY).output().unwrap();
    assert!(beside_a_key.status.success(), "{}", said(&beside_a_key));
    let file = format!("ready = '{}'", ready.display());
    let config = world.file("cnct.toml");
    fs::write(&config, file).unwrap();
    let by_file = cnct("request list").env("CONNECT_CONFIG", config).output().unwrap();
    assert!(by_file.status.success(), "{}", said(&by_file));
}

#[test]
fn a_side_chooses_among_the_keys_of_a_ready_file_and_of_the_demo() {
    let world = Serving::start("emulator --port 0 --ready-file ready.json");
    let ready = world.file("ready.json");
    let told = |command: &mut std::process::Command| said(&command.output().unwrap());
    let endpoint = world.ready["platform"].as_str().unwrap();
    let asks = |side: &str| format!("api get auth/context --as {side}");
    for (side, account) in [("vendor", "VA-731-204"), ("distributor", "PA-402-518")] {
        let by_file = told(cnct(&asks(side)).arg("--ready").arg(&ready));
        assert!(by_file.contains(account), "{by_file}");
        let by_demo = told(&mut cnct(&format!("{} --endpoint {endpoint}", asks(side))));
        assert!(by_demo.contains(account), "{by_demo}");
    }
    let mut keyed = cnct("request list --as distributor --endpoint http://127.0.0.1:9/v");
    insta::assert_snapshot!(said(&keyed.env("CONNECT_API_KEY", KEY).output().unwrap()), @"
        exit 2
        --- stderr
        error: a key is given, so --as has none to choose
          leave --as out, or the key (CONNECT_API_KEY, or `api-key` in a file)
        ");
}

#[test]
fn an_emulator_on_this_machine_needs_no_key() {
    let world = Serving::start("emulator --port 0");
    let endpoint = world.ready["platform"].as_str().unwrap();
    let listed = run(&format!("request list --endpoint {endpoint}"));
    assert!(listed.starts_with("exit 0"), "{listed}");
}

#[test]
fn a_key_is_shown_only_to_the_endpoint_it_was_given_for() {
    let told = cnct("request list").env("CONNECT_API_KEY", KEY).output().unwrap();
    insta::assert_snapshot!(said(&told), @"
    exit 2
    --- stderr
    error: no Connect to talk to: there is an API key, but no endpoint
      start a local one with `cnct up`, or name one: --endpoint and --api-key (CONNECT_ENDPOINT, CONNECT_API_KEY), --ready FILE (CONNECT_READY), or a --config FILE (CONNECT_CONFIG)
    ");
}

#[test]
fn a_fault_is_set_with_no_key_in_the_clear() {
    let endpoint = "http://connect.example/public/v1";
    let mut told = cnct(&format!("fault list platform --endpoint {endpoint}"));
    let told = said(&told.env("CONNECT_API_KEY", KEY).output().unwrap());
    assert!(told.starts_with("exit 2") && told.contains("would travel readable"), "{told}");
    let fake = Fake::that_answers(200, "[]");
    let list = |allowed: &str| {
        let listed = fake.cnct(&format!("fault list platform {allowed}")).output().unwrap();
        assert!(listed.status.success(), "{}", said(&listed));
    };
    list("");
    list("--allow-plain-http");
    assert_eq!(fake.asked().matches("very-secret").count(), 2, "on this machine it may");
}

#[test]
fn a_ready_file_is_not_mixed_with_a_stronger_endpoint() {
    let (meant, other) = (Fake::that_answers(200, "[]"), Fake::that_answers(200, "[]"));
    let folder = TempDir::new().unwrap();
    let ready = folder.path().join("ready.json");
    let vendor = other.endpoint.trim_end_matches("/public/v1");
    let said_there = serde_json::json!({
        "platform": other.endpoint, "vendor": vendor, "vendor_key": "ApiKey SU-2:of-another",
        "journal": folder.path().join("journal.sqlite"),
    });
    fs::write(&ready, said_there.to_string()).unwrap();
    let told = |arguments: &str, stronger: &str| {
        let mut command = cnct(&format!("{arguments} {stronger}"));
        said(&command.env("CONNECT_READY", &ready).output().unwrap())
    };
    let stronger = format!("--endpoint {}", meant.endpoint);
    told("fault list", &stronger);
    let runs = told("run list", &stronger);
    assert!(runs.contains("no journal is named"), "{runs}");
    assert!(meant.asked().contains("GET /emulator/faults"), "{}", meant.asked());
    assert!(!meant.asked().contains("of-another"), "{}", meant.asked());
    assert_eq!(other.asked(), "", "the other is left alone");
    assert!(told("fault list", "").starts_with("exit 0"));
    assert!(other.asked().contains("GET /_faults"), "{}", other.asked());
    assert!(told("run list", "").contains("journal.sqlite"));
}

#[test]
fn what_cannot_be_used_is_named() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("cnct.toml");
    fs::write(&config, "endpoit = 'x'").unwrap();
    let mut told = String::new();
    for arguments in [
        "request list --endpoint http://127.0.0.1:1/public/v1",
        "request list --endpoint http://127.0.0.1:1/public/v1 --api-key secret",
        "request list --endpoint http://connect.example --api-key 'ApiKey SU-1:secret'",
        "request list --ready /nowhere/ready.json",
        "request list --config /nowhere/cnct.toml",
    ] {
        let said = run(arguments);
        assert!(!said.contains("secret"), "{said}");
        told += &format!("$ cnct {arguments}\n{said}\n");
    }
    let typo = cnct("request list --config cnct.toml").current_dir(&folder).output().unwrap();
    told += &said(&typo);
    insta::assert_snapshot!(told, @"
    $ cnct request list --endpoint http://127.0.0.1:1/public/v1
    exit 2
    --- stderr
    error: no Connect to talk to: no API key is given, and no local emulator answers at http://127.0.0.1:PORT/public/v1
      start a local one with `cnct up`, or name one: --endpoint and --api-key (CONNECT_ENDPOINT, CONNECT_API_KEY), --ready FILE (CONNECT_READY), or a --config FILE (CONNECT_CONFIG)

    $ cnct request list --endpoint http://127.0.0.1:1/public/v1 --api-key secret
    exit 2
    --- stderr
    error: API key: it does not start with `ApiKey` and one space; paste the whole value the platform shows for the token: `ApiKey SU-…:…`

    $ cnct request list --endpoint http://connect.example --api-key 'ApiKey SU-1:secret'
    exit 2
    --- stderr
    error: endpoint: over plain http the API key would travel readable; use https, or say allow-plain-http where you trust the network between

    $ cnct request list --ready /nowhere/ready.json
    exit 1
    --- stderr
    error: /nowhere/ready.json cannot be read: No such file or directory (os error 2)
      check the path and its permissions, or name another file

    $ cnct request list --config /nowhere/cnct.toml
    exit 1
    --- stderr
    error: /nowhere/cnct.toml cannot be read: No such file or directory (os error 2)
      check the path and its permissions, or name another file

    exit 2
    --- stderr
    error: cnct.toml: unknown field `endpoit`, expected one of `endpoint`, `api-key`, `ready`, `allow-plain-http`
      it may hold `endpoint`, `api-key`, `ready` and `allow-plain-http`
    ");
}
