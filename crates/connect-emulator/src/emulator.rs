//! Starting and stopping the emulator.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::middleware::from_fn_with_state;
use connect_model::ProductId;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::activity::Activity;
use crate::calls::Calls;
use crate::control::{self, Control};
use crate::fault::Faults;
use crate::gate::{self, Caller, Gate};
use crate::media;
use crate::platform::Platform;
use crate::random;
use crate::rest;
use crate::store::StoreError;
use crate::ui::{self, Ui};
use connect_clock::{Clock, SystemClock};
use connect_world::Keys;
use connect_world::scenario::Scenario;
use connect_world::{Setting, WorldId};
use hangup::HangUpListener;

/// How long [`Running::stop`] waits for calls that are being answered.
const GRACE: Duration = Duration::from_secs(5);

/// How to start the emulator.
#[derive(Debug)]
pub struct Config {
    /// Where to listen; a free port of the loopback interface unless told otherwise. Whoever
    /// reaches the port and knows the keys of the scenario can do anything. The endpoints below
    /// `/emulator` answer without a key to this machine alone.
    pub listen: SocketAddr,
    /// The folder that keeps the world between two runs; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// What the world begins with when the folder holds none.
    pub scenario: Scenario,
    /// What time it is in the world.
    pub clock: Arc<dyn Clock>,
    /// Decides the id of a new world and every id and code in it: the same seed and the same calls
    /// give the same world. Without one each new world is another, as the system's randomness has
    /// it.
    pub seed: Option<u64>,
    /// How many calls the activity log keeps; 5,000 unless told otherwise.
    pub activity: usize,
    /// Whether lists refuse filters they do not know. Connect ignores them, and so does the
    /// emulator unless told otherwise: a misspelled filter then finds everything.
    pub strict: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            data: None,
            scenario: Scenario::demo(),
            clock: Arc::new(SystemClock),
            seed: None,
            activity: 5_000,
            strict: false,
        }
    }
}

/// The emulator could not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Somebody else listens on the address.
    #[error("{listen} is taken; stop what listens there, or choose another port (0: a free one)")]
    PortTaken {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system does not let this user listen on the address.
    #[error("no permission to listen on {listen}; choose a port above 1023 (0: a free one)")]
    NotPermitted {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The address cannot be listened on for another reason, such as being another machine's.
    #[error("cannot listen on {listen}; choose an address of this machine, such as 127.0.0.1")]
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system gives no random numbers, and new worlds and the pages need some.
    #[error("the system gives no random numbers: make its randomness readable to this program")]
    NoRandomness(#[source] io::Error),
    /// The folder of [`Config::data`] cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl StartError {
    fn listening(listen: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortTaken { listen, source },
            io::ErrorKind::PermissionDenied => Self::NotPermitted { listen, source },
            _ => Self::Listen { listen, source },
        }
    }
}

/// An emulator that answers calls; it stops when dropped.
pub struct Running {
    gate: Arc<Gate>,
    address: SocketAddr,
    keys: Keys,
    ui: Arc<Ui>,
    serving: JoinHandle<io::Result<()>>,
    // Never sent on: dropping it is what tells the server to stop.
    stop: oneshot::Sender<()>,
}

/// Starts an emulator. It answers as soon as this returns.
///
/// # Errors
///
/// [`StartError`] when it cannot listen on the address or use the folder.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let listening = |source| StartError::listening(config.listen, source);
    let listener = TcpListener::bind(config.listen).await.map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    let setting = setting(&config, url(address)).map_err(StartError::NoRandomness)?;
    let platform = open(config.scenario, setting, config.clock.clone(), config.data).await?;
    let activity = Arc::new(Activity::new(config.activity));
    let gate = Gate {
        platform,
        activity,
        faults: Faults::default(),
        clock: config.clock,
        calls: Calls::default(),
    };
    serve(Arc::new(gate), listener, address).map_err(StartError::NoRandomness)
}

