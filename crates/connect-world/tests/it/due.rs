//! What the platform does by itself when its time comes: drafts that nobody orders go, and scheduled
//! requests come back.

use std::time::Duration;

use connect_clock::Clock;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::{
    ParameterCommand, RequestCommand, TierConfigRequestCommand, WebhookCommand,
};
use connect_world::{Collection, Event, EventKind, Fixture, Records, Setting, World};
use serde_json::{Value, json};

use crate::stage::{CONNECTION, MARKETPLACE, Stage, customer, said, text};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A world in which purchases, changes and tier requests may be drafts, and changes be scheduled.
fn stage() -> Stage {
    let mut stage = Stage::demo();
    stage.switch(&json!({
        "cart": {"validation": true},
        "subscription": {"change": {"validation": true, "scheduling": true}},
        "tiers": {"validation": true},
    }));
    stage
}

/// Lets time pass, and the platform do what is due then.
fn pass(stage: &mut Stage, time: Duration) -> Vec<Event> {
    stage.clock.advance(time);
    stage.world.do_due(stage.clock.now(), 1000)
}

fn kinds(events: &[Event]) -> Vec<(&'static str, EventKind)> {
    events.iter().map(|event| (event.object.kind, event.kind)).collect()
}

/// What is left of objects in the whole world: whatever mentions one of these ids.
fn mentions(stage: &Stage, ids: &[String]) -> Vec<String> {
    let dump = stage.world.dump();
    let records = dump.as_object().unwrap().iter().flat_map(|(kind, records)| {
        records.as_object().unwrap().iter().map(move |(id, body)| (kind, id, body))
    });
    let found = records.filter(|(_, id, body)| {
        let whole = format!("{id} {body}");
        ids.iter().any(|id| whole.contains(id.as_str()))
    });
    found.map(|(kind, id, _)| format!("{kind} {id}")).collect()
}

fn draft_order(stage: &mut Stage) -> Value {
    let mut body = stage.order_body();
    body["status"] = json!("draft");
    stage.by_distributor(RequestCommand::Create { body }).unwrap()
}

fn draft_change(stage: &mut Stage, asset: &str) -> String {
    let items = json!([{"mpn": "MPN-A", "quantity": 12}]);
    let asset = json!({"id": asset, "items": items});
    let body = json!({"type": "change", "status": "draft", "asset": asset});
    text(&stage.by_vendor(RequestCommand::Create { body }).unwrap(), "/id")
}

#[test]
fn a_purchase_that_nobody_orders_goes_with_its_subscription_after_a_day() {
    let mut stage = stage();
    let draft = draft_order(&mut stage);
    let ids = [text(&draft, "/id"), text(&draft, "/asset/id")];
    assert!(pass(&mut stage, DAY - Duration::from_secs(1)).is_empty());
    assert_eq!(text(&stage.read(&Collection::Requests, &ids[0]).unwrap(), "/status"), "draft");

    let events = pass(&mut stage, Duration::from_secs(1));
    assert_eq!(
        kinds(&events),
        ["conversation", "request", "asset"].map(|kind| (kind, EventKind::Deleted))
    );
    assert_eq!(
        said(stage.read(&Collection::Requests, &ids[0])),
        "not found: NOT_FOUND - Object not found."
    );
    assert_eq!(stage.ids(&Collection::Assets, "status=draft").1, "items 0-0/0");
    assert_eq!(mentions(&stage, &ids), [""; 0]);
    assert_eq!(stage.world.next_due(), None);
    // The hub may send the same order again.
    draft_order(&mut stage);
}

#[test]
fn a_draft_that_is_written_to_stays_a_day_longer_and_one_that_is_ordered_stays() {
    let mut stage = stage();
    let [kept, ordered] = [(); 2].map(|()| {
        let mut body = stage.trial_body();
        body["status"] = json!("draft");
        text(&stage.by_vendor(RequestCommand::Create { body }).unwrap(), "/id")
    });
    assert!(pass(&mut stage, HOUR * 23).is_empty());
    stage.update(&kept, json!({"note": "soon"})).unwrap();
    stage.operate(&ordered, Operation::Purchase, Value::Null).unwrap();
    assert!(pass(&mut stage, HOUR * 23).is_empty());
    assert_eq!(kinds(&pass(&mut stage, HOUR)).len(), 3);
    assert!(pass(&mut stage, DAY * 30).is_empty());
    assert_eq!(text(&stage.read(&Collection::Requests, &ordered).unwrap(), "/status"), "pending");
}

#[test]
fn the_number_of_a_change_that_is_gone_is_not_given_again() {
    let mut stage = stage();
    let asset = stage.active_trial();
    let before = stage.asset(&asset);
    let draft = draft_change(&mut stage, &asset);
    assert!(draft.ends_with("-002"), "{draft}");
    let events = pass(&mut stage, DAY);
    assert_eq!(events[1].object.kind, "request");
    assert_eq!(stage.asset(&asset), before);
    let next = text(&stage.change(&asset, 12).unwrap(), "/id");
    assert!(next.ends_with("-003"), "{next}");
    let requests = Collection::AssetRequests(asset.as_str().into());
    assert_eq!(stage.ids(&requests, "ordering=created").0.len(), 2);
}

