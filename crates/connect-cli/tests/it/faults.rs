//! `cnct fault`: the same grammar for the platform and the vendor.

use serde_json::json;

use crate::cnct::cnct;
use crate::world::Serving;

const UP: &str = "up --port 0 --vendor-port 0 --ready-file ready.json";

#[test]
fn one_command_makes_the_vendor_refuse_a_resume() {
    let world = Serving::start(UP);
    let (_, asset) = world.approved_purchase();
    assert!(world.run(&format!("asset suspend {asset} --wait")).starts_with("exit 0"));
    insta::assert_snapshot!(
        world.run("fault set vendor refuse --on enable --times 1 --reason 'The last invoice is overdue.'"),
        @"
    exit 0
    --- stdout
    PLACE   ON      OF  SKIP  LEFT  EFFECT
    vendor  enable            1     refuse: The last invoice is overdue.
    ");
    let refused = world.run(&format!("asset resume {asset} --wait"));
    assert!(refused.starts_with("exit 5"), "{refused}");
    assert!(refused.contains("ended as failed: The last invoice is overdue."), "{refused}");
    assert!(world.run(&format!("asset resume {asset} --wait")).starts_with("exit 0"));
}

#[test]
fn both_places_take_every_effect() {
    let world =
        Serving::start("up --port 0 --vendor-port 0 --no-processor --ready-file ready.json");
    for (place, on, path) in
        [("platform", "approve", "/requests/*"), ("vendor", "enable", "/tenant/*/enable")]
    {
        for effect in [
            "refuse --reason No --code overdue --status 422",
            "answer 307 --location https://stranger.example/",
            "answer 503 --retry-after 3 --body '{\"a\": 1}'",
            "answer-after 502 --body oops",
            "lose-call",
            "lose-answer",
            "delay 2s",
        ] {
            let set = format!("fault set {place} {effect} --on {on} --of X-1 --times 2 --skip 1");
            assert!(world.run(&set).starts_with("exit 0"), "{}", world.run(&set));
        }
        let set = ["fault", "set", place, "lose-call", "--on", &format!("PUT {path}")];
        assert!(world.cnct("").args(set).output().unwrap().status.success());
        let wrong = world.run(&format!("fault set {place} lose-call --on dance"));
        assert!(wrong.starts_with("exit 2") && wrong.contains("`dance` is not an op"), "{wrong}");
        let wrong = world.run(&format!("fault set {place} lose-call --of ''"));
        assert!(wrong.starts_with("exit 2") && wrong.contains("`of` is empty"), "{wrong}");
        let wrong = world.run(&format!("fault set {place} answer 302 --location '/a\nX: y'"));
        assert!(wrong.starts_with("exit 2") && wrong.contains("is no location"), "{wrong}");
    }
    let faults = world.json("fault list");
    assert_eq!(faults.as_array().unwrap().len(), 16);
    assert_eq!(faults[0]["on"], "approve");
    let refuse = json!({"refuse": {"status": 422, "code": "overdue", "reason": "No"}});
    assert_eq!(faults[0]["effect"], refuse);
    assert_eq!(faults[8]["effect"], refuse);
    assert_eq!(world.json("fault list vendor").as_array().unwrap().len(), 8);
    world.run("fault clear vendor");
    assert_eq!(world.json("fault list").as_array().unwrap().len(), 8);
    insta::assert_snapshot!(world.run("fault clear"), @"
    exit 0
    --- stderr
    no faults any more
    ");
    assert_eq!(world.json("fault list"), json!([]));
}

#[test]
fn a_fault_of_the_platform_is_met_by_the_next_call() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    world.run("fault set platform refuse --on pend --reason 'Not today' --status 400 --times 1");
    let told = world.run(&format!("request pend {request}"));
    assert!(told.starts_with("exit 3") && told.contains("refused - Not today"), "{told}");
    assert_eq!(world.json("fault list"), json!([]));
}

#[test]
fn nobody_there_is_said() {
    let told =
        cnct("fault list platform --endpoint http://127.0.0.1:1/public/v1").output().unwrap();
    insta::assert_snapshot!(crate::cnct::said(&told), @"
    exit 1
    --- stderr
    error: platform takes no faults: nobody answers at http://127.0.0.1:PORT/emulator/faults: Connection refused (os error 111)
      only the emulator and the demo vendor take faults: start them with `cnct up`, and name them with --ready FILE (CONNECT_READY) when their ports are not the usual ones
    ");
}