/// What the world is given: with a seed its chance follows from it, else it is the system's.
fn setting(config: &Config, base_url: String) -> io::Result<Setting> {
    let chosen = match config.seed {
        Some(seed) => Setting::new(seed),
        None => {
            let seed = u64::from_le_bytes(random::bytes()?);
            let id = WorldId::of_bits(u128::from_le_bytes(random::bytes()?));
            Setting { id, ..Setting::new(seed) }
        }
    };
    Ok(Setting { base_url, strict: config.strict, ..chosen })
}

/// Reading a large world takes seconds, and must not hold up its caller's other tasks.
async fn open(
    scenario: Scenario,
    setting: Setting,
    clock: Arc<dyn Clock>,
    data: Option<PathBuf>,
) -> Result<Platform, StoreError> {
    tokio::task::spawn_blocking(move || Platform::open(scenario, setting, clock, data.as_deref()))
        .await
        .unwrap_or_else(|broken| resume_unwind(broken.into_panic()))
}

fn serve(gate: Arc<Gate>, listener: TcpListener, address: SocketAddr) -> io::Result<Running> {
    let ui =
        Ui::new(gate.platform.clone(), gate.activity.clone(), gate.clock.clone(), address.ip())?;
    let service = doors(&gate, address, ui.clone()).into_make_service_with_connect_info::<Caller>();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(
        axum::serve(HangUpListener(listener), service)
            .with_graceful_shutdown(async move { drop(stopped.await) })
            .into_future(),
    );
    let keys = gate.platform.keys();
    Ok(Running { gate, address, keys, ui, serving, stop })
}

/// All doors: Connect's API, the emulator's own endpoints beside it, and the pages.
fn doors(gate: &Arc<Gate>, address: SocketAddr, ui: Arc<Ui>) -> Router {
    let control =
        Control { gate: gate.clone(), listen: address.ip(), endpoint: endpoint(address).into() };
    rest::router()
        .with_state(gate.platform.clone())
        .layer(from_fn_with_state(gate.clone(), gate::pass))
        .merge(control::router(control))
        .merge(media::router(gate.platform.clone()))
        .merge(ui::router(ui))
}

/// The address for clients on this machine.
fn url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

fn endpoint(address: SocketAddr) -> String {
    format!("{}{}", url(address), rest::PREFIX)
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Running {
    /// The address it listens on, with the port the system chose.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// Where Connect's API is: what clients call the endpoint.
    #[must_use]
    pub fn endpoint(&self) -> String {
        endpoint(self.address)
    }

    /// The tokens of the scenario, as values of the `Authorization` header.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The token that the pages ask for, when the emulator listens on an address that others than
    /// this machine's users can reach.
    #[must_use]
    pub fn login(&self) -> Option<&str> {
        self.ui.login()
    }

    /// The product of the scenario.
    #[must_use]
    pub fn product(&self) -> ProductId {
        self.gate.platform.product()
    }

    /// The world and its store, for callers in the same process.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.gate.platform
    }

    /// What was asked and answered; who keeps it can still read it when the emulator has stopped.
    #[must_use]
    pub fn activity(&self) -> &Arc<Activity> {
        &self.gate.activity
    }

    /// How to make it misbehave.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.gate.faults
    }

    /// Stops listening and answers the calls in flight; what takes longer than 5 s is broken off.
    /// When this returns, the folder of [`Config::data`] is free for another emulator.
    pub async fn stop(self) {
        drop(self.stop);
        self.ui.close();
        let calls = &self.gate.calls;
        let all_answered = async {
            // A server that ended by itself is as stopped as one that was told to.
            let _ = self.serving.await;
            calls.all_answered().await;
        };
        if tokio::time::timeout(GRACE, all_answered).await.is_err() {
            calls.break_off();
            calls.all_answered().await;
        }
        self.gate.platform.close().await;
    }
}