/// A product that asks its resellers for a code.
fn with_resellers() -> Stage {
    let mut stage = stage();
    let product = stage.product();
    let body = json!({
        "name": "code", "title": "Code", "type": "text", "phase": "ordering", "scope": "tier1",
    });
    stage.by_vendor(ParameterCommand::Create { product, body }).unwrap();
    stage.switch(&json!({"tiers": {"configs": {"level": 1}}}));
    stage
}

fn draft_set_up(stage: &mut Stage) -> Value {
    let reseller = json!({
        "name": "Near", "external_id": "near", "external_uid": "uid-near",
        "contact_info": customer()["contact_info"],
    });
    let body = json!({"type": "setup", "status": "draft", "configuration": {
        "product": {"id": stage.product()}, "tier_level": 1, "account": reseller,
        "connection": {"id": CONNECTION}, "marketplace": {"id": MARKETPLACE},
    }});
    stage.by_distributor(TierConfigRequestCommand::Create { body }).unwrap()
}

#[test]
fn a_set_up_that_nobody_orders_goes_with_its_configuration() {
    let mut stage = with_resellers();
    let draft = draft_set_up(&mut stage);
    let ids = [text(&draft, "/id"), text(&draft, "/configuration/id")];
    let events = pass(&mut stage, DAY);
    let gone = ["conversation", "tier_config_request", "tier_config"];
    assert_eq!(kinds(&events), gone.map(|kind| (kind, EventKind::Deleted)));
    assert_eq!(mentions(&stage, &ids), [""; 0]);
    assert_ne!(text(&draft_set_up(&mut stage), "/configuration/id"), ids[1]);
}

#[test]
fn a_configuration_that_is_worked_on_stays_without_the_drafts() {
    let mut stage = with_resellers();
    let draft = draft_set_up(&mut stage);
    let config = text(&draft, "/configuration/id");
    let second = draft_set_up(&mut stage);
    assert_eq!(text(&second, "/configuration/id"), config);
    let id = text(&second, "/id").as_str().into();
    let (operation, code) = (Operation::Submit, None);
    let submit = TierConfigRequestCommand::Operate { id, operation, body: Value::Null, code };
    stage.by_distributor(submit).unwrap();
    let events = pass(&mut stage, DAY);
    let gone = ["conversation", "tier_config_request"];
    assert_eq!(kinds(&events), gone.map(|kind| (kind, EventKind::Deleted)));
    assert_eq!(text(&stage.read(&Collection::TierConfigs, &config).unwrap(), "/id"), config);
}

/// A change that is scheduled for tomorrow.
fn scheduled(stage: &mut Stage) -> (String, String) {
    let asset = stage.active_trial();
    let id = text(&stage.change(&asset, 12).unwrap(), "/id");
    let planned = json!({"planned_date": "2024-06-12T00:00:00Z"});
    stage.operate(&id, Operation::Schedule, planned).unwrap();
    (id, asset)
}

#[test]
fn a_scheduled_request_comes_back_to_the_vendor_on_its_day() {
    let mut stage = stage();
    let hook = json!({
        "label": "orders", "object_class": "fulfillment_request", "description": null,
        "product_id": stage.product(), "jwt_secret": "s3cret", "active": true,
        "external_url": "http://cedar.example/", "http_method": "POST", "headers": {},
    });
    let (id, asset) = scheduled(&mut stage);
    stage.by_vendor(WebhookCommand::Create { body: hook }).unwrap();
    assert!(pass(&mut stage, HOUR * 16).is_empty());

    let events = pass(&mut stage, HOUR);
    let changed = ["request", "conversation", "webhook"];
    assert_eq!(kinds(&events), changed.map(|kind| (kind, EventKind::Changed)));
    let shown = stage.read(&Collection::Requests, &id).unwrap();
    assert_eq!(text(&shown, "/status"), "pending");
    assert_eq!(text(&shown, "/planned_date"), "2024-06-12T00:00:00+00:00");
    assert_eq!(shown.pointer("/events/pended/by"), None, "{shown}");
    let page = stage
        .world
        .list(stage.clock.now(), &stage.vendor, &Collection::Messages(id.clone()), "")
        .unwrap();
    let messages: Vec<Value> = serde_json::from_slice(&page.body).unwrap();
    let last = messages.last().map(|message| text(message, "/text"));
    assert_eq!(last, Some(format!("Request {id} is now pending.")));

    assert!(pass(&mut stage, DAY * 30).is_empty());
    stage.approve(&id).unwrap();
    assert_eq!(text(&stage.asset(&asset), "/items/0/quantity"), "12");
}

#[test]
fn a_request_that_is_taken_back_does_not_come_back() {
    let mut stage = stage();
    let (id, _) = scheduled(&mut stage);
    stage.operate(&id, Operation::Revoke, json!({"reason": "Changed our mind."})).unwrap();
    assert_eq!(stage.world.next_due(), None);
    assert!(pass(&mut stage, DAY * 2).is_empty());
    assert_eq!(
        said(stage.operate(&id, Operation::Pend, Value::Null)),
        "invalid: REQ_003 - Only inquiring and scheduled requests can be moved to pending status."
    );
    assert_eq!(said(stage.operate(&id, Operation::Confirm, Value::Null)), "ok revoked");
}

