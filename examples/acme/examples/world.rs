//! What a test with a world of its own costs: a platform, Acme with a tenant, a resume request and the
//! processor that works on it, as in `tests/it/world.rs`.
//!
//! Prints the milliseconds of the first and of one after it, as JSON. `cargo xtask bench --only world`
//! builds it without any optimisation, as a vendor's `cargo test` does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acme::{Acme, SUBSCRIPTION_ID};
use connect_client::BoxError;
use connect_clock::VirtualClock;
use connect_demo_vendor::{Seed, Vendor};
use connect_model::{AssetRequestType, RequestStatus};
use connect_processor::Processor;
use connect_testing::{Life, TestVendor, TestWorld, pending};
use connect_vendor::Api;
use serde_json::json;

const WORLDS: usize = 200;
const TENANT: &str = "t-1";

/// The time that each part of a test takes.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// The platform and the vendor are made.
    start: Duration,
    /// The request is made pending.
    pending: Duration,
    /// The processor works on it, and the test looks what became of it.
    work: Duration,
    /// All of it, with its runtime and with taking everything down.
    all: Duration,
}

#[expect(clippy::print_stdout, reason = "printing is what the program is for")]
fn main() -> Result<(), BoxError> {
    let first = test()?;
    let others = (0..WORLDS).map(|_| test()).collect::<Result<Vec<_>, _>>()?;
    let middle = |part: fn(&Cost) -> Duration| {
        let mut times: Vec<_> = others.iter().map(part).collect();
        times.sort();
        millis(times.get(WORLDS / 2).copied().unwrap_or_default())
    };
    let told = json!({
        "first": millis(first.all),
        "all": middle(|cost| cost.all),
        "start": middle(|cost| cost.start),
        "pending": middle(|cost| cost.pending),
        "work": middle(|cost| cost.work),
    });
    println!("{told}");
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Does what `#[tokio::test(start_paused = true)]` does around a test.
fn test() -> Result<Cost, BoxError> {
    let begun = Instant::now();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build()?;
    let cost = runtime.block_on(resume())?;
    drop(runtime);
    Ok(Cost { all: begun.elapsed(), ..cost })
}

async fn resume() -> Result<Cost, BoxError> {
    let begun = Instant::now();
    let world = TestWorld::start(vendor).await?;
    let start = begun.elapsed();
    let resume = pending(AssetRequestType::Resume).parameter(SUBSCRIPTION_ID, TENANT);
    let id = world.add(resume).await?;
    let pending = begun.elapsed() - start;
    world.work(processor).await?;
    if world.request(&id).await?.status != RequestStatus::Approved {
        return Err("the request is not approved".into());
    }
    Ok(Cost { start, pending, work: begun.elapsed() - start - pending, all: Duration::ZERO })
}

fn vendor(clock: &VirtualClock) -> TestVendor {
    let vendor = Vendor::new(Arc::new(clock.clone()));
    let tenant = Seed { tenant_id: TENANT.to_owned(), external_id: None, enabled: true, limit: 10 };
    // A new vendor has no tenant of that id.
    let _ = vendor.seed(vec![tenant]);
    TestVendor::new(vendor.service(), clock)
}

fn processor(life: &Life) -> Result<Processor<Acme>, BoxError> {
    let api = Api::builder("http://vendor.localhost")?;
    let acme = Acme::with(api.transport(life.vendor()).clock(life.clock()))?;
    Ok(acme::processor(acme, life.client(), life.journal()))
}
