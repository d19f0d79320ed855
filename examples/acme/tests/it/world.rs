//! Acme's processor with a vendor of its own, in the process of a test.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acme::Acme;
use connect_client::BoxError;
use connect_clock::VirtualClock;
use connect_demo_vendor::{Seed, Vendor};
use connect_processor::Processor;
use connect_testing::{Life, PendingRequest, RequestNow, TestVendor, TestWorld};
use connect_vendor::Api;

/// Acme's API with the tenants `t-1` and `old-7`.
pub(crate) fn vendor(clock: &VirtualClock) -> TestVendor {
    let vendor = Vendor::new(Arc::new(clock.clone()));
    let seed =
        |id: &str| Seed { tenant_id: id.to_owned(), external_id: None, enabled: true, limit: 10 };
    vendor.seed(vec![seed("t-1"), seed("old-7")]).unwrap();
    TestVendor::new(vendor.service(), clock)
}

/// The same, which takes half a minute to build a tenant.
pub(crate) fn slow_vendor(clock: &VirtualClock) -> TestVendor {
    let vendor = Vendor::new(Arc::new(clock.clone()));
    vendor.prepare_for(Duration::from_secs(30));
    TestVendor::new(vendor.service(), clock)
}

/// Acme's processor.
pub(crate) fn processor(life: &Life) -> Result<Processor<Acme>, BoxError> {
    let api = Api::builder("http://vendor.localhost")?;
    let acme = Acme::with(api.transport(life.vendor()).clock(life.clock()))?;
    Ok(acme::processor(acme, life.client(), life.journal()))
}

/// What a request came to.
pub(crate) struct Worked {
    pub(crate) world: TestWorld,
    pub(crate) id: String,
    pub(crate) request: RequestNow,
}

impl Worked {
    /// The changes that were asked of Acme: `PUT /tenant/t-1/enable`.
    pub(crate) fn effects(&self) -> Vec<String> {
        let calls = self.world.vendor_calls();
        calls.iter().filter(|call| call.is_effect()).map(ToString::to_string).collect()
    }
}

/// Makes a request pending and has Acme work on it; prints how long both took.
pub(crate) async fn work_on(request: PendingRequest) -> Worked {
    let begun = Instant::now();
    let world = TestWorld::start(vendor).await.unwrap();
    let started = begun.elapsed();
    let id = world.add(request).await.unwrap();
    let pending = begun.elapsed() - started;
    world.work(processor).await.unwrap();
    let request = world.request(&id).await.unwrap();
    let all = begun.elapsed();
    println!("{id}: {all:.1?}, of it {started:.1?} to start, {pending:.1?} to make it pending");
    Worked { world, id, request }
}
