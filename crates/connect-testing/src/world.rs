//! A platform, a vendor and one clock, in the process of a test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use connect_client::{ApiKey, BoxError, Call, Client, ServiceTransport};
use connect_clock::{Clock, VirtualClock};
use connect_emulator::{Config, Emulator};
use connect_journal::testing::{Faulty, Fuse};
use connect_journal::{Journal, MemoryJournal, RunId, RunView};
use connect_model::{ProductId, RequestStatus};
use connect_processor::{Processor, Report};
use connect_world::scenario::Scenario;
use connect_world::{Actor, Collection};
use fault::Faults;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::error::TestError;
use crate::evidence::{self, Evidence};
use crate::life::{Life, Rewrite, SharedJournal, Way};
use crate::pending::PendingRequest;
use crate::setup::Setup;
use crate::vendor::{TestVendor, VendorCall};

/// The seed of all chance in a world.
const SEED: u64 = 7;

/// Returns the collection of a request, by the first letters of its id.
fn collection(id: &str) -> Collection {
    match id.split_once('-') {
        Some(("TCR", _)) => Collection::TierConfigRequests,
        Some(("TAR", _)) => Collection::TierAccountRequests,
        _ => Collection::Requests,
    }
}

/// A local Connect, your vendor and one clock, without a socket, for one test.
///
/// Time stands still until something waits for it, or until a test [moves it
/// on](Self::advance). Tokio has to tell when nothing else is to be done, so a test runs on one
/// thread whose own time is paused: `#[tokio::test(start_paused = true)]`, with tokio's feature
/// `test-util`.
///
/// ```
/// use axum::{Json, Router, extract::Path, routing::put};
/// use connect_client::BoxError;
/// use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
/// use connect_processor::{Context, Failure, Outcome, Processor};
/// use connect_testing::{Life, TestVendor, TestWorld, pending};
/// use connect_vendor::Api;
/// use serde_json::{Value, json};
///
/// async fn resume(cx: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
///     let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
///     cx.step("enable")
///         .run(async |key| {
///             let call = api.put(["tenants", tenant, "enable"], &key);
///             call.prove(|it: Value| if it["enabled"] == true { Ok(()) } else { Err("no") }).await
///         })
///         .await?;
///     Ok(Outcome::approve())
/// }
///
/// fn processor(life: &Life) -> Result<Processor<Api>, BoxError> {
///     let api = Api::builder("http://vendor.localhost")?;
///     let api = api.transport(life.vendor()).clock(life.clock()).build()?;
///     let processor = Processor::new(api, life.client(), life.journal());
///     Ok(processor.on(AssetRequestType::Resume, resume))
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), BoxError> {
/// let enable = |Path(id): Path<String>| async move { Json(json!({"id": id, "enabled": true})) };
/// let vendor = Router::new().route("/tenants/{id}/enable", put(enable));
/// let world = TestWorld::start(|clock| TestVendor::new(vendor, clock)).await?;
///
/// let resume = pending(AssetRequestType::Resume).parameter("subscription_id", "t-1");
/// let id = world.add(resume).await?;
/// world.work(processor).await?;
///
/// assert_eq!(world.request(&id).await?.status, RequestStatus::Approved);
/// assert_eq!(world.vendor_calls()[0].to_string(), "PUT /tenants/t-1/enable");
/// # Ok(())
/// # }
/// ```
pub struct TestWorld {
    pub(crate) emulator: Emulator,
    pub(crate) vendor: TestVendor,
    pub(crate) clock: VirtualClock,
    pub(crate) journal: Arc<MemoryJournal>,
    /// The way to the platform, whose routes are laid out once.
    platform: Way,
    client: Client,
    /// The vendor, who does by hand what has to be there before.
    actor: Actor,
    added: AtomicUsize,
    rewrite: Mutex<Option<Rewrite>>,
}

/// A request as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestNow {
    /// Its status.
    pub status: RequestStatus,
    /// The reason for which it was refused; empty unless it was.
    pub reason: String,
    /// All that the platform says of it.
    pub body: Value,
}

