//! Resellers who are configured before the vendor sees a purchase: emulator, demo vendor and Acme
//! together.

use std::sync::Arc;

use connect_client::Client;
use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, Refuse, TenantOperation};
use connect_e2e::Stage;
use connect_emulator::Config;
use connect_journal::{MemoryJournal, SqliteJournal};
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::tier_config_request::NewTierConfigRequest;
use connect_model::{
    AssetRequest, AssetStatus, ParameterUpdate, RequestId, RequestStatus, TierAccount, TierConfig,
    TierConfigRequest, TierConfigStatus,
};
use connect_processor::Ending;
use connect_world::scenario::Scenario;
use futures::TryStreamExt;
use serde_json::json;

use crate::kill::{kill_at_work, must_have_interrupted};

/// A platform whose product wants the resellers of both levels configured.
async fn stage() -> Stage {
    let scenario = Scenario::demo().with_resellers();
    let stage = Stage::with(Config { scenario, ..Config::default() }).await.unwrap();
    let switch = json!({"capabilities": {"tiers": {"configs": {"level": 2}}}});
    let client = stage.client().unwrap();
    let product = connect_client::Call::put(format!("products/{}", stage.emulator.product()));
    client.call(product.json(&switch).unwrap()).await.unwrap();
    stage
}

fn reseller(name: &str) -> NewTier {
    let account: TierAccount = serde_json::from_value(json!({
        "name": name, "external_id": name, "external_uid": format!("uid-{name}"),
        "contact_info": {
            "address_line1": "Storgata 1", "city": "Bergen", "postal_code": "5003", "country": "NO",
            "contact": {"first_name": "Liv", "last_name": "Dahl", "email": "liv@dahl.example"},
        },
    }))
    .unwrap();
    NewTier::New(Box::new(account))
}

/// A trial through a near and a far reseller of these names.
async fn purchase(stage: &Stage, near: &str, far: &str) -> RequestId {
    let new = NewRequest::preview_purchase(&stage.emulator.product())
        .item("MPN-A", 10)
        .tier("tier1", &reseller(near))
        .tier("tier2", &reseller(far));
    stage.request(&new).await.unwrap()
}

async fn tier_requests(client: &Client) -> Vec<TierConfigRequest> {
    let list = client.list::<TierConfigRequest>().order_by("created");
    list.stream().try_collect().await.unwrap()
}

/// Level, type and status of each request for a configuration, oldest first.
async fn told(client: &Client) -> Vec<String> {
    let requests = tier_requests(client).await;
    let line = |it: &TierConfigRequest| {
        format!("{} {} {}", it.configuration.tier_level.unwrap_or_default(), it.kind, it.status)
    };
    requests.iter().map(line).collect()
}

async fn ids(stage: &Stage, purchases: &[RequestId]) -> Vec<String> {
    let tiers = tier_requests(&stage.client().unwrap()).await;
    let purchases = purchases.iter().map(ToString::to_string);
    purchases.chain(tiers.iter().map(|request| request.id.to_string())).collect()
}

