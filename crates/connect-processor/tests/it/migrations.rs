//! Purchases of subscriptions that come from another system.

use std::sync::Arc;
use std::time::Duration;

use connect_client::Call;
use connect_journal::{Journal, NewRun, RunState};
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::{AssetRequest, AssetRequestType, ParameterUpdate, RequestStatus};
use connect_processor::{
    Context, Deadline, Ending, Error, Failure, Migration, Outcome, Processor, Report,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const HOUR: Duration = Duration::from_secs(3600);
const DATA: &str = r#"{"tenant": "old-7"}"#;
const UNTAKEN: &str = "migration by migration_info, which no handler takes";

/// What orders are handled as that are no migrations; each counts.
async fn provisions(cx: Cx) -> Result<Outcome, Failure> {
    cx.state().act();
    Ok(Outcome::fail("provisioned"))
}

#[derive(Deserialize)]
struct Legacy {
    tenant: String,
}

async fn adopts(_: Cx, data: Migration) -> Result<Outcome, Failure> {
    match data.json::<Legacy>() {
        Ok(Legacy { tenant }) => Ok(Outcome::fail(format!("adopted {tenant}"))),
        Err(unreadable) => Ok(Outcome::inquire(data.parameter(), unreadable.to_string())),
    }
}

impl Harness {
    /// A platform with one pending purchase, whose parameter of a type has a value.
    async fn purchase(kind: &str, value: ParameterUpdate) -> Self {
        let mut harness = Self::start().await;
        let client = harness.client();
        let product = harness.emulator.product();
        let parameter = json!({
            "name": value.id, "title": "Of the old shop", "description": "", "type": kind,
            "scope": "asset", "phase": "ordering", "constraints": {},
        });
        let call = Call::post(format!("products/{product}/parameters")).json(&parameter).unwrap();
        client.call(call).await.unwrap();
        let new = NewRequest::preview_purchase(&product).item("MPN-A", 10).param(&value);
        let request: AssetRequest = client.create(&new).await.unwrap();
        harness.request = request.id;
        harness
    }

    async fn migration() -> Self {
        Self::purchase("text", ParameterUpdate::value("migration_info", DATA)).await
    }

    fn provisioning(&self) -> Processor<Arc<Vendor>> {
        let processor = self.processor(Arc::clone(&self.journal));
        processor.on(AssetRequestType::Purchase, provisions)
    }

    async fn provision(&self) -> Report {
        self.provisioning().drain().await.unwrap()
    }

    async fn adopt(&self) -> Report {
        self.provisioning().migration(adopts).drain().await.unwrap()
    }
}

#[tokio::test]
async fn without_a_handler_of_its_own_a_migration_is_left_alone_until_it_changes() {
    let harness = Harness::migration().await;
    let report = harness.provision().await;
    assert!(report.is_complete(), "{report:?}");
    let ended: Vec<_> =
        report.ended.iter().map(|(ending, runs)| format!("{runs} {ending}")).collect();
    assert_eq!(ended, [format!("1 {UNTAKEN}")]);
    for _ in 0..3 {
        harness.wait();
        assert_eq!(harness.provision().await.total(), 0);
    }
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
    let run = harness.run().await;
    assert_eq!((run.state, run.attempt, run.steps.len()), (RunState::Idle, 1, 0));
    assert_eq!(Ending::of(&run).unwrap().to_string(), UNTAKEN, "`cnct run show` says so");

    let next = NewRun::new("PR-next", run.lane, "");
    harness.journal.offer(&[next]).await.unwrap();
    let lease = Duration::from_secs(1);
    let claims = harness.journal.claim(&"w".into(), std::num::NonZeroUsize::MIN, lease).await;
    assert_eq!(claims.unwrap().len(), 1, "its lane is free");

    harness.change_request().await;
    harness.provision().await;
    assert_eq!(harness.run().await.attempt, 2, "it is looked at again");
    assert_eq!(harness.vendor.calls(), 0, "and is no purchase like others");
}

#[tokio::test]
async fn a_life_with_a_handler_takes_up_what_was_left_alone() {
    let harness = Harness::migration().await;
    harness.provision().await;
    harness.wait();
    harness.adopt().await;
    assert_eq!(harness.read().await.reason, "adopted old-7");
    assert_eq!(harness.vendor.calls(), 0);
}

#[tokio::test]
async fn a_purchase_without_a_value_is_no_migration() {
    let harness = Harness::purchase("text", ParameterUpdate::value("migration_info", "")).await;
    harness.adopt().await;
    assert_eq!(harness.read().await.reason, "provisioned");
}

#[tokio::test]
async fn data_that_cannot_be_read_can_be_asked_about() {
    async fn asked(text: &str) -> String {
        let value = ParameterUpdate::value("migration_info", text);
        let harness = Harness::purchase("text", value).await;
        harness.adopt().await;
        let request = harness.read().await;
        assert_eq!(request.status, RequestStatus::Inquiring);
        let parameter = request.asset.param("migration_info").unwrap();
        parameter.value_error.clone().unwrap()
    }
    insta::assert_snapshot!(asked("tenant 7").await, @"`migration_info` is no JSON: expected ident at line 1 column 2");
    insta::assert_snapshot!(asked(r#"{"tenant": 7}"#).await, @"`migration_info` has another shape at `tenant`: invalid type: integer `7`, expected a string at line 1 column 12");
    insta::assert_snapshot!(asked("{}").await, @"`migration_info` has another shape: missing field `tenant` at line 1 column 2");
}

#[tokio::test]
async fn data_may_be_more_than_text() {
    let structured = serde_json::from_str::<Value>(DATA).unwrap();
    let value = ParameterUpdate {
        id: "migration_info".to_owned(),
        structured_value: Some(structured),
        ..ParameterUpdate::default()
    };
    let harness = Harness::purchase("object", value).await;
    harness.provision().await;
    assert_eq!(harness.vendor.calls(), 0);
    harness.adopt().await;
    assert_eq!(harness.read().await.reason, "adopted old-7");
}

#[tokio::test]
async fn the_parameter_may_have_another_name() {
    let harness = Harness::migration().await;
    harness.provision().await;
    let other = || harness.provisioning().migration_parameter("from_old_shop");
    other().drain().await.unwrap();
    assert_eq!(harness.read().await.reason, "provisioned", "under that name it is none");

    let value = ParameterUpdate::value("from_old_shop", DATA);
    let harness = Harness::purchase("text", value).await;
    let other = || harness.provisioning().migration_parameter("from_old_shop");
    other().drain().await.unwrap();
    assert_eq!(harness.vendor.calls(), 0);
    other().migration(adopts).drain().await.unwrap();
    assert_eq!(harness.read().await.reason, "adopted old-7");
}

/// Purchases may wait for two hours; migrations may wait for the version that takes them.
#[tokio::test]
async fn no_deadline_rejects_a_migration() {
    async fn skips(cx: Cx, _: Migration) -> Result<Outcome, Failure> {
        cx.state().act();
        Ok(Outcome::Skip)
    }
    let harness = Harness::migration().await;
    let limited = || {
        let reject = Deadline::reject_after(HOUR * 2, "We could not deliver in time.");
        harness.provisioning().deadline(&AssetRequestType::Purchase, reject)
    };
    for _ in 0..3 {
        limited().drain().await.unwrap();
        harness.clock.advance(HOUR * 2);
    }
    assert_eq!(harness.run().await.attempt, 1, "nor is it looked at because it is overdue");
    limited().migration(skips).drain().await.unwrap();
    let looks = harness.vendor.calls();
    assert!(looks > 0, "its handler is asked");
    for _ in 0..3 {
        harness.clock.advance(HOUR * 2);
        limited().migration(skips).drain().await.unwrap();
    }
    assert_eq!(harness.vendor.calls(), looks, "what its handler has skipped is left alone, too");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
    let update = RequestUpdate::params([ParameterUpdate::value("migration_info", "{}")]);
    let id = harness.request.as_str();
    let _: AssetRequest = harness.client().update(id, &update).await.unwrap();
    limited().migration(adopts).drain().await.unwrap();
    assert_eq!(harness.read().await.status, RequestStatus::Inquiring);
}

#[tokio::test]
async fn a_handler_of_migrations_alone_does_not_start() {
    let harness = Harness::migration().await;
    let processor = harness.processor(Arc::clone(&harness.journal));
    let error = processor.migration(adopts).drain().await.unwrap_err();
    assert!(matches!(error, Error::UnlistedMigrations { .. }));
    insta::assert_snapshot!(error, @"migrations of requests have a handler, and the requests that may be some have none: call `on` for their type, too, with a handler for those that are no migrations");
}
