//! What the platform does by itself at a date, by a clock that is moved.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::VirtualClock;
use connect_emulator::Config;
use connect_world::EventKind;
use reqwest::Method;
use serde_json::json;

use super::stage::{Order, Stage, text};

const HOUR: Duration = Duration::from_secs(3600);

/// An emulator whose product takes drafts and schedules purchases.
async fn set(clock: &VirtualClock, data: Option<&Path>, draft_life: Duration) -> Stage {
    let clock = Arc::new(clock.clone());
    let data = data.map(Into::into);
    let stage = Stage::set_with(Config { clock, data, draft_life, ..Config::default() }).await;
    let switches = json!({"capabilities": {
        "cart": {"validation": true}, "subscription": {"purchase": {"scheduling": true}},
    }});
    let path = format!("/products/{}", stage.emulator.product());
    stage.vendor().put(&path, switches).await.expect(200);
    stage
}

fn morning() -> VirtualClock {
    VirtualClock::new("2024-06-11T07:30:00Z".parse().unwrap())
}

async fn draft(stage: &Stage) -> Order {
    let mut body = stage.preview_purchase();
    body["status"] = json!("draft");
    Order::of(&stage.vendor().post("/requests", body).await)
}

async fn scheduled(stage: &Stage) -> Order {
    let order = stage.purchase().await;
    let day = json!({"planned_date": "2024-06-12T00:00:00Z"});
    stage.vendor().act(&order.id, "schedule", day).await.expect(200);
    order
}

/// Reads a request again and again, until it is as it should be.
async fn until(stage: &Stage, id: &str, is_so: impl Fn(u16, &str) -> bool) {
    loop {
        let said = stage.vendor().get(&format!("/requests/{id}")).await;
        let status = if said.status == 200 {
            text(&said.json()["status"]).to_owned()
        } else {
            String::new()
        };
        if is_so(said.status, &status) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn time_alone_removes_drafts_and_brings_scheduled_requests_back() {
    let clock = morning();
    let stage = set(&clock, None, HOUR).await;
    let mut events = stage.emulator.platform().subscribe();
    let (draft, scheduled) = (draft(&stage).await, scheduled(&stage).await);
    clock.advance(HOUR);
    until(&stage, &draft.id, |status, _| status == 404).await;
    let asset = stage.vendor().get(&format!("/assets/{}", draft.asset)).await;
    assert_eq!(asset.status, 404);
    clock.advance(HOUR * 16);
    until(&stage, &scheduled.id, |_, status| status == "pending").await;

    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        told.push((event.kind, event.object.id.to_string()));
    }
    assert!(told.contains(&(EventKind::Deleted, draft.id.clone())), "{told:?}");
    assert_eq!(told[told.len() - 2], (EventKind::Changed, scheduled.id.clone()));
}

#[tokio::test]
async fn what_came_due_while_the_emulator_was_off_is_done_when_it_is_started() {
    let (clock, folder) = (morning(), tempfile::tempdir().unwrap());
    let stage = set(&clock, Some(folder.path()), HOUR * 24).await;
    let (draft, scheduled) = (draft(&stage).await, scheduled(&stage).await);
    let Stage { emulator, .. } = stage;
    emulator.stop().await;

    clock.advance(HOUR * 24 * 3);
    let stage = set(&clock, Some(folder.path()), HOUR * 24).await;
    until(&stage, &scheduled.id, |_, status| status == "pending").await;
    until(&stage, &draft.id, |status, _| status == 404).await;
    let Stage { emulator, .. } = stage;
    emulator.stop().await;

    let stage = set(&clock, Some(folder.path()), HOUR * 24).await;
    assert_eq!(stage.standing(&scheduled).await, "pending processing");
    assert_eq!(stage.vendor().get(&format!("/requests/{}", draft.id)).await.status, 404);
}

/// The task that waits may be late; a command is not.
#[tokio::test]
async fn a_command_meets_the_world_as_it_is_at_its_moment() {
    let clock = morning();
    let stage = set(&clock, None, HOUR).await;
    let (draft, scheduled) = (draft(&stage).await, scheduled(&stage).await);
    clock.advance(HOUR * 17);
    let revoked = stage.vendor().act(&scheduled.id, "revoke", json!({"reason": "No."})).await;
    assert_eq!(revoked.refusal(), "400 REQ_003 Only scheduled requests can be revoked.");
    assert_eq!(stage.vendor().act(&draft.id, "purchase", json!({})).await.status, 404);
}

#[tokio::test]
async fn a_draft_is_deleted_through_the_emulators_own_endpoint() {
    let stage = set(&morning(), None, HOUR).await;
    let draft = draft(&stage).await;
    let delete = async |id: &str| {
        let path = format!("/drafts/{id}");
        stage.operator().call(Method::DELETE, &path).await
    };
    assert_eq!(delete(&draft.id).await.status, 204);
    let again = delete(&draft.id).await.expect(404);
    assert_eq!(again["code"], "not_removed");
    let order = stage.purchase().await;
    let refused = delete(&order.id).await.expect(400);
    assert_eq!(refused["detail"], "REQ_003 - Only draft requests can be deleted.");
}
