//! `cnct up`, `cnct emulator`, `cnct vendor`.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::cnct::{cnct, run, said};
use crate::world::Serving;

const UP: &str = "up --port 0 --vendor-port 0 --ready-file ready.json --data data";

#[test]
fn up_processes_what_is_asked_and_ends_gracefully() {
    let mut world = Serving::start(UP);
    let file = world.file("ready.json");
    let (request, asset) = world.approved_purchase();
    let hold = world.run(&format!("asset suspend {asset} --wait --quiet"));
    let both = world.json(&format!("request list --asset {asset}"));
    assert_eq!([&both[0]["status"], &both[1]["status"]], ["approved", "approved"], "{hold}");
    assert_eq!(both[1]["id"].as_str(), Some(request.as_str()));
    let ended = world.stop("-TERM");
    assert_eq!(ended.status.code(), Some(0), "{}", said(&ended));
    assert!(!file.exists(), "nobody answers any more, so nothing says so");
}

#[test]
fn the_ready_file_says_what_up_prints_and_is_private() {
    let world = Serving::start(UP);
    let file = world.file("ready.json");
    let ready: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(ready, world.ready);
    assert!(ready["platform"].as_str().unwrap().ends_with("/public/v1"));
    assert!(ready["vendor_key"].as_str().unwrap().starts_with("ApiKey SU-"));
    assert!(ready["distributor_key"].as_str().unwrap().starts_with("ApiKey SU-"));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_kept_world_is_there_again_and_its_vendor_knows_its_tenants() {
    let world = Serving::start(UP);
    let (_, asset) = world.approved_purchase();
    assert!(world.run(&format!("asset suspend {asset} --wait")).starts_with("exit 0"));
    let world = world.restart(UP);
    let resumed = world.run(&format!("asset resume {asset} --wait"));
    assert!(resumed.starts_with("exit 0"), "{resumed}");
}

/// The tenant's id of the subscription of a request, once it is approved.
fn tenant(world: &Serving, request: &str) -> String {
    loop {
        let shown = world.json(&format!("request show {request}"));
        if shown["status"] == "approved" {
            let params = shown["asset"]["params"].as_array().unwrap();
            let tenant = params.iter().find(|param| param["id"] == "subscription_id").unwrap();
            return tenant["value"].as_str().unwrap().to_owned();
        }
    }
}

#[test]
fn a_kept_world_gives_no_tenants_id_twice() {
    let world = Serving::start(UP);
    let (first, ended) = world.approved_purchase();
    assert!(world.run(&format!("asset cancel {ended} --wait")).starts_with("exit 0"));
    world.vendor_fails("set_limit");
    let (half_done, _) = world.purchase();
    while !world.vendor_calls().contains(r#""outcome":"failed""#) {}
    let world = world.restart(UP);
    let (fresh, _) = world.approved_purchase();
    let tenants = [first, half_done, fresh].map(|request| tenant(&world, &request));
    assert_eq!(tenants, ["t-00001", "t-00002", "t-00003"]);
}

#[test]
fn an_emulator_alone_names_the_vendor_it_was_told() {
    let alone = Serving::start("emulator --port 0");
    assert_eq!(alone.ready["vendor"], Value::Null);
    let told = Serving::start("emulator --port 0 --vendor-url http://vendor.example");
    assert_eq!(told.ready["vendor"], "http://vendor.example");
}

#[test]
fn a_vendor_alone_names_no_platform() {
    let vendor = Serving::start("vendor --port 0 --ready-file ready.json");
    assert_eq!(vendor.ready["platform"], Value::Null);
    assert!(vendor.ready["vendor"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    insta::assert_snapshot!({
        let mut list = cnct("request list --ready ready.json");
        said(&list.current_dir(vendor.file("")).output().unwrap())
    }, @"
    exit 2
    --- stderr
    error: ready.json names no platform
      use the ready file of `cnct up` or `cnct emulator`
    ");
}

#[test]
fn a_taken_port_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    insta::assert_snapshot!(run(&format!("up --vendor-port 0 --port {port}")), @"
    exit 1
    --- stderr
    error: the emulator did not start: 127.0.0.1:PORT is taken; stop what listens there, or choose another port (0: a free one)
      because: Address already in use (os error 98)
    ");
    insta::assert_snapshot!(run(&format!("vendor --port {port} --json")), @r#"
    exit 1
    --- stderr
    {"error":{"code":"CLI_VENDOR","message":"the demo vendor cannot listen on 127.0.0.1:PORT: Address already in use (os error 98); choose another port for it, or 0 for a free one"}}
    "#);
}

#[test]
fn a_ready_file_that_cannot_be_written_is_no_ready_file() {
    let told = run("vendor --port 0 --ready-file /nowhere/ready.json");
    let wanted = "exit 1\n--- stderr\nerror: /nowhere/ready.json cannot be written: No such file";
    assert!(told.starts_with(wanted), "{told}");
}

/// An address of this machine by which other machines know it, when there are others.
fn address_outside() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: the system only chooses a way.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().unwrap().ip())
}

#[test]
fn up_works_at_an_address_of_the_network() {
    let Some(address) = address_outside() else { return };
    let up = format!("up --port 0 --vendor-port 0 --bind {address} --ready-file ready.json");
    let world = Serving::start(&up);
    assert!(world.ready["platform"].as_str().unwrap().contains(&address.to_string()));
    let refused = world.run("request list");
    assert!(refused.starts_with("exit 2") && refused.contains("allow-plain-http"), "{refused}");
    let mut list = world.cnct("request list");
    let listed = said(&list.env("CONNECT_ALLOW_PLAIN_HTTP", "true").output().unwrap());
    assert!(listed.starts_with("exit 0"), "{listed}");
}

#[test]
fn other_machines_are_warned_of() {
    let mut open = Serving::start("vendor --port 0 --bind 0.0.0.0");
    let ended = open.stop("-INT");
    insta::assert_snapshot!(String::from_utf8(ended.stderr).unwrap(), @"warning: 0.0.0.0 can be reached from other machines; the demo keys are no secret, and whoever reaches it can do anything");
}
