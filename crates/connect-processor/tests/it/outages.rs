//! Vendors that are down, and those that hang.

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_clock::{Clock, VirtualClock, saturating_add};
use connect_journal::{Journal, RunFilter};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Deadline, Failure, Hold, Outage, Outcome, Processor, State};
use jiff::Timestamp;
use serde_json::Value;

use crate::scripted::{ScriptedPlatform, id, list, pending};

const REQUESTS: usize = 5000;
const HOUR: Duration = Duration::from_secs(3600);
const RATE: u32 = 50;

/// A request that came to be pending so many seconds after the first, or before it.
fn pending_since(number: usize, first: Timestamp, seconds: usize) -> Value {
    let mut request = pending(number);
    let created = saturating_add(first, Duration::from_secs(seconds as u64));
    request["created"] = created.to_string().into();
    request
}

#[derive(Default)]
struct Vendor {
    is_down: AtomicBool,
    calls: AtomicUsize,
    done: Mutex<Vec<String>>,
}

impl Vendor {
    async fn enable(&self, request: String) -> Result<(), Failure> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.is_down.load(Ordering::SeqCst) {
            return Err(Outage::new("503 Service Unavailable").into());
        }
        self.done.lock().unwrap().push(request);
        Ok(())
    }

    fn done(&self) -> usize {
        self.done.lock().unwrap().len()
    }
}

fn enabling(processor: Processor<()>, vendor: &Arc<Vendor>) -> Processor<()> {
    let vendor = Arc::clone(vendor);
    let handler = move |cx: Context<AssetRequest, ()>| {
        let vendor = Arc::clone(&vendor);
        async move {
            let request = cx.request().id.to_string();
            cx.step("enable").run(|_| vendor.enable(request)).await?;
            Ok::<_, Failure>(Outcome::Skip)
        }
    };
    processor.on(AssetRequestType::Resume, handler)
}