impl RequestNow {
    /// Returns the value of a parameter of its subscription, its configuration or itself; `None`
    /// when it is empty.
    #[must_use]
    pub fn parameter(&self, key: &str) -> Option<&str> {
        let places = [&self.body["asset"], &self.body["configuration"], &self.body];
        let mut all = places.into_iter().filter_map(|place| place["params"].as_array()).flatten();
        let value = all.find_map(|it| (it["id"] == key).then(|| it["value"].as_str()).flatten());
        value.filter(|value| !value.is_empty())
    }
}

impl TestWorld {
    /// A new platform with the demo's product, and a vendor that takes its time from the clock.
    ///
    /// # Errors
    ///
    /// [`TestError::Emulator`] when the platform does not start.
    pub async fn start(
        vendor: impl FnOnce(&VirtualClock) -> TestVendor,
    ) -> Result<Self, TestError> {
        let noon = Timestamp::from_second(1_772_366_400).unwrap_or_default();
        let clock = VirtualClock::new(noon);
        // Written out once, because each test begins with it.
        static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| Scenario::demo().with_resellers());
        let config = Config {
            clock: Arc::new(clock.clone()),
            scenario: SCENARIO.clone(),
            seed: Some(SEED),
            activity: 1_000_000,
            ..Config::default()
        };
        let emulator = Emulator::open(config).await?;
        let vendor = vendor(&clock);
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let platform = Way::new("platform", ServiceTransport::new(emulator.service()));
        let client = client(&emulator, &clock, platform.clone())?;
        let actor = emulator.platform().authenticate(&emulator.keys().vendor);
        let actor =
            actor.ok_or(TestError::Unsaid { doing: "starting".to_owned(), field: "key" })?;
        let (added, rewrite) = (AtomicUsize::new(0), Mutex::default());
        Ok(Self { emulator, vendor, clock, journal, platform, client, actor, added, rewrite })
    }

    /// Makes a request pending, and returns its id. What has to be there before is set up by hand,
    /// and the vendor is not called.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn add(&self, plan: PendingRequest) -> Result<String, TestError> {
        let number = self.added.fetch_add(1, Ordering::Relaxed) + 1;
        let (client, product) = (&self.client, self.product());
        let (platform, actor) = (self.emulator.platform(), self.actor.clone());
        Setup { platform, actor, client, clock: &self.clock, product, number, plan: &plan }
            .add()
            .await
    }

    /// Has a processor work on everything that is pending, and on what is left from earlier, while
    /// time passes as it has to. Called again, it is the next life, with the same journal.
    ///
    /// # Errors
    ///
    /// When the processor does not start, or ends by itself.
    pub async fn work<S: Send + Sync + 'static>(
        &self,
        processor: impl FnOnce(&Life) -> Result<Processor<S>, BoxError>,
    ) -> Result<Report, TestError> {
        let life = self.life(None)?;
        let processor = self.processor(processor(&life))?;
        Ok(self.clock.play(processor.drain()).await?)
    }

    /// Has a processor run for a time: it looks for requests at its beats, and works on what comes
    /// due.
    ///
    /// # Errors
    ///
    /// As [`work`](Self::work).
    pub async fn run_for<S: Send + Sync + 'static>(
        &self,
        time: Duration,
        processor: impl FnOnce(&Life) -> Result<Processor<S>, BoxError>,
    ) -> Result<Report, TestError> {
        let life = self.life(None)?;
        let processor = self.processor(processor(&life))?;
        let until = self.clock.until(self.clock.monotonic() + time);
        Ok(self.clock.play(processor.run(until)).await?)
    }

    /// Lets time pass while nobody works: deadlines come, leases run out, planned days arrive.
    pub async fn advance(&self, by: Duration) {
        let until = self.clock.until(self.clock.monotonic() + by);
        self.clock.play(until).await;
    }

    /// Reads a request of any family.
    ///
    /// # Errors
    ///
    /// When the platform does not have it.
    pub async fn request(&self, id: &str) -> Result<RequestNow, TestError> {
        let read = self.emulator.platform().read(&self.actor, &collection(id), id, "").await;
        let body = read.map_err(TestError::refused(&format!("reading {id}")))?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let field = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Ok(RequestNow { status: field("status").as_str().into(), reason: field("reason"), body })
    }

    /// Reads anything of the platform, as the vendor: `assets/AS-…`.
    ///
    /// # Errors
    ///
    /// When the platform does not have it.
    pub async fn read(&self, path: &str) -> Result<Value, TestError> {
        let answer = self.client.call(Call::get(path)).await;
        let answer = answer.map_err(TestError::platform(format!("GET /{path}")))?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// Takes a request back that was scheduled for a day.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn revoke(&self, id: &str) -> Result<(), TestError> {
        let doing = || TestError::platform(format!("POST /requests/{id}/revoke"));
        let call = Call::post(format!("requests/{id}/revoke"));
        let call = call.json(&json!({"reason": "Not needed."})).map_err(doing())?;
        self.client.call(call).await.map_err(doing()).map(drop)
    }

    /// Returns what the journal has of a request.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub async fn run(&self, id: &str) -> Result<Option<RunView>, TestError> {
        Ok(self.journal.run(&RunId::from(id)).await?)
    }

    /// Returns the calls that the vendor got, oldest first.
    #[must_use]
    pub fn vendor_calls(&self) -> Vec<VendorCall> {
        self.vendor.calls()
    }

    /// Returns the vendor, to set its scene and to make it misbehave.
    #[must_use]
    pub fn vendor(&self) -> &TestVendor {
        &self.vendor
    }

    /// Returns the faults of the platform, to make it misbehave.
    #[must_use]
    pub fn platform_faults(&self) -> &Faults {
        self.emulator.faults()
    }

    /// Has the bodies of all answers to a processor rewritten, by the name of the call: `platform GET
    /// requests/*`, `vendor PUT tenants/*/enable`. What a test itself asks, it is told as it is.
    pub fn rewrite_answers(&self, rewrite: impl Fn(&str, Bytes) -> Bytes + Send + Sync + 'static) {
        *self.rewrite.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(rewrite));
    }

    /// Returns what the logs say of a request that was the only one, for [`judge`](crate::judge).
    ///
    /// # Errors
    ///
    /// When the request or the journal cannot be read.
    pub async fn evidence(&self, id: &str) -> Result<Evidence, TestError> {
        let request = self.request(id).await?;
        Ok(Evidence {
            now: self.clock.now(),
            vanished: Vec::new(),
            approvals: evidence::approvals(self.emulator.activity()),
            runs: evidence::runs(self.journal.as_ref()).await?,
            ..Evidence::of(id, &request.status, &request.body, &self.vendor_calls())
        })
    }

    /// Returns the platform's client, with the vendor's key, for whatever else a test wants there.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the product that requests are for.
    #[must_use]
    pub fn product(&self) -> ProductId {
        self.emulator.product()
    }

    /// Returns the time of everybody.
    #[must_use]
    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// Returns what a life is made with that ends with its fuse, if it has one.
    pub(crate) fn life(&self, fuse: Option<&Fuse>) -> Result<Life, TestError> {
        let journal: Arc<dyn Journal> = Arc::clone(&self.journal) as _;
        let journal = match fuse {
            Some(fuse) => Arc::new(Faulty::new(journal, fuse.clone())),
            None => journal,
        };
        let rewrite = self.rewrite.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let way = |way: Way| way.with(fuse).rewritten(rewrite.clone());
        Ok(Life {
            client: client(&self.emulator, &self.clock, way(self.platform.clone()))?,
            journal: SharedJournal(journal),
            vendor: way(Way::new("vendor", self.vendor.clone())),
            clock: self.clock.clone(),
        })
    }

    /// Returns the same processor, by this world's clock and seed.
    pub(crate) fn processor<S: Send + Sync + 'static>(
        &self,
        made: Result<Processor<S>, BoxError>,
    ) -> Result<Processor<S>, TestError> {
        let made = made.map_err(TestError::NoProcessor)?;
        Ok(made.clock(self.clock.clone()).seed(SEED).worker("tested"))
    }
}

impl std::fmt::Debug for TestWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestWorld").field("now", &self.clock.now()).finish_non_exhaustive()
    }
}

fn client(emulator: &Emulator, clock: &VirtualClock, way: Way) -> Result<Client, TestError> {
    let doing = || TestError::platform("making a client");
    let key = ApiKey::new(&emulator.keys().vendor).map_err(doing())?;
    Client::builder("http://connect.localhost/public/v1", key)
        .transport(way)
        .clock(clock.clone())
        .seed(SEED)
        .build()
        .map_err(doing())
}
