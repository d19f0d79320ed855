//! What a processor finds before it works.

use std::sync::Arc;

use connect_client::{ApiKey, Client};
use connect_emulator::{Canned, Fault, FaultEffect};
use connect_model::{AssetRequest, AssetRequestType, TierConfigRequest, TierConfigRequestType};
use connect_processor::{Context, Error, Failure, Outcome, Processor};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

async fn approve(_: Cx) -> Result<Outcome, Failure> {
    Ok(Outcome::approve())
}

async fn set_up(_: Context<TierConfigRequest, Arc<Vendor>>) -> Result<Outcome, Failure> {
    Ok(Outcome::approve())
}

fn processor(harness: &Harness) -> Processor<Arc<Vendor>> {
    harness.processor(harness.journal.clone()).on(AssetRequestType::Purchase, approve)
}

/// Everything that is found, without the ids of this world.
async fn found(harness: &Harness, processor: Processor<Arc<Vendor>>) -> String {
    let product = harness.read().await.asset.product.unwrap().id.to_string();
    let findings = processor.check().await;
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    lines.join("\n").replace(&product, "PRD-…")
}

#[tokio::test]
async fn a_platform_that_has_everything_lacks_nothing() {
    let harness = Harness::start().await;
    let processor = processor(&harness)
        .on(TierConfigRequestType::Setup, set_up)
        .parameters(AssetRequestType::Purchase, ["subscription_id"]);
    assert_eq!(found(&harness, processor).await, "");
}

#[tokio::test]
async fn everything_that_is_missing_is_told_at_once() {
    let harness = Harness::start().await;
    let product = harness.read().await.asset.product.unwrap().id;
    let processor = processor(&harness)
        .products([product, "PRD-000-000-001".into(), "PRD-000-000-002".into()])
        .template("Farewell")
        .parameters(AssetRequestType::Purchase, ["tenant_id"]);
    insta::assert_snapshot!(found(&harness, processor).await, @"
    error PRC_PRODUCT, product PRD-000-000-001: it is not visible with this API key; check the id, and that the key belongs to the vendor of the product
    error PRC_PRODUCT, product PRD-000-000-002: it is not visible with this API key; check the id, and that the key belongs to the vendor of the product
    warning PRC_TEMPLATE, product PRD-…: no request that takes it will be touched; product PRD-… has no fulfillment template named or numbered `Farewell` for scope asset: create it, or set the processor's template to one of: Default Activation Template
    warning PRC_PARAMETER, product PRD-…, parameter `tenant_id`: a handler names it, and the product has none; create it with scope `asset`, or give the handler another key
    ");
}

#[tokio::test]
async fn a_right_that_the_key_lacks_is_told() {
    let harness = Harness::start().await;
    let refused = Fault::new(FaultEffect::Answer(Canned::status(http::StatusCode::FORBIDDEN)));
    harness.emulator.faults().add(refused.on("GET", "/requests"));
    let told = found(&harness, processor(&harness)).await;
    assert!(told.starts_with("error PRC_RIGHT, GET requests: the key may not do it"), "{told}");
}

#[tokio::test]
async fn a_wrong_key_is_told_and_nothing_else() {
    let harness = Harness::start().await;
    let key = ApiKey::new("ApiKey SU-1:wrong").unwrap();
    let client = Client::builder(&harness.emulator.endpoint(), key).build().unwrap();
    let journal = harness.journal.clone();
    let processor = Processor::new(Arc::clone(&harness.vendor), client, journal);
    let findings = processor.on(AssetRequestType::Purchase, approve).check().await;
    let told: Vec<_> = findings.iter().map(|it| (it.code, it.place.as_str())).collect();
    assert_eq!(told, [("CLT_REFUSED", "GET products")]);
}

#[tokio::test]
async fn a_start_is_stopped_by_all_errors_at_once() {
    let harness = Harness::start().await;
    let unknown = ["PRD-000-000-001".into(), "PRD-000-000-002".into()];
    let error = processor(&harness).products(unknown).drain().await.unwrap_err();
    assert_eq!(error.code(), "PRC_PRODUCT");
    let Error::NotReady { findings } = error else { panic!("{error}") };
    assert_eq!(findings.len(), 2);
}
