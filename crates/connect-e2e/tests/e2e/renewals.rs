//! Acme renews and hands over what it sold.

use std::sync::Arc;

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::MemoryJournal;
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::{Asset, AssetId, BillingPeriod, RenewalTerm, RequestStatus};
use connect_world::command::ProductCommand;
use connect_world::customer;
use serde_json::json;

async fn asset(stage: &Stage, id: &AssetId) -> Asset {
    stage.client().unwrap().get(id.as_str()).await.unwrap()
}

/// A subscription is bought, renewed twice and transferred, by the processor alone.
#[tokio::test]
async fn a_subscription_is_renewed_and_handed_over() {
    let stage = Stage::start().await.unwrap();
    let capabilities = json!({"subscription": {
        "schema": "explicit",
        "renew": {"enable_renew": true}, "transfer": {"enable_transfer": true},
    }});
    let id = stage.emulator.product();
    let body = json!({"capabilities": capabilities});
    stage.apply(ProductCommand::Update { id, body }).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
    let mut requests = vec![stage.request(&purchase).await.unwrap()];
    stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    let id = stage.read(&requests[0]).await.unwrap().asset.id;
    let first = asset(&stage, &id).await.renewal_expiration_date.unwrap();

    let mut account = customer::invented(&mut fastrand::Rng::with_seed(7));
    account.name = "Birch Bakery SL".to_owned();
    let years = RenewalTerm::of(&BillingPeriod::TwoYears).unwrap();
    for new in [
        NewRequest::renew(&id),
        NewRequest::renew(&id).renewing("MPN-A", &years),
        NewRequest::transfer(&id).tier("customer", &NewTier::New(Box::new(account))),
    ] {
        requests.push(stage.request(&new).await.unwrap());
        let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
        assert!(report.is_complete(), "{report:?}");
        let last = stage.read(requests.last().unwrap()).await.unwrap();
        assert_eq!(last.status, RequestStatus::Approved, "{}", last.reason);
    }

    let month = RenewalTerm::of(&BillingPeriod::Monthly).unwrap();
    let until = years.after(month.after(first).unwrap()).unwrap();
    let after = asset(&stage, &id).await;
    assert_eq!(after.renewal_expiration_date, Some(until));
    assert_eq!(after.tiers.customer.unwrap().name_or_id(), "Birch Bakery SL");
    let log = stage.vendor.log().into_iter().map(connect_e2e::vendor_effect);
    let effects: Vec<String> = log.map(|effect| effect.operation).collect();
    assert_eq!(effects, ["create", "set_limit", "extend", "extend", "hand_over"]);
    stage.must_hold(journal.as_ref(), &requests).await.unwrap();
}