#[tokio::test]
async fn acme_sets_up_the_far_reseller_then_the_near_one_then_fulfils_the_purchase() {
    let stage = stage().await;
    let client = stage.client().unwrap();
    let id = purchase(&stage, "Near", "Far").await;
    assert_eq!(stage.read(&id).await.unwrap().status, RequestStatus::TiersSetup);
    assert_eq!(told(&client).await, ["2 setup pending", "1 setup tiers_setup"]);

    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.ended.get(&Ending::Approved), Some(&3));

    assert_eq!(told(&client).await, ["2 setup approved", "1 setup approved"]);
    let bought = stage.read(&id).await.unwrap();
    let at = (bought.status, bought.asset.status);
    assert_eq!(at, (RequestStatus::Approved, AssetStatus::Active));
    let configs: Vec<TierConfig> =
        client.list::<TierConfig>().order_by("-tier_level").stream().try_collect().await.unwrap();
    let values = [configs[0].value("tier2_reseller_id"), configs[1].value("reseller_id")];
    assert_eq!(configs[0].account.name, "Far");
    assert!(values.iter().all(Option::is_some), "{values:?}");
    let log = stage.vendor.log();
    let done: Vec<&str> = log.iter().map(|effect| effect.operation.as_str()).collect();
    assert_eq!(done, ["create", "create", "create", "set_limit"]);
    stage.must_hold(journal.as_ref(), &ids(&stage, &[id]).await).await.unwrap();

    // The same resellers sell again at once.
    let again = purchase(&stage, "Near", "Far").await;
    assert_eq!(stage.read(&again).await.unwrap().status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_reseller_that_acme_refuses_fails_the_purchase_with_acmes_reason() {
    for level in ["far", "near"] {
        let stage = stage().await;
        let id = purchase(&stage, "Near", "Far").await;
        let refuse = Refuse {
            status: 409,
            code: "no_contract".to_owned(),
            reason: "There is no contract with this reseller.".to_owned(),
        };
        let skipped = u32::from(level == "near");
        let fault = Fault::new(FaultEffect::Refuse(refuse)).on_operation(TenantOperation::Create);
        stage.vendor.fault(fault.skip(skipped).times(1));
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
        assert_eq!(report.ended.get(&Ending::Failed), Some(&1), "{report:?}");
        let failed = stage.read(&id).await.unwrap();
        let at = (failed.status, failed.asset.status);
        assert_eq!(at, (RequestStatus::Failed, AssetStatus::Terminated));
        assert!(failed.reason.ends_with("There is no contract with this reseller."));
        let all = told(&stage.client().unwrap()).await;
        let expected = match level {
            "far" => ["2 setup failed", "1 setup failed"],
            _ => ["2 setup approved", "1 setup failed"],
        };
        assert_eq!(all, expected);
        stage.must_hold(journal.as_ref(), &ids(&stage, &[id]).await).await.unwrap();
    }
}

#[tokio::test]
async fn acme_agrees_to_an_update_and_to_a_correction_of_its_own() {
    let stage = stage().await;
    let client = stage.client().unwrap();
    let id = purchase(&stage, "Near", "Far").await;
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    let near = client.list::<TierConfig>().filter(connect_model::rql::field("tier_level").eq("1"));
    let near: Vec<TierConfig> = near.stream().try_collect().await.unwrap();
    for (number, begin) in
        [NewTierConfigRequest::update, NewTierConfigRequest::adjustment].into_iter().enumerate()
    {
        let code = format!("OR-{number}");
        let new = begin(&near[0].id).param(ParameterUpdate::value("partner_code", &code));
        let _: TierConfigRequest = client.create(&new).await.unwrap();
        let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
        assert_eq!(report.ended.get(&Ending::Approved), Some(&1), "{report:?}");
        let config: TierConfig = client.get(near[0].id.as_str()).await.unwrap();
        assert_eq!(config.value("partner_code"), Some(code.as_str()));
        assert_eq!(config.status, TierConfigStatus::Active);
    }
    stage.must_hold(journal.as_ref(), &ids(&stage, &[id]).await).await.unwrap();
}

/// Purchases through resellers of their own, while the processor is killed again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_between_the_levels_lose_nothing_and_double_nothing() {
    const KILLS: usize = 30;
    let stage = stage().await;
    let client = stage.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    let mut purchases = Vec::new();
    kill_at_work(&stage, &file, (KILLS, 7), async |kill| {
        let (near, far) = (format!("Near {kill}"), format!("Far {}", kill / 2));
        purchases.push(purchase(&stage, &near, &far).await);
    })
    .await;

    let bought: Vec<AssetRequest> =
        client.list::<AssetRequest>().stream().try_collect().await.unwrap();
    let approved = bought.iter().filter(|it| it.status == RequestStatus::Approved).count();
    assert_eq!((approved, told(&client).await.len()), (KILLS, KILLS + KILLS / 2));
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    stage.must_hold(&journal, &ids(&stage, &purchases).await).await.unwrap();
    let effects = stage.vendor.log().len();
    assert_eq!(effects, KILLS / 2 + KILLS + 2 * KILLS, "each reseller and tenant once");
    must_have_interrupted(&journal).await;
}
