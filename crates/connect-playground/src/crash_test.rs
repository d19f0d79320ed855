//! Every way to die for the example's processor.

use std::sync::Arc;
use std::time::Duration;

use acme::Acme;
use connect_client::BoxError;
use connect_clock::VirtualClock;
use connect_demo_vendor::{Seed, Vendor};
use connect_model::{AssetRequestType, TierAccountRequestType, TierConfigRequestType};
use connect_processor::Processor;
use connect_testing::{
    Certificate, CrashExplorer, Life, PendingRequest, TestError, TestVendor, pending,
};
use connect_vendor::Api;

/// The tenants that are there before a story begins.
const TENANTS: [&str; 2] = ["t-1", "old-7"];

/// The name of the purchase whose tenant takes a while to be built.
const SLOW_PURCHASE: &str = "slow purchase";

/// Tells the stories of the example's requests with these names, of all when there are none, and
/// says what was tried and found.
///
/// # Errors
///
/// When a story cannot be told.
pub async fn crash_test(names: &[String]) -> Result<Certificate, TestError> {
    let is_named = |name: &str| names.is_empty() || names.iter().any(|it| it == name);
    let mut certificate = Certificate::default();
    let quick: Vec<PendingRequest> =
        quick_requests().into_iter().filter(|request| is_named(request.name())).collect();
    if !quick.is_empty() {
        certificate = CrashExplorer::new(vendor, processor).requests(quick).explore().await?;
    }
    if is_named(SLOW_PURCHASE) {
        let slow = CrashExplorer::new(slow_vendor, processor).requests([slow_purchase()]);
        certificate = certificate.and(slow.explore().await?);
    }
    Ok(certificate)
}

/// Returns the names of the requests that [`crash_test`] knows.
#[must_use]
pub fn crash_test_names() -> Vec<String> {
    let all = quick_requests().into_iter().chain([slow_purchase()]);
    all.map(|request| request.name().to_owned()).collect()
}

fn quick_requests() -> Vec<PendingRequest> {
    let of_tenant = |kind| pending(kind).parameter(acme::SUBSCRIPTION_ID, TENANTS[0]);
    let migration = format!(r#"{{"tenant": "{}"}}"#, TENANTS[1]);
    vec![
        pending(AssetRequestType::Purchase),
        pending(AssetRequestType::Purchase)
            .parameter("migration_info", migration)
            .named("migration"),
        of_tenant(AssetRequestType::Change),
        of_tenant(AssetRequestType::Suspend),
        of_tenant(AssetRequestType::Resume),
        of_tenant(AssetRequestType::Cancel),
        of_tenant(AssetRequestType::Adjustment),
        of_tenant(AssetRequestType::Renew),
        of_tenant(AssetRequestType::Transfer),
        pending(AssetRequestType::Purchase).revoked(),
        of_tenant(AssetRequestType::Change).revoked(),
        pending(TierConfigRequestType::Setup),
        pending(TierConfigRequestType::Update),
        pending(TierConfigRequestType::Adjustment),
        pending(TierAccountRequestType::Update).parameter(acme::SUBSCRIPTION_ID, TENANTS[0]),
    ]
}

fn slow_purchase() -> PendingRequest {
    pending(AssetRequestType::Purchase).named(SLOW_PURCHASE)
}

fn vendor(clock: &VirtualClock) -> TestVendor {
    let vendor = Vendor::new(Arc::new(clock.clone()));
    let seed =
        |id: &str| Seed { tenant_id: id.to_owned(), external_id: None, enabled: true, limit: 10 };
    // A new vendor has no tenant that could be in the way.
    drop(vendor.seed(TENANTS.map(seed).into()));
    TestVendor::new(vendor.service(), clock)
}

fn slow_vendor(clock: &VirtualClock) -> TestVendor {
    let vendor = Vendor::new(Arc::new(clock.clone()));
    vendor.prepare_for(Duration::from_secs(30));
    TestVendor::new(vendor.service(), clock)
}

fn processor(life: &Life) -> Result<Processor<Acme>, BoxError> {
    let api = Api::builder("http://vendor.localhost")?;
    let acme = Acme::with(api.transport(life.vendor()).clock(life.clock()))?;
    Ok(acme::processor(acme, life.client(), life.journal()))
}
