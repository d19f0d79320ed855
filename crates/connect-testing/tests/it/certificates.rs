//! Handlers that keep their promises at every point where a life can end.

use connect_client::BoxError;
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Approval, Context, Failure, Outcome, Processor};
use connect_testing::{CrashExplorer, Life, TestError, pending};
use connect_vendor::Api;

use crate::harness::{api, is_enabled, keyed, keyless, make, put_on, remove};

async fn purchase(cx: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
    let api = cx.state();
    let tenant: String = cx.step("make").run(|key| make(api, key)).await?;
    match cx.step("limit").run(|key| put_on(api, &tenant, "limit", key)).await {
        Ok(()) => Ok(Approval::default().parameter("subscription_id", tenant).into()),
        Err(Failure::GiveUp { reason }) => {
            match cx.step("remove").run(|key| remove(api, &tenant, key)).await {
                Err(Failure::GiveUp { reason }) => Err(Failure::park(reason)),
                removed => removed.map(|()| Outcome::fail(reason)),
            }
        }
        Err(failure) => Err(failure),
    }
}

/// The vendor has no keys, and can be asked.
async fn resume(cx: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
    let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
    let step = cx.step("enable").recover(|_| is_enabled(api, tenant));
    step.run(|key| put_on(api, tenant, "enable", key)).await?;
    Ok(Outcome::approve())
}

/// The vendor has no keys and cannot be asked.
async fn suspend(cx: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
    let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
    cx.step("disable").once().run(|key| put_on(api, tenant, "disable", key)).await?;
    Ok(Outcome::approve())
}

fn processor(life: &Life) -> Result<Processor<Api>, BoxError> {
    let processor = Processor::new(api(life)?, life.client(), life.journal());
    Ok(processor
        .on(AssetRequestType::Purchase, purchase)
        .on(AssetRequestType::Resume, resume)
        .on(AssetRequestType::Suspend, suspend))
}

#[tokio::test]
async fn a_keyed_purchase_survives_every_way_to_die() {
    let explorer = CrashExplorer::new(keyed, processor);
    let purchase = pending(AssetRequestType::Purchase);
    let certificate = explorer.requests([purchase]).explore().await.unwrap();
    assert!(certificate.holds(), "{certificate}");
    insta::assert_snapshot!(certificate, @"
        request   status     deaths  troubles   lives  effects  parked  broken
        purchase  approved       56        10     123      132       0       0

        points: after journal 17, after platform 9, after vendor 2, before journal 17, before platform 9, before vendor 2
        no promise was broken
        ");
}

/// What is asked about goes on after a crash; what cannot be is parked for a person.
#[tokio::test]
async fn probed_and_once_steps_double_nothing_at_a_vendor_without_keys() {
    let explorer = CrashExplorer::new(keyless, processor);
    let of = |kind| pending(kind).parameter("subscription_id", "t-1");
    let requests = [of(AssetRequestType::Resume), of(AssetRequestType::Suspend)];
    let certificate = explorer.requests(requests).explore().await.unwrap();
    assert!(certificate.holds(), "{certificate}");
    assert_eq!(certificate.requests[0].unreached, 0);
    assert!(certificate.requests[1].parked > 0, "{certificate}");
}

#[tokio::test]
async fn a_certificate_is_read_by_programs_too() {
    async fn skips(_: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
        Ok(Outcome::Skip)
    }
    let skipping = |life: &Life| {
        let processor = Processor::new(api(life)?, life.client(), life.journal());
        Ok(processor.on(AssetRequestType::Cancel, skips))
    };
    let explorer = CrashExplorer::new(keyless, skipping);
    let certificate = explorer.requests([pending(AssetRequestType::Cancel)]).explore().await;
    let json = serde_json::to_value(certificate.unwrap()).unwrap();
    assert_eq!(json["requests"][0]["points"]["before vendor"], serde_json::Value::Null);
    insta::assert_json_snapshot!(json["findings"][0], @r#"
        {
          "request": "cancel",
          "accident": "without an accident",
          "promise": "lost",
          "what": "PR-2455-1775-7825-002 is pending, its run idle"
        }
        "#);
}

#[tokio::test]
async fn nothing_to_explore_is_said() {
    let explored = CrashExplorer::new(keyless, processor).explore().await;
    assert!(matches!(explored, Err(TestError::NothingToExplore)));
}