async fn events(journal: &impl Journal) -> usize {
    let (mut after, mut events) = (None, 0);
    loop {
        let page = journal.runs(&RunFilter { after, ..RunFilter::default() }).await.unwrap();
        for run in &page {
            events += journal.history(&run.id, 0..u64::MAX).await.unwrap().len();
        }
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => return events,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn six_hours_of_a_vendor_that_is_down_cost_a_probe_now_and_then() {
    let first: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let clock = VirtualClock::new(saturating_add(first, 2 * HOUR));
    // The last on the list came first, so its deadline is the nearest.
    let row = |number| pending_since(number, first, REQUESTS - number);
    let all: Vec<Value> = (0..REQUESTS).map(row).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let vendor = Arc::new(Vendor::default());
    vendor.is_down.store(true, Ordering::SeqCst);
    let deadline = Deadline::park_after(48 * HOUR);
    let processor = enabling(platform.inline(), &vendor)
        .deadline(&AssetRequestType::Resume, deadline)
        .vendor_rate(RATE.try_into().unwrap())
        .poll_every(HOUR)
        .page_size(1000)
        .seed(1);
    let health = processor.health();
    let sleep = async |by| clock.until(clock.monotonic() + by).await;
    let shutdown = async {
        sleep(6 * HOUR).await;
        assert_eq!(health.holds(), [(Hold::BreakerOpen, "vendor".to_owned())]);
        let calls = vendor.calls.load(Ordering::SeqCst);
        // Those that were under way when it opened, then a probe every 10 minutes at most.
        assert!((10..100).contains(&calls), "{calls} calls");
        assert_eq!(platform.writes(), 0);
        let events = events(&*platform.journal).await;
        assert!(events < REQUESTS + 10 * calls, "{events} events for {calls} calls");

        vendor.is_down.store(false, Ordering::SeqCst);
        while vendor.done() < 10 {
            sleep(Duration::from_millis(100)).await;
        }
        assert!(health.holds().is_empty());
        let (before, since) = (vendor.done(), clock.monotonic());
        sleep(Duration::from_secs(30)).await;
        let rate = (vendor.done() - before) as f64 / clock.since_secs(since);
        assert!(rate <= f64::from(RATE) * 1.1 && rate > f64::from(RATE) * 0.5, "{rate} per second");
        while vendor.done() < REQUESTS {
            sleep(Duration::from_secs(1)).await;
        }
    };
    let step = Duration::from_millis(10);
    clock.play_in_steps(step, processor.run(shutdown)).await.unwrap();
    let done = vendor.done.lock().unwrap();
    assert_eq!(done.iter().collect::<HashSet<_>>().len(), REQUESTS, "each once");
    // Nearest first, but for those that were probes or under way.
    let place = |number: usize| done.iter().position(|it| *it == id(number)).unwrap();
    let misplaced = (0..REQUESTS).filter(|n| place(*n).abs_diff(REQUESTS - 1 - n) > 200).count();
    assert!(misplaced < 150, "{misplaced} out of order");
}

trait Since {
    fn since_secs(&self, then: connect_clock::Monotonic) -> f64;
}

impl Since for VirtualClock {
    fn since_secs(&self, then: connect_clock::Monotonic) -> f64 {
        (self.monotonic() - then).as_secs_f64()
    }
}

/// How many of the healthy are done while two hundred times passes what each takes.
async fn healthy_done(hung: usize, each: Duration) -> usize {
    const ALL: usize = 4000;
    let clock = VirtualClock::new("2026-11-01T01:00:00Z".parse().unwrap());
    // Hung tenants are all over the list.
    let hangs = move |request: &str| {
        let number: usize = request.trim_start_matches("PR-").parse().unwrap();
        number < 1000 && number % 20 < hung.div_ceil(50)
    };
    let all: Vec<Value> = (0..ALL).map(pending).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let done = Arc::new(AtomicUsize::new(0));
    let (counted, time) = (Arc::clone(&done), clock.clone());
    let handler = move |cx: Context<AssetRequest, ()>| {
        let (done, clock) = (Arc::clone(&counted), time.clone());
        async move {
            let takes = match hangs(cx.request().id.as_str()) {
                true => Duration::from_secs(20),
                false => each,
            };
            clock.until(clock.monotonic() + takes).await;
            if takes > each {
                return Err(Outage::new("it did not answer within 20s").into());
            }
            done.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Failure>(Outcome::Skip)
        }
    };
    let processor = platform
        .inline()
        .on(AssetRequestType::Resume, handler)
        .poll_every(HOUR)
        .page_size(1000)
        .grace(Duration::ZERO)
        .seed(1);
    let over = clock.until(clock.monotonic() + each * 200);
    clock.play(processor.run(over)).await.unwrap();
    done.load(Ordering::SeqCst)
}

#[tokio::test(start_paused = true)]
async fn fifty_tenants_of_a_thousand_that_hang_cost_the_others_a_tenth_at_most() {
    // Also where calls are so short that two seconds of a place would do for a dozen of them.
    for each in [1000, 150].map(Duration::from_millis) {
        let (without, with) = (healthy_done(0, each).await, healthy_done(50, each).await);
        assert!(without > 2800, "{without} were done without them");
        assert!(with * 10 >= without * 9, "{with} instead of {without}, each in {each:?}");
    }
}

/// A request about a product.
fn about(number: usize, product: &str) -> Value {
    let mut request = pending(number);
    request["asset"]["product"] = serde_json::json!({"id": product, "name": product});
    request
}

#[tokio::test(start_paused = true)]
async fn the_vendor_of_one_product_is_down_and_the_others_go_on() {
    let clock = VirtualClock::new("2026-11-01T01:00:00Z".parse().unwrap());
    let product = |number: usize| ["PRD-1", "PRD-2"][number % 2];
    let all: Vec<Value> = (0..200).map(|number| about(number, product(number))).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let (down, up) = (Arc::new(Vendor::default()), Arc::new(Vendor::default()));
    down.is_down.store(true, Ordering::SeqCst);
    let vendors = (Arc::clone(&down), Arc::clone(&up));
    let handler = move |cx: Context<AssetRequest, ()>| {
        let (down, up) = vendors.clone();
        async move {
            let is_down = cx.request().asset.product.as_ref().unwrap().id.as_str() == "PRD-1";
            let vendor = if is_down { down } else { up };
            let request = cx.request().id.to_string();
            cx.step("enable").run(|_| vendor.enable(request)).await?;
            Ok::<_, Failure>(Outcome::Skip)
        }
    };
    let processor = platform
        .inline()
        .on(AssetRequestType::Resume, handler)
        .template("VA-1")
        .vendor(connect_processor::Vendor::new("acme").products(["PRD-1".into()]))
        .poll_every(HOUR);
    let health = processor.health();
    let shutdown = async {
        clock.until(clock.monotonic() + HOUR).await;
        assert_eq!(up.done(), 100);
        assert_eq!(health.holds(), [(Hold::BreakerOpen, "acme".to_owned())]);
        let calls = down.calls.load(Ordering::SeqCst);
        assert!(calls < 60, "{calls} calls");
        down.is_down.store(false, Ordering::SeqCst);
        clock.until(clock.monotonic() + HOUR).await;
        assert_eq!((down.done(), health.holds()), (100, Vec::new()));
    };
    clock.play(processor.run(shutdown)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_restart_does_not_forget_that_the_vendor_is_down() {
    let clock = VirtualClock::new("2026-11-01T01:00:00Z".parse().unwrap());
    let all: Vec<Value> = (0..100).map(pending).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let vendor = Arc::new(Vendor::default());
    vendor.is_down.store(true, Ordering::SeqCst);
    let life = async |seconds| {
        let processor = enabling(platform.inline(), &vendor).poll_every(HOUR);
        let health = processor.health();
        let lasting = Cell::new(Duration::ZERO);
        let over = async {
            clock.until(clock.monotonic() + Duration::from_secs(seconds)).await;
            let condition = health.condition().await;
            assert_eq!(condition.state, State::BreakerOpen);
            lasting.set(condition.lasting);
        };
        clock.play(processor.run(over)).await.unwrap();
        (vendor.calls.load(Ordering::SeqCst), lasting.get())
    };
    let (before, lasting) = life(3600).await;
    let (calls, later) = life(5).await;
    assert!(calls <= before + 1, "nobody is called but by a probe");
    assert!(
        later >= lasting + Duration::from_secs(5),
        "down for {later:?}, and {lasting:?} before"
    );
    assert!(life(3600).await.0 <= before + 10);
}

#[tokio::test(start_paused = true)]
async fn one_product_takes_no_more_places_than_it_may() {
    let clock = VirtualClock::new("2026-11-01T01:00:00Z".parse().unwrap());
    // The first fifty are of a product whose handler never comes to an end.
    let product = |number: usize| if number < 50 { "PRD-1" } else { "PRD-2" };
    let all: Vec<Value> = (0..100).map(|number| about(number, product(number))).collect();
    let platform = ScriptedPlatform::at(clock.clone(), move |asked| list(&all, asked)).await;
    let (begun, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (begins, ends) = (Arc::clone(&begun), Arc::clone(&done));
    let handler = move |cx: Context<AssetRequest, ()>| {
        let (begun, done) = (Arc::clone(&begins), Arc::clone(&ends));
        async move {
            if cx.request().asset.product.as_ref().unwrap().id.as_str() == "PRD-1" {
                begun.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
            done.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Failure>(Outcome::Skip)
        }
    };
    let processor = platform
        .inline()
        .on(AssetRequestType::Resume, handler)
        .template("VA-1")
        .concurrency(8.try_into().unwrap())
        .slow(HOUR, 0)
        .product_concurrency(3.try_into().unwrap())
        .grace(Duration::ZERO);
    let over = clock.until(clock.monotonic() + Duration::from_secs(60));
    clock.play(processor.run(over)).await.unwrap();
    assert_eq!((begun.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (3, 50));
}