#[test]
fn a_request_that_is_brought_back_by_hand_can_be_planned_for_another_day() {
    let mut stage = stage();
    let (id, _) = scheduled(&mut stage);
    stage.operate(&id, Operation::Pend, Value::Null).unwrap();
    let planned = json!({"planned_date": "2024-07-01T00:00:00Z"});
    stage.operate(&id, Operation::Schedule, planned).unwrap();
    assert!(pass(&mut stage, DAY).is_empty());
    assert_eq!(pass(&mut stage, DAY * 20).len(), 2);
}

/// The world as it is after a restart.
fn restarted(stage: Stage, setting: Setting) -> Stage {
    let mut kept = Records::default();
    for write in stage.world.all_writes() {
        kept.add(write.kind, write.place, &write.body.unwrap());
    }
    let world = World::restore(setting, kept).unwrap();
    assert_eq!(world.dump(), stage.world.dump());
    Stage { world, ..stage }
}

#[test]
fn what_is_due_is_done_after_a_restart_too() {
    let mut stage = stage();
    draft_order(&mut stage);
    let (id, _) = scheduled(&mut stage);
    let mut stage = restarted(stage, Setting::new(7));
    assert_eq!(pass(&mut stage, DAY).len(), 5);
    assert_eq!(text(&stage.read(&Collection::Requests, &id).unwrap(), "/status"), "pending");
}

#[test]
fn how_long_drafts_stay_is_what_the_world_is_opened_with() {
    let mut stage = stage();
    draft_order(&mut stage);
    let mut stage = restarted(stage, Setting { draft_life: HOUR, ..Setting::new(7) });
    assert_eq!(pass(&mut stage, HOUR).len(), 3);
    let mut stage = restarted(stage, Setting { draft_life: Duration::MAX, ..Setting::new(7) });
    draft_order(&mut stage);
    assert!(pass(&mut stage, DAY * 100_000).is_empty());
}

/// Places of what is gone are not given to others, also when nobody remembers what was there.
#[test]
fn what_is_made_after_a_restart_stands_behind_what_was_there() {
    let mut stage = stage();
    draft_order(&mut stage);
    let first = text(&stage.trial(), "/id");
    pass(&mut stage, DAY);
    let mut stage = restarted(stage, Setting::new(7));
    let second = text(&stage.trial(), "/id");
    let stage = restarted(stage, Setting::new(7));
    assert_eq!(stage.ids(&Collection::Requests, "").0, [second, first]);
}

#[test]
fn a_draft_is_deleted_at_once_by_who_could_order_it() {
    let mut stage = stage();
    let draft = text(&draft_order(&mut stage), "/id");
    let abandon = |id: &str| RequestCommand::Abandon { id: id.into() };
    assert_eq!(
        said(stage.by_vendor(abandon(&draft))),
        "forbidden: AUTH_004 - You do not have permission to perform this action."
    );
    assert_eq!(said(stage.by_distributor(abandon(&draft))), "ok ");
    assert_eq!(
        said(stage.by_distributor(abandon(&draft))),
        "not found: NOT_FOUND - Object not found."
    );
    let order = text(&stage.order(), "/id");
    let only = "invalid: REQ_003 - Only draft requests can be deleted.";
    assert_eq!(said(stage.by_distributor(abandon(&order))), only);
    let now = stage.clock.now();
    assert_eq!(stage.world.remove_draft(now, &order).unwrap_err().to_string(), only);
    assert!(stage.world.remove_draft(now, "PR-1").is_err());

    let mut resellers = with_resellers();
    let draft = text(&draft_set_up(&mut resellers), "/id");
    let abandon = TierConfigRequestCommand::Abandon { id: draft.as_str().into() };
    assert_eq!(
        said(resellers.by_vendor(abandon.clone())),
        "forbidden: AUTH_004 - You do not have permission to perform this action."
    );
    assert_eq!(said(resellers.by_distributor(abandon)), "ok ");
    let draft = text(&draft_set_up(&mut resellers), "/id");
    assert_eq!(resellers.world.remove_draft(now, &draft).unwrap().len(), 3);
}

#[test]
fn many_drafts_go_a_few_at_a_time_the_oldest_first() {
    let mut stage = stage();
    let fixture = Fixture::new(AssetRequestType::Purchase, RequestStatus::Draft);
    for _ in 0..3 {
        stage.clock.advance(HOUR);
        stage.world.seed_requests(stage.clock.now(), &fixture, 10);
    }
    stage.clock.advance(DAY);
    let now = stage.clock.now();
    let left = |stage: &Stage| stage.ids(&Collection::Requests, "limit=100").0;
    let all = left(&stage);
    assert_eq!(stage.world.do_due(now, 10).len(), 30);
    assert_eq!(left(&stage), all[..20]);
    assert_eq!(stage.world.do_due(now, 100).len(), 60);
    assert!(stage.world.do_due(now, 100).is_empty());
}
