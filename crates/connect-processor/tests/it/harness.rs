//! A platform with one pending request, and lives of a processor that end when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use connect_client::{ApiKey, Body, Call, Client, ServiceTransport, Transport, TransportError};
use connect_clock::{Clock, VirtualClock, saturating_shift};
use connect_contract::Guard;
use connect_emulator::{Config, Running};
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, MemoryJournal, RunId, RunState, RunView};
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::{AssetRequest, AssetRequestType, ParameterUpdate, RequestId, RequestStatus};
use connect_processor::{Backoff, Handler, Processor, Report};
use connect_world::Fixture;
use futures::future::BoxFuture;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};

/// How often each thing was done at the vendor's. Its effects are counted as they happen.
#[derive(Default)]
pub(crate) struct Vendor {
    pub(crate) calls: AtomicU32,
    pub(crate) looks: AtomicU32,
}

impl Vendor {
    pub(crate) fn calls(&self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn looks(&self) -> u32 {
        self.looks.load(Ordering::SeqCst)
    }

    /// An effect on the vendor's system.
    pub(crate) fn act(&self) -> u32 {
        self.calls.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// A look at the vendor's system: the value of the effect, if it happened.
    pub(crate) fn look(&self) -> Option<u32> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        Some(self.calls()).filter(|calls| *calls > 0)
    }
}

/// Calls of the platform, until a fuse blows.
#[derive(Debug)]
struct FusedTransport {
    inner: Box<dyn Transport>,
    fuse: Fuse,
}

impl Transport for FusedTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        Box::pin(async move {
            let name = format!("{} {}", request.method(), request.uri().path());
            let name = name.replace(|it: char| it.is_ascii_digit(), "");
            self.fuse.pass(format!("before {name}")).await;
            let answer = self.inner.send(request).await;
            self.fuse.pass(format!("after {name}")).await;
            answer
        })
    }
}

/// What all lives share.
pub(crate) struct Harness {
    pub(crate) emulator: Running,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) clock: VirtualClock,
    pub(crate) vendor: Arc<Vendor>,
    pub(crate) request: RequestId,
    // Holds every answer of the platform against its published document, in the end.
    _contract: Guard,
}

impl Harness {
    /// A platform with one pending resume request.
    pub(crate) async fn start() -> Self {
        let clock = VirtualClock::new(Timestamp::now());
        let config = Config { clock: Arc::new(clock.clone()), ..Config::default() };
        let emulator = connect_emulator::start(config).await.unwrap();
        let pending = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
        let request = emulator
            .platform()
            .seed(|world, at| world.seed_request(at, &pending))
            .await
            .unwrap()
            .unwrap();
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let _contract = Guard::over(emulator.activity());
        Self { emulator, journal, clock, vendor: Arc::default(), request, _contract }
    }

    /// A life that ends by itself.
    pub(crate) async fn live<H: Handler<AssetRequest, Arc<Vendor>>>(&self, handler: H) -> Report {
        self.life(handler, Fuse::never()).await.unwrap()
    }

    /// A life that ends at a point, and time passes until its leases have run out.
    pub(crate) async fn die_at<H: Handler<AssetRequest, Arc<Vendor>>>(
        &self,
        place: &str,
        handler: H,
    ) {
        self.die_at_time(1, place, handler).await;
    }

    /// The same, where the life comes to the point for the given time.
    pub(crate) async fn die_at_time<H: Handler<AssetRequest, Arc<Vendor>>>(
        &self,
        time: u32,
        place: &str,
        handler: H,
    ) {
        let died = self.life(handler, Fuse::at(Point::new(place, time))).await.is_none();
        assert!(died, "no life comes to {place}");
        self.clock.advance(Duration::from_secs(120));
    }

    async fn life<H>(&self, handler: H, fuse: Fuse) -> Option<Report>
    where
        H: Handler<AssetRequest, Arc<Vendor>>,
    {
        let journal = Faulty::new(Arc::clone(&self.journal), fuse.clone());
        let processor = self.processor(journal).on(AssetRequestType::Resume, handler);
        tokio::select! {
            report = processor.drain() => Some(report.unwrap()),
            () = fuse.blown() => None,
        }
    }

    /// A processor of this platform, without handlers. It is less patient than its backoff is long,
    /// so a life ends where somebody would have to [`wait`](Self::wait).
    pub(crate) fn processor(&self, journal: impl Journal) -> Processor<Arc<Vendor>> {
        let minute = Duration::from_secs(60);
        Processor::new(Arc::clone(&self.vendor), self.client(), Arc::new(journal))
            .clock(self.clock.clone())
            .backoff(Backoff { base: minute, cap: minute })
            .patience(Duration::from_secs(1))
    }

    /// With the vendor's key.
    pub(crate) fn client(&self) -> Client {
        let key = ApiKey::new(&self.emulator.keys().vendor).unwrap();
        Client::builder(&self.emulator.endpoint(), key).build().unwrap()
    }

    /// The same, whose calls pass a fuse before they are sent and once they are answered.
    pub(crate) fn client_through(&self, fuse: Fuse) -> Client {
        let key = ApiKey::new(&self.emulator.keys().vendor).unwrap();
        let inner = Box::new(ServiceTransport::new(self.emulator.service()));
        let transport = FusedTransport { inner, fuse };
        Client::builder(&self.emulator.endpoint(), key).transport(transport).build().unwrap()
    }

    /// Time passes as soon as somebody waits for no longer than this.
    pub(crate) async fn pass(&self, by: Duration) {
        while self.clock.next().is_none_or(|next| next > self.clock.monotonic() + by) {
            tokio::task::yield_now().await;
        }
        self.clock.advance(by);
    }

    /// Somebody sets the wall's clock thirty years forwards, back, further back, and right again,
    /// each in a second of its own.
    pub(crate) fn set_wall_when(&self, second: u64, seconds: [u64; 4]) {
        const THIRTY_YEARS: SignedDuration = SignedDuration::from_hours(30 * 365 * 24);
        let jumps = [THIRTY_YEARS, -THIRTY_YEARS, -THIRTY_YEARS, THIRTY_YEARS];
        for (when, jump) in seconds.into_iter().zip(jumps) {
            if when == second {
                self.clock.set(saturating_shift(self.clock.now(), jump));
            }
        }
    }

    /// Time passes until whatever waits is due.
    pub(crate) fn wait(&self) {
        self.clock.advance(Duration::from_secs(3600));
    }

    /// Somebody writes a parameter of the request, some time later.
    pub(crate) async fn change_request(&self) {
        self.wait();
        let update = RequestUpdate::params([ParameterUpdate::value("subscription_id", "t-7")]);
        let _: AssetRequest = self.client().update(self.request.as_str(), &update).await.unwrap();
    }

    /// Somebody has the request pending again, as the customer's answer to an inquiry does.
    pub(crate) async fn answer_inquiry(&self) {
        self.wait();
        let pend = Call::post(format!("requests/{}/pend", self.request));
        self.client().call(pend).await.unwrap();
    }

    /// Another request to resume the same subscription.
    pub(crate) async fn another_request(&self) -> String {
        let new = NewRequest::resume(&self.read().await.asset.id);
        let request: AssetRequest = self.client().create(&new).await.unwrap();
        request.id.to_string()
    }

    pub(crate) async fn run(&self) -> RunView {
        self.journal.run(&RunId::from(self.request.as_str())).await.unwrap().unwrap()
    }

    pub(crate) async fn state(&self) -> RunState {
        self.run().await.state
    }

    pub(crate) async fn read(&self) -> AssetRequest {
        self.client().get(self.request.as_str()).await.unwrap()
    }
}
