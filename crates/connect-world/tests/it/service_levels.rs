//! How long requests have waited: `sli`, and the filters on it.

use std::time::Duration;

use connect_clock::Clock;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::{Collection, Fixture, Setting, World, Zones};
use serde_json::{Value, json};

use crate::stage::{Stage, text};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn sli(stage: &Stage, id: &str) -> Value {
    stage.read(&Collection::Requests, id).unwrap()["sli"].clone()
}

#[test]
fn a_request_comes_to_another_zone_each_day_until_the_seventh() {
    let mut stage = Stage::demo();
    let id = text(&stage.trial(), "/id");
    let zones = (0..9).map(|_| {
        let shown = sli(&stage, &id);
        stage.clock.advance(DAY);
        [&shown["days"], &shown["zone"]].map(|it| it.as_u64().unwrap())
    });
    let seen: Vec<[u64; 2]> = zones.collect();
    assert_eq!(seen, [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7], [7, 7], [8, 7]]);
}

#[test]
fn the_time_counts_anew_in_each_status_and_only_while_somebody_is_waited_for() {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"purchase": {"scheduling": true}}}));
    let id = text(&stage.trial(), "/id");
    stage.clock.advance(DAY * 3);
    let body = json!({"asset": {"params": [{"id": "admin_email", "value_error": "No."}]}});
    stage.update(&id, body).unwrap();
    assert_eq!(sli(&stage, &id), json!({"zone": 4, "days": 3}));
    stage.operate(&id, Operation::Inquire, Value::Null).unwrap();
    assert_eq!(sli(&stage, &id), json!({"zone": 1, "days": 0}));
    stage.operate(&id, Operation::Pend, Value::Null).unwrap();
    let planned = json!({"planned_date": "2024-07-01T00:00:00Z"});
    stage.operate(&id, Operation::Schedule, planned).unwrap();
    assert_eq!(sli(&stage, &id), Value::Null);
    let revoking = stage.operate(&id, Operation::Revoke, json!({"reason": "No."})).unwrap();
    assert_eq!(revoking["sli"], json!({"zone": 1, "days": 0}));
    stage.operate(&id, Operation::Confirm, Value::Null).unwrap();
    assert_eq!(sli(&stage, &id), Value::Null);
}

#[test]
fn requests_are_found_and_sorted_by_how_long_they_have_waited() {
    let mut stage = Stage::demo();
    let pending = Fixture::new(AssetRequestType::Purchase, RequestStatus::Pending);
    let over = Fixture::new(AssetRequestType::Purchase, RequestStatus::Approved);
    let mut seed = |fixture: &Fixture| {
        let id = stage.world.seed_request(stage.clock.now(), fixture).unwrap().to_string();
        stage.clock.advance(DAY * 2);
        id
    };
    let [over, old, middle] = [&over, &pending, &pending].map(&mut seed);
    let new = text(&stage.trial(), "/id");
    let ids = |query: &str| stage.ids(&Collection::Requests, query).0;
    assert_eq!(ids("ordering=sli.days"), [&over, &new, &middle, &old].map(String::as_str));
    assert_eq!(ids("ge(sli.zone,3)&ordering(-sli.zone)"), [old.as_str(), &middle]);
    assert_eq!(ids("sli.zone=5"), [old.as_str()]);
    assert_eq!(ids("lt(sli.days,2)"), [new.as_str()]);
    assert_eq!(ids("eq(sli.zone,null())"), [over.as_str()]);
    assert_eq!(ids("status=pending&in(sli.zone,(1,3))&ordering(created)"), [middle.as_str(), &new]);
}

#[test]
fn the_days_of_the_zones_are_what_the_world_is_opened_with() {
    let zones: Zones = "0, 0,3,5,7,14".parse().unwrap();
    let stage = Stage::demo();
    let setting = Setting { zones, ..Setting::new(7) };
    let world = World::found(connect_world::scenario::Scenario::demo(), setting);
    let mut stage = Stage { world, ..stage };
    let id = text(&stage.trial(), "/id");
    assert_eq!(sli(&stage, &id), json!({"zone": 3, "days": 0}));
    stage.clock.advance(DAY * 6);
    assert_eq!(sli(&stage, &id), json!({"zone": 5, "days": 6}));
    for wrong in ["1,2,3,4,5", "1,2,3,4,5,6,7", "2,1,3,4,5,6", "", "a,2,3,4,5,6", "-1,2,3,4,5,6"] {
        assert!(wrong.parse::<Zones>().is_err(), "{wrong}");
    }
}
